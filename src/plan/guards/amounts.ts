import { grantsWithout } from '../../model/closure.js';
import { isOrdinary, personAt } from '../../model/person.js';
import type { Refusal } from '../../model/refusal.js';
import { movesOf } from '../change.js';
import type { EndGuardInput, GuardInput } from './guard.js';
import { countCustomGrants, countPeople, customRoles } from './limit-bases.js';
import { limitRefusal } from './limits.js';
import type { PersonId } from '../../model/ids.js';

/** A deleted role cannot be restored with its id. Many deletions at once are probably a mistake. */
export function maxDeletes({ live, changes, policy }: GuardInput): Refusal | null {
  const deleted = changes.filter((change) => change.kind === 'role.delete');
  return limitRefusal('max-deletes', deleted.length, {
    limit: policy.maxDeletes,
    total: customRoles(live).length,
    key: 'policy.maxDeletes',
    message: (figure, limit) =>
      `${figure} ${figure === 1 ? 'role' : 'roles'} would be deleted, at most ${limit} may be`,
    items: deleted.map((change) => change.role ?? ''),
  });
}

/** A wrong list of members moves many people at once. Support and system accounts do not count. */
export function maxMoves({ changes, people, policy }: GuardInput): Refusal | null {
  return maxMoving({ moving: movingPeople(changes), people, policy });
}

/** The ids of all people that changes move. */
export function movingPeople(changes: GuardInput['changes']): ReadonlySet<PersonId> {
  return new Set(movesOf(changes).map(({ id }) => id));
}

/** `maxMoves` for a given set of people who move. */
export function maxMoving({
  moving,
  people,
  policy,
}: Pick<EndGuardInput, 'moving' | 'people' | 'policy'>): Refusal | null {
  const isCounted = (id: PersonId): boolean => {
    const person = personAt(people, id);
    return person !== undefined && isOrdinary(person);
  };
  const total = countPeople(people);
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
  const items: string[] = [];
  for (const role of customRoles(live)) {
    const after = end.roles.get(role.key);
    if (!after || after.grants === role.grants) continue;
    const count =
      grantsWithout(role.grants, after.grants).length + grantsWithout(after.grants, role.grants).length;
    changed += count;
    if (count > 0) items.push(`${after.name}: ${count}`);
  }
  return limitRefusal('max-grant-changes', changed, {
    limit: policy.maxGrantChanges,
    total: countCustomGrants(live, end),
    key: 'policy.maxGrantChanges',
    message: (figure, limit) =>
      `${figure} grants would be added to or removed from live custom roles, at most ${limit} may be`,
    items,
  });
}
