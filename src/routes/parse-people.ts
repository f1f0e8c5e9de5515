import type { PersonId, RoleId } from '../model/ids.js';
import type { Person, PersonKind } from '../model/person.js';
import type { Snapshot } from '../model/snapshot.js';
import { idFrom } from './parse-values.js';
import type { WireMember, WireRecord } from './wire.js';

/** The attributes that hold the kind and the role of an account, as user search names them. */
export const PERSON_ATTRIBUTES = ['roleId', 'isSystemUser', 'isPending', 'isActive'] as const;

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
  const fields = fieldsOf(wire);
  const isPending = flagFrom(fields.isPending) ?? false;
  const isSystem = flagFrom(fields.isSystemUser) ?? false;
  const isActive = flagFrom(fields.isActive) ?? true;
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
    email: emailFrom(wire.emailAddress ?? wire.email),
    name: typeof wire.displayName === 'string' ? wire.displayName : '',
    roleId: idFrom(role, () => `the role of person ${id}`),
    kind,
  };
}

/** Returns the acting person: the owner of the token. */
export function meFrom(wire: WireRecord): NonNullable<Snapshot['me']> {
  return {
    id: idFrom(wire.id, 'the acting person'),
    email: emailFrom(wire.emailAddress ?? wire.email ?? wire.userName),
    name: typeof wire.displayName === 'string' ? wire.displayName : '',
  };
}

/** Returns the ids of the accounts in a role, sorted. */
export function memberIdsFrom(members: readonly WireMember[], roleId: RoleId): PersonId[] {
  return members.map(({ userId }) => idFrom(userId, `a person of role ${roleId}`)).sort((a, b) => a - b);
}

/**
 * Returns the fields that define the kind and role of an account. They are top-level keys, or attributes as
 * `[{key, values}]`, where `values` is one value or a list of text or booleans.
 */
function fieldsOf(wire: WireRecord): Record<'roleId' | 'isPending' | 'isSystemUser' | 'isActive', unknown> {
  const { roleId, isPending, isSystemUser, isActive, attributes } = wire;
  const fields = { roleId, isPending, isSystemUser, isActive };
  if (!Array.isArray(attributes)) return fields;
  // From last to first, so that the first of two attributes with one key wins.
  for (let index = attributes.length - 1; index >= 0; index -= 1) {
    const entry = attributes[index] as unknown;
    if (typeof entry !== 'object' || entry === null) continue;
    const { key, values } = entry as WireRecord;
    const value = Array.isArray(values) ? (values as unknown[])[0] : values;
    if (value === undefined || value === null) continue;
    switch (key) {
      case 'roleId':
      case 'isPending':
      case 'isSystemUser':
      case 'isActive':
        fields[key] = value;
    }
  }
  return fields;
}

function flagFrom(value: unknown): boolean | null {
  if (value === true || value === 1 || value === '1') return true;
  if (value === false || value === 0 || value === '0') return false;
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  return word === 'true' ? true : word === 'false' ? false : null;
}

function emailFrom(value: unknown): string | null {
  const email = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return email.includes('@') ? email : null;
}
