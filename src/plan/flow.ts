import { byCodeUnit } from '../model/grant.js';
import type { RoleKey } from '../model/role.js';
import type { State } from '../model/state.js';

/**
 * People who share where they are before and after: whatever holds for one of them holds for all. The
 * acting person is a flow alone, since their own move may have to wait.
 */
export interface Flow {
  from: RoleKey;
  to: RoleKey;
  /** Person ids, ascending. */
  people: readonly number[];
  /** Is this the acting person? */
  me: boolean;
}

/** Everybody of both states as flows, in a fixed order. */
export function flowsOf(before: State, after: State, me: number | null): Flow[] {
  const flows: { id: string; from: RoleKey; to: RoleKey; people: number[]; me: boolean }[] = [];
  const open = (from: RoleKey, to: RoleKey, mine: boolean): number[] => {
    const people: number[] = [];
    flows.push({ id: `${mine ? '!' : ''}${from}\n${to}`, from, to, people, me: mine });
    return people;
  };
  // Found by two keys: one text for each person would cost more than all the rest.
  const known = new Map<RoleKey, Map<RoleKey, number[]>>();
  before.people.forEach((from, person) => {
    const to = after.people.get(person) ?? from;
    // Somebody whose role goes and who has no other is in no flow: that plan is refused (`no-destination`).
    if (!after.roles.has(to)) return;
    if (person === me) {
      open(from, to, true).push(person);
      return;
    }
    let targets = known.get(from);
    if (!targets) known.set(from, (targets = new Map<RoleKey, number[]>()));
    let people = targets.get(to);
    if (!people) targets.set(to, (people = open(from, to, false)));
    people.push(person);
  });
  return flows
    .sort((a, b) => byCodeUnit(a.id, b.id))
    .map(({ from, to, people, me: mine }) => ({ from, to, people: people.sort((a, b) => a - b), me: mine }));
}
