import type { Difference } from '../../diff/difference.js';
import type { Grant } from '../../model/grant.js';
import { addTo } from '../../model/group.js';
import { byCodeUnit } from '../../model/sort.js';
import { personAt } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import { peopleIn } from '../../model/placement.js';
import type { RoleKey } from '../../model/role.js';
import { roleAt } from '../../model/state.js';
import type { State } from '../../model/state.js';
import type { PersonId } from '../../model/ids.js';

/**
 * People with the same role before and the same role after: they share every result. The acting person is a separate
 * cohort, because their move may have to wait.
 */
export interface Cohort {
  from: RoleKey;
  to: RoleKey;
  /** The lists of these roles: the live one of the first, and the end state's of the second. */
  before: readonly Grant[];
  after: readonly Grant[];
  /** Sorted by id. */
  people: readonly Person[];
  /** Is this the acting person? */
  me: boolean;
}

/**
 * The people who move or whose role's grants change, and the acting person, in a fixed order. The access of all others
 * cannot change. Differences of people must be sorted by id.
 */
export function cohortsOf(
  { live, end }: { live: State; end: State },
  differences: readonly Difference[],
  me: PersonId | null,
): Cohort[] {
  const groups = cohortGroups({ live, end });
  const movers = new Set<PersonId>();
  for (const difference of differences) {
    if (difference.kind !== 'placement') continue;
    movers.add(difference.person);
    const person = personAt(live.people.read, difference.person);
    if (person && person.id !== me) groups.add(person, difference.from, difference.to);
  }
  for (const difference of differences) {
    if (difference.kind !== 'grants') continue;
    // At once: half of an instance may stay in roles whose grants change.
    const staying = peopleIn(live.people, [difference.before]);
    groups.addAll(
      staying.filter(({ id }) => id !== me && !movers.has(id)),
      difference.key,
    );
  }
  const acting = me === null ? null : actingCohort(me, { live, end });
  return [...(acting ? [acting] : []), ...groups.list()];
}

/** Null if their role is deleted without a destination: that plan is refused (`no-destination`). */
function actingCohort(me: PersonId, { live, end }: { live: State; end: State }): Cohort | null {
  const person = personAt(live.people.read, me);
  const from = person && live.people.of(person);
  if (!person || from === undefined) return null;
  const to = end.people.get(me) ?? from;
  if (!end.roles.has(to)) return null;
  const lists = { before: roleAt(live, from).grants, after: roleAt(end, to).grants };
  return { from, to, ...lists, people: [person], me: true };
}

/**
 * Groups people by role before and after, and sorts the groups by these. Uses nested maps, because a text key per person,
 * or comparing both roles of every pair of cohorts, would dominate the cost.
 */
function cohortGroups({ live, end }: { live: State; end: State }): {
  add: (person: Person, from: RoleKey, to: RoleKey) => void;
  /** Adds people who stay in a role; each role at most once. */
  addAll: (people: Person[], role: RoleKey) => void;
  list: () => Cohort[];
} {
  const groups = new Map<RoleKey, Map<RoleKey, Person[]>>();
  const targetsOf = (from: RoleKey): Map<RoleKey, Person[]> => {
    let targets = groups.get(from);
    if (!targets) groups.set(from, (targets = new Map<RoleKey, Person[]>()));
    return targets;
  };
  return {
    add: (person, from, to) => addTo(targetsOf(from), to, person),
    addAll: (people, role) => {
      if (people.length > 0) targetsOf(role).set(role, people);
    },
    list: () =>
      byKey(groups).flatMap(([from, targets]) => {
        const before = roleAt(live, from).grants;
        return byKey(targets).map(([to, people]): Cohort => {
          const after = roleAt(end, to).grants;
          return { from, to, before, after, people, me: false };
        });
      }),
  };
}

function byKey<V>(map: ReadonlyMap<RoleKey, V>): [RoleKey, V][] {
  // Not by destructuring, which allocates for each comparison.
  return [...map].sort((a, b) => byCodeUnit(a[0], b[0]));
}
