import type { Difference } from '../../diff/difference.js';
import { byCodeUnit } from '../../model/sort.js';
import { peopleIn } from '../../model/placement.js';
import type { RoleKey } from '../../model/role.js';
import type { State } from '../../model/state.js';

/**
 * People who share where they are before and after: whatever holds for one of them holds for all. The
 * acting person is a flow alone, since their own move may have to wait.
 */
export interface Cohort {
  from: RoleKey;
  to: RoleKey;
  /** Person ids, ascending. */
  people: readonly number[];
  /** Is this the acting person? */
  me: boolean;
}

/**
 * Flows from live state to the end, in a fixed order: everybody who moves, or whose role comes to hold another
 * list, and the acting person. Nothing can happen to the others.
 */
export function cohortsOf(
  { live, end }: { live: State; end: State },
  differences: readonly Difference[],
  me: number | null,
): Cohort[] {
  const flows: { id: string; from: RoleKey; to: RoleKey; people: number[]; me: boolean }[] = [];
  const open = (from: RoleKey, to: RoleKey, mine: boolean): number[] => {
    const people: number[] = [];
    flows.push({ id: `${mine ? '!' : ''}${from}\n${to}`, from, to, people, me: mine });
    return people;
  };
  // Found by two keys: one text for each person would cost more than all the rest.
  const known = new Map<RoleKey, Map<RoleKey, number[]>>();
  const goes = (id: number, from: RoleKey, to: RoleKey): void => {
    if (id === me) return;
    let targets = known.get(from);
    if (!targets) known.set(from, (targets = new Map<RoleKey, number[]>()));
    let people = targets.get(to);
    if (!people) targets.set(to, (people = open(from, to, false)));
    people.push(id);
  };
  const movers = new Set<number>();
  for (const difference of differences) {
    if (difference.kind !== 'placement') continue;
    movers.add(difference.person);
    goes(difference.person, difference.from, difference.to);
  }
  for (const difference of differences) {
    if (difference.kind !== 'grants') continue;
    const { key } = difference;
    for (const { id } of peopleIn(live.people, [difference.before])) if (!movers.has(id)) goes(id, key, key);
  }
  const from = me === null ? undefined : live.people.get(me);
  if (me !== null && from !== undefined) {
    const to = end.people.get(me) ?? from;
    // Somebody whose role goes and who has no other is in no flow: that plan is refused (`no-destination`).
    if (end.roles.has(to)) open(from, to, true).push(me);
  }
  return flows
    .sort((a, b) => byCodeUnit(a.id, b.id))
    .map(({ from: before, to, people, me: mine }) => ({
      from: before,
      to,
      people: people.sort((a, b) => a - b),
      me: mine,
    }));
}
