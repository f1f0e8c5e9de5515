import type { PersonId, RoleId } from '../model/ids.js';
import type { Person, PersonKind } from '../model/person.js';
import type { Snapshot } from '../model/snapshot.js';
import { badAnswer, flagFrom, idFrom, listFrom, textFrom, type Description } from './parse-values.js';
import type { WireMember, WireRecord } from './wire.js';
import { isRecord } from '../model/record.js';

/** The attributes that hold the kind and the role of an account, as user search names them. */
export const PERSON_ATTRIBUTES = ['roleId', 'isSystemUser', 'isPending', 'isActive'] as const;

/** Describes the values of a person in messages. */
const OF_PERSON = {
  address: ofPerson('the address'),
  attribute: ofPerson('an attribute'),
  attributes: ofPerson('the attributes'),
  name: ofPerson('the name'),
  role: ofPerson('the role'),
  roleId: ofPerson('roleId'),
  isSystemUser: ofPerson('isSystemUser'),
  isPending: ofPerson('isPending'),
  isActive: ofPerson('isActive'),
};

function ofPerson(what: string): (id: PersonId) => string {
  return (id) => `${what} of person ${id}`;
}

/** An account that a search found: a person, or a deleted account. */
export type FoundAccount = Person | { id: PersonId; kind: 'gone' };

/** Returns an account of user search. */
export function accountFrom(wire: WireRecord, search: 'active' | 'support'): FoundAccount {
  return personFrom(wire, search) ?? { id: idFrom(wire.id, 'a person'), kind: 'gone' };
}

/**
 * Returns a person of user search; null for a deleted one. `search` is the search that found them: accounts that only a
 * search for support accounts finds are support accounts.
 */
export function personFrom(wire: WireRecord, search: 'active' | 'support' = 'active'): Person | null {
  const id = idFrom(wire.id, 'a person');
  const fields = fieldsOf(wire, id);
  const isPending = flagFrom(fields.isPending, OF_PERSON.isPending, id) ?? false;
  const isSystem = flagFrom(fields.isSystemUser, OF_PERSON.isSystemUser, id) ?? false;
  const isActive = flagFrom(fields.isActive, OF_PERSON.isActive, id) ?? true;
  if (!isActive && !isPending && !isSystem) return null;
  const role = fields.roleId;
  // A system account may have no role. It is never listed, so it can be left out.
  if (isSystem && (role === undefined || role === null)) return null;
  const kind: PersonKind = isSystem
    ? 'system'
    : search === 'support'
      ? 'support'
      : isPending
        ? 'pending'
        : 'active';
  return {
    id,
    email: emailFrom(wire.emailAddress ?? wire.email, OF_PERSON.address, id),
    name: textFrom(wire.displayName, OF_PERSON.name, id),
    roleId: idFrom(role, OF_PERSON.role, id),
    kind,
  };
}

/** Returns the acting person: the owner of the token. */
export function meFrom(wire: WireRecord): NonNullable<Snapshot['me']> {
  return {
    id: idFrom(wire.id, 'the acting person'),
    email: emailFrom(wire.emailAddress ?? wire.email ?? wire.userName, 'the address of the acting person'),
    name: textFrom(wire.displayName, 'the name of the acting person'),
  };
}

/** Returns the ids of the accounts in a role, sorted. */
export function memberIdsFrom(members: readonly WireMember[], roleId: RoleId): PersonId[] {
  return members.map(({ userId }) => idFrom(userId, `a person of role ${roleId}`)).sort((a, b) => a - b);
}

/** The fields that define the kind and the role of an account. */
type AccountFields = Record<(typeof PERSON_ATTRIBUTES)[number], unknown>;

/**
 * Returns the fields that define the kind and the role of an account. They are top-level keys, or attributes as
 * `[{key, values}]`, where `values` is one value or a list of one. Raises `bad-answer` for anything else: an account of
 * unknown kind or role must not be taken for an active person.
 */
function fieldsOf(wire: WireRecord, id: PersonId): AccountFields {
  const { roleId, isPending, isSystemUser, isActive } = wire;
  const fields: AccountFields = { roleId, isPending, isSystemUser, isActive };
  const seen: string[] = [];
  for (const entry of listFrom(wire.attributes, OF_PERSON.attributes, id)) {
    const key = isRecord(entry) ? entry.key : null;
    if (!isRecord(entry) || typeof key !== 'string') throw badAnswer(`${OF_PERSON.attribute(id)} has no key`);
    if (!isPersonAttribute(key)) continue;
    const value = singleValue(entry.values);
    if (value === null) continue;
    if (value === SEVERAL || (fields[key] !== value && seen.includes(key)))
      throw badAnswer(`${OF_PERSON[key](id)} has two values`);
    fields[key] = value;
    seen.push(key);
  }
  return fields;
}

function isPersonAttribute(key: string): key is keyof AccountFields {
  return (PERSON_ATTRIBUTES as readonly string[]).includes(key);
}

/** Stands for different values in one attribute. */
const SEVERAL = Symbol('several');

/** The value of an attribute; null if it has none. */
function singleValue(values: unknown): unknown {
  if (!Array.isArray(values)) return values ?? null;
  const [first] = values as readonly unknown[];
  if (values.length === 1) return first ?? null;
  return values.every((value) => value === first) ? (first ?? null) : SEVERAL;
}

/** Returns an address in lower case. Null for a user name that is no address. */
function emailFrom(value: unknown, what: Description, owner = 0): string | null {
  const email = textFrom(value, what, owner).trim().toLowerCase();
  return email.includes('@') ? email : null;
}
