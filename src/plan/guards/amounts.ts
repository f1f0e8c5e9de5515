import { without } from '../../model/closure.js';
import { isOrdinary, personAt } from '../../model/person.js';
import type { Refusal } from '../../model/refusal.js';
import { isSystemRole } from '../../model/role.js';
import type { GuardInput } from './guard.js';
import { limitRefusal } from './limits.js';

/** A deleted role cannot be restored under its id. Many deletions at once are more likely a mistake than a wish. */
export function maxDeletes({ live, changes, policy }: GuardInput): Refusal | null {
  const deleted = changes.filter((change) => change.kind === 'role.delete');
  // System roles cannot be deleted, so they are not part of what a limit is a share of.
  const custom = [...live.roles.values()].filter((role) => !isSystemRole(role.id)).length;
  return limitRefusal('max-deletes', deleted.length, {
    limit: policy.maxDeletes,
    total: custom,
    key: 'policy.maxDeletes',
    message: (figure, limit) =>
      `${figure} ${figure === 1 ? 'role' : 'roles'} would be deleted, at most ${limit} may be`,
    items: deleted.map((change) => change.role ?? ''),
  });
}

/** A wrong list of members moves many people at once. Support and system accounts are not counted. */
export function maxMoves({ changes, people, policy }: GuardInput): Refusal | null {
  const moving = new Set(
    changes.flatMap((change) => (change.kind === 'members.move' ? change.people.map(({ id }) => id) : [])),
  );
  const isCounted = (id: number): boolean => {
    const person = personAt(people, id);
    return person !== undefined && isOrdinary(person);
  };
  const total = people.filter(isOrdinary).length;
  return limitRefusal('max-moves', [...moving].filter(isCounted).length, {
    limit: policy.maxMoves,
    total,
    key: 'policy.maxMoves',
    message: (figure, limit) => `${figure} of ${total} people would change role, at most ${limit} may`,
    items: [],
  });
}

/** A wrong list of grants changes what many people can do. Roles that a plan creates or deletes do not count. */
export function maxGrantChanges({ live, end, policy }: GuardInput): Refusal | null {
  let changed = 0;
  let held = 0;
  const items: string[] = [];
  for (const [key, role] of live.roles) {
    const after = end.roles.get(key);
    // The grants of system roles cannot change, so they are not part of what a limit is a share of.
    if (!after || isSystemRole(role.id)) continue;
    held += role.grants.length;
    if (after.grants === role.grants) continue;
    const count = without(role.grants, after.grants).length + without(after.grants, role.grants).length;
    changed += count;
    if (count > 0) items.push(`${after.name}: ${count}`);
  }
  return limitRefusal('max-grant-changes', changed, {
    limit: policy.maxGrantChanges,
    total: held,
    key: 'policy.maxGrantChanges',
    message: (figure, limit) =>
      `${figure} grants would be added to or removed from live custom roles, at most ${limit} may be`,
    items,
  });
}
