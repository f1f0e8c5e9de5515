import { nearName } from '../../model/near-name.js';
import { moveAside, moveBack, refOf, stepFinder } from './order-renames.js';
import type { NameStep, Rename } from './order-renames.js';

/**
 * Returns the steps with those that come after the deletes: of roles that get the name of a role that the plan deletes,
 * or nearly that name, because an instance may hold near names to be equal. Roles that wait for such a role wait as
 * well.
 *
 * Roles are created before anyone moves into them. So a role that gives its name to a new one cannot wait: it takes a
 * temporary name first, and gets its own after the deletes. `nameAside` returns the temporary name.
 */
export function waitForDeletes(
  ordered: readonly NameStep[],
  deletedNames: readonly string[],
  nameAside: (step: Rename) => string,
): { steps: readonly NameStep[]; late: ReadonlySet<NameStep> } {
  const deleted = new Set(deletedNames.map(nearName));
  const isBlocked = ({ before, after }: NameStep): boolean =>
    before !== null && before.name !== after.name && deleted.has(nearName(after.name));
  let steps = ordered;
  for (;;) {
    const urgent = urgentSteps(steps);
    const blocked = steps.find((step): step is Rename => urgent.has(step) && isBlocked(step));
    if (!blocked) return { steps, late: lateSteps(steps, urgent, isBlocked) };
    steps = withStepAside(steps, blocked, nameAside(blocked));
  }
}

/** Adds a step that gives the role a temporary name. Steps that wait for the role then wait for this step only. */
function withStepAside(steps: readonly NameStep[], step: Rename, name: string): NameStep[] {
  const away = moveAside(step, name);
  const { role, temporary } = refOf(step);
  return steps.flatMap((one): NameStep[] => {
    if (one === step) return [away, moveBack(step, away)];
    const waitsFor = one.waitsFor.map((first) =>
      first.role === role && first.temporary === temporary ? refOf(away) : first,
    );
    return [{ ...one, waitsFor }];
  });
}

function lateSteps(
  steps: readonly NameStep[],
  urgent: ReadonlySet<NameStep>,
  isBlocked: (step: NameStep) => boolean,
): ReadonlySet<NameStep> {
  const late = new Set<NameStep>();
  const find = stepFinder(steps);
  const isWaiting = ({ waitsFor }: NameStep): boolean => waitsFor.some((ref) => late.has(find(ref)));
  // Unless a new role needs its name, a role takes a temporary name only when it can also get its own.
  const isEarlyHalf = ({ temporary, role }: NameStep): boolean =>
    temporary && [...late].some((other) => other.role.key === role.key);
  const isLate = (step: NameStep): boolean =>
    !urgent.has(step) && (isBlocked(step) || isEarlyHalf(step) || isWaiting(step));
  for (let known = -1; known < late.size;) {
    known = late.size;
    for (const step of steps) if (isLate(step)) late.add(step);
  }
  return late;
}

/** The steps that create roles, and all that they wait for. */
function urgentSteps(steps: readonly NameStep[]): ReadonlySet<NameStep> {
  const find = stepFinder(steps);
  const urgent = new Set(steps.filter(({ before }) => before === null));
  // Iterating a set also visits members added meanwhile.
  for (const { waitsFor } of urgent) for (const ref of waitsFor) urgent.add(find(ref));
  return urgent;
}
