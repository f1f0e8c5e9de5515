import { addTo } from '../../model/group.js';
import { personAt, refText } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import type { AcceptedDrift, PersonRef } from '../../model/policy.js';
import { liveKey } from '../../model/role.js';
import type { Snapshot } from '../../model/snapshot.js';
import { byCodeUnit } from '../../model/sort.js';
import { isEnd } from '../../model/standing.js';
import type { AcceptedPerson } from '../../model/standing.js';
import type { Desired } from '../desired.js';
import { acceptedPeople } from '../people/accepted-people.js';
import { personFinder } from '../people/find-people.js';

/** The two sides of accepted drift: the manifest resolved as if nothing were accepted, and live state. */
export interface AcceptedSides {
  full: Desired;
  snapshot: Snapshot;
}

/** The people that one entry of accepted drift accepts under one role. */
interface AcceptedMembers {
  role: string;
  people: readonly AcceptedPerson[];
}

/** The people that one entry about members accepts, and the entry's own people without a difference. */
interface FoundMembers {
  byRole: readonly AcceptedMembers[];
  unmatched: readonly string[];
}

/**
 * The people whose role an entry leaves unchanged, under the role that it names and under the other role concerned.
 */
export function acceptedMembers(entry: AcceptedDrift, { full, snapshot }: AcceptedSides): FoundMembers {
  const find = personFinder(snapshot.people.list);
  const kept = acceptedPeople([entry], find);
  const own = entry.role;
  if (own === null) return { byRole: [], unmatched: [] };
  const byRole = new Map<string, AcceptedPerson[]>([[own, []]]);
  const matched: PersonRef[] = [];
  for (const { person, from, to } of differences(full, snapshot)) {
    const concerned = [from, ...(to === null ? [] : [to])];
    if (!concerned.includes(own) || !kept.covers(own, person)) continue;
    matched.push({ id: person.id }, ...(person.email === null ? [] : [{ email: person.email }]));
    for (const role of concerned) addTo(byRole, role, { id: person.id, email: person.email, from, to });
  }
  for (const { role, ref } of full.findings.missingIn) {
    if (role !== own || !kept.coversEntry(own, ref)) continue;
    matched.push(ref);
    const [id, email] = 'id' in ref ? [ref.id, null] : [null, ref.email];
    addTo(byRole, own, { id, email, from: null, to: own });
  }
  return {
    byRole: [...byRole].flatMap(([role, people]) =>
      people.length > 0 ? [{ role, people: people.sort(byPerson) }] : [],
    ),
    unmatched: (entry.people ?? []).filter((ref) => !matched.some((one) => isSame(one, ref))).map(refText),
  };
}

/** All people who are not in the role that the manifest wants: their current role, and the role that lists them. */
function* differences(
  { target, findings }: Desired,
  { people }: Snapshot,
): Generator<{ person: Person; from: string; to: string | null }> {
  const { roles, people: placement } = target.state;
  const ids = new Set([...placement.moved.keys(), ...findings.unplaced]);
  for (const id of ids) {
    const person = personAt(people.list, id);
    // People whose role is deleted must leave it, accepted or not.
    const from = person && roles.get(liveKey(person.roleId));
    const why = target.why.get(id);
    if (!person || !from || (why && isEnd(why))) continue;
    const key = why === 'listed' ? placement.moved.get(id) : null;
    const to = key == null ? undefined : roles.get(key);
    yield { person, from: from.name, to: to?.name ?? null };
  }
}

function byPerson(a: AcceptedPerson, b: AcceptedPerson): number {
  return (a.id ?? Infinity) - (b.id ?? Infinity) || byCodeUnit(a.email ?? '', b.email ?? '');
}

function isSame(one: PersonRef, other: PersonRef): boolean {
  return 'id' in one ? 'id' in other && one.id === other.id : one.email === other.email;
}
