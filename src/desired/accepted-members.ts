import { byCodeUnit } from '../model/sort.js';
import type { AcceptedDrift, PersonRef } from '../model/policy.js';
import { personAt } from '../model/person.js';
import type { Person } from '../model/person.js';
import { liveKey } from '../model/role.js';
import type { AcceptedPerson, UnmanagedRole } from '../model/standing.js';
import type { State } from '../model/state.js';
import type { Snapshot } from '../model/snapshot.js';
import { acceptedPeople } from './accepted-people.js';
import { finder } from './end-members.js';
import type { EndMembers } from './end-members.js';

/** The end state as it would be if nothing were accepted, and what was found on the way to it. */
export interface WithoutAccepted {
  state: State;
  why: EndMembers['why'];
  homeless?: ReadonlySet<number>;
  missingIn?: EndMembers['missingIn'];
  unmanaged: readonly UnmanagedRole[];
}

/** What one entry of accepted drift lets through under one role. */
export interface AcceptedMembers {
  role: string;
  people: readonly AcceptedPerson[];
}

/** What one entry about members lets through, and whom of its own people it does not meet. */
export interface FoundMembers {
  byRole: readonly AcceptedMembers[];
  unmatched: readonly string[];
}

/**
 * Everybody whom an entry keeps where they are, under the role that it names and under the other role concerned.
 */
export function acceptedMembers(
  entry: AcceptedDrift,
  { full, snapshot }: { full: WithoutAccepted; snapshot: Snapshot },
): FoundMembers {
  const find = finder(snapshot.people.list);
  const kept = acceptedPeople([entry], find);
  const own = entry.role ?? '';
  const byRole = new Map<string, AcceptedPerson[]>([[own, []]]);
  const met: PersonRef[] = [];
  for (const { person, from, to } of differences(full, snapshot)) {
    const concerned = [from, ...(to === null ? [] : [to])];
    if (!concerned.includes(own) || !kept.covers(own, person)) continue;
    met.push({ id: person.id }, ...(person.email === null ? [] : [{ email: person.email }]));
    for (const role of concerned) add(byRole, role, { id: person.id, email: person.email, from, to });
  }
  for (const { role, ref } of full.missingIn ?? []) {
    if (role !== own || !kept.coversEntry(own, ref)) continue;
    met.push(ref);
    const [id, email] = 'id' in ref ? [ref.id, null] : [null, ref.email];
    add(byRole, own, { id, email, from: null, to: own });
  }
  return {
    byRole: [...byRole].flatMap(([role, people]) =>
      people.length > 0 ? [{ role, people: people.sort(byPerson) }] : [],
    ),
    unmatched: (entry.people ?? [])
      .filter((ref) => !met.some((one) => isSame(one, ref)))
      .map((ref) => ('id' in ref ? `id ${ref.id}` : ref.email)),
  };
}

/** Everybody who is elsewhere than the manifest wants them: where they are, and the role that lists them. */
function* differences(
  full: WithoutAccepted,
  { people }: Snapshot,
): Generator<{ person: Person; from: string; to: string | null }> {
  const { roles, people: placement } = full.state;
  const ids = new Set([...placement.moved.keys(), ...(full.homeless ?? [])]);
  for (const id of ids) {
    const person = personAt(people.list, id);
    // People whose role is deleted have to leave it, accepted or not.
    const from = person && roles.get(liveKey(person.roleId));
    if (!person || !from) continue;
    const key = full.why.get(id) === 'listed' ? placement.moved.get(id) : null;
    const to = key == null ? undefined : roles.get(key);
    yield { person, from: from.name, to: to?.name ?? null };
  }
}

function add(byRole: Map<string, AcceptedPerson[]>, role: string, person: AcceptedPerson): void {
  const list = byRole.get(role);
  if (list) list.push(person);
  else byRole.set(role, [person]);
}

function byPerson(a: AcceptedPerson, b: AcceptedPerson): number {
  return (a.id ?? Infinity) - (b.id ?? Infinity) || byCodeUnit(a.email ?? '', b.email ?? '');
}

function isSame(one: PersonRef, other: PersonRef): boolean {
  if ('id' in one) return 'id' in other && one.id === other.id;
  return 'email' in other && one.email === other.email;
}
