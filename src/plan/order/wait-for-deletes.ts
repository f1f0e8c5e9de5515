import { nearName } from '../../model/names.js';
import type { RoleKey } from '../../model/role-id.js';
import type { NameStep } from './order-renames.js';

/**
 * Which roles get their name only after the deletes: a role that the plan deletes has that name, or nearly, and an
 * instance may hold near names to be equal. Roles that wait for such a role wait as well.
 *
 * Roles are created before anyone moves into them. So a role that gives its name to a new one never waits.
 */
export function rolesRenamedLate(
  steps: readonly NameStep[],
  deletedNames: readonly string[],
): ReadonlySet<RoleKey> {
  const deleted = new Set(deletedNames.map(nearName));
  const urgent = withAllBelow(steps.filter(({ before }) => before === null));
  const late = new Set<RoleKey>();
  const isLate = ({ before, after, role, waitsFor }: NameStep): boolean =>
    before !== null &&
    !urgent.has(role.key) &&
    ((before.name !== after.name && deleted.has(nearName(after.name))) ||
      waitsFor.some((first) => late.has(first.role.key)));
  // A role with a temporary name has two steps, and the first must not come without the second.
  for (let known = -1; known < late.size;) {
    known = late.size;
    for (const step of steps) if (isLate(step)) late.add(step.role.key);
  }
  return late;
}

/** The roles of these steps, and of all steps that they wait for. */
function withAllBelow(steps: readonly NameStep[]): ReadonlySet<RoleKey> {
  const all = new Set(steps);
  for (const step of all) for (const first of step.waitsFor) all.add(first);
  return new Set([...all].map(({ role }) => role.key));
}
