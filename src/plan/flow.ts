import equal from 'fast-deep-equal';
import { byCodeUnit } from '../model/grant.js';
import { peopleByRole, personAt } from '../model/person.js';
import type { Person } from '../model/person.js';
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

/**
 * Flows of both states, in a fixed order: everybody who moves, or whose role comes to hold another list, and the
 * acting person. Nothing can happen to the others.
 */
export function flowsOf(before: State, after: State, me: number | null): Flow[] {
  const flows: { id: string; from: RoleKey; to: RoleKey; people: number[]; me: boolean }[] = [];
  const open = (from: RoleKey, to: RoleKey, mine: boolean): number[] => {
    const people: number[] = [];
    flows.push({ id: `${mine ? '!' : ''}${from}\n${to}`, from, to, people, me: mine });
    return people;
  };
  // Found by two keys: one text for each person would cost more than all the rest.
  const known = new Map<RoleKey, Map<RoleKey, number[]>>();
  const { read } = before.people;
  for (const person of concerned(before, after, me)) {
    const from = before.people.of(person);
    if (from === undefined) continue;
    const to = (read === after.people.read ? after.people.of(person) : after.people.get(person.id)) ?? from;
    // Somebody whose role goes and who has no other is in no flow: that plan is refused (`no-destination`).
    if (!after.roles.has(to)) continue;
    if (person.id === me) {
      open(from, to, true).push(person.id);
      continue;
    }
    let targets = known.get(from);
    if (!targets) known.set(from, (targets = new Map<RoleKey, number[]>()));
    let people = targets.get(to);
    if (!people) targets.set(to, (people = open(from, to, false)));
    people.push(person.id);
  }
  return flows
    .sort((a, b) => byCodeUnit(a.id, b.id))
    .map(({ from, to, people, me: mine }) => ({ from, to, people: people.sort((a, b) => a - b), me: mine }));
}

/** Who moves, or sees their role change. */
function concerned(before: State, after: State, me: number | null): readonly Person[] {
  const { read } = before.people;
  if (read !== after.people.read || before.people.moved.size > 0) return read;
  const were = peopleByRole(read);
  const changing = [...before.roles.values()].filter(
    (role) => !equal(role.grants, after.roles.get(role.key)?.grants),
  );
  const found = changing.flatMap(({ id }) => (id === null ? [] : (were.get(id) ?? [])));
  const seen = new Set(changing.map(({ id }) => id));
  for (const id of new Set([...after.people.moved.keys(), ...(me === null ? [] : [me])])) {
    const person = personAt(read, id);
    if (person && !seen.has(person.roleId)) found.push(person);
  }
  return found;
}
