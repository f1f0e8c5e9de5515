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
  const flows = new Map<string, { from: RoleKey; to: RoleKey; people: number[]; me: boolean }>();
  for (const [person, from] of before.people) {
    const to = after.people.get(person) ?? from;
    const mine = person === me;
    const id = `${mine ? '!' : ''}${from}\n${to}`;
    const flow = flows.get(id);
    if (flow) flow.people.push(person);
    else flows.set(id, { from, to, people: [person], me: mine });
  }
  return [...flows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, flow]) => ({ ...flow, people: flow.people.sort((a, b) => a - b) }));
}
