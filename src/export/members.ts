import { byCodeUnit } from '../model/sort.js';
import { isOrdinary } from '../model/person.js';
import type { Person } from '../model/person.js';
import type { Snapshot } from '../model/snapshot.js';
import { canExpressAddress, canExpressId } from './expressible.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** A person in the manifest. */
export interface ExportedPerson {
  id: PersonId;
  /** Null if the person is named by id. */
  email: string | null;
  /** The person's name and the reason for the id; null with an address. */
  comment: string | null;
}

/** The members of one role in the manifest. */
export interface ExportedMembers {
  /** Addresses first, sorted, then ids. */
  people: readonly ExportedPerson[];
  /** People that this manifest cannot name. */
  inexpressible: number;
}

/**
 * The active and pending people of each role, by role id. People are named by address if it is unique, else by id if
 * `ids` allows it. Null if not everyone was read, because the lists would be incomplete.
 */
export function membersByRole(
  people: Snapshot['people'],
  { ids }: { ids: boolean },
): ReadonlyMap<RoleId, ExportedMembers> | null {
  if (people.scope !== 'all') return null;
  const ordinary = people.list.filter(isOrdinary);
  const holders = new Map<string, number>();
  for (const { email } of ordinary) if (email !== null) holders.set(email, (holders.get(email) ?? 0) + 1);
  const roles = new Map<RoleId, { people: ExportedPerson[]; inexpressible: number }>();
  for (const person of ordinary) {
    const role = roles.get(person.roleId) ?? { people: [], inexpressible: 0 };
    const exported = exportPerson(person, holders);
    if (exported && (ids || exported.email !== null)) role.people.push(exported);
    else role.inexpressible += 1;
    roles.set(person.roleId, role);
  }
  for (const role of roles.values()) role.people.sort(byPerson);
  return roles;
}

function exportPerson(
  { id, email, name }: Person,
  holders: ReadonlyMap<string, number>,
): ExportedPerson | null {
  if (email !== null && canExpressAddress(email) && holders.get(email) === 1)
    return { id, email, comment: null };
  if (!canExpressId(id)) return null;
  if (email === null) return { id, email: null, comment: `${name}, without an address` };
  const why = canExpressAddress(email) ? 'which others have too' : 'which a manifest cannot express';
  return { id, email: null, comment: `${name}, ${email}, ${why}` };
}

function byPerson(a: ExportedPerson, b: ExportedPerson): number {
  if (a.email !== null) return b.email === null ? -1 : byCodeUnit(a.email, b.email);
  return b.email === null ? a.id - b.id : 1;
}
