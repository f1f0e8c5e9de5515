import type { Quirks } from './quirks.js';
import type { SandboxUser } from './state.js';
import type { Tables } from './tables.js';

type Row = Record<string, unknown>;
type Value = string | number | boolean | null;

/** Default creation time of accounts: 2025-01-06T08:00:00Z. */
export const DEFAULT_CREATED_AT = 1_736_150_400_000;

const MEMBER_FIELDS = ['department', 'jobTitle', 'hireDate', 'location'];

/** Returns a person as in the member list of a role. */
export function memberRow(user: SandboxUser, quirks: Quirks): Row {
  const row: Row = { userId: user.id, email: user.email, displayName: user.displayName, roleId: user.roleId };
  for (const [index, field] of MEMBER_FIELDS.entries()) {
    if (!quirks.nullAttributes) row[field] = attributeOf(user, field);
    // Alternates between null and missing from one person to the next.
    else if ((user.id + index) % 2 === 0) row[field] = null;
  }
  return row;
}

/** Returns a person as in `identity/v1/users` and user search. */
export function userRow(user: SandboxUser): Row {
  const { id, displayName, email, roleId } = user;
  return { id, displayName, userName: email, emailAddress: email, roleId };
}

/** Returns a person as in `content/v2/users`. Recorded responses have no role (docs/reference/domo-api.md). */
export function contentRow(user: SandboxUser): Row {
  const { id, displayName, email } = user;
  return {
    id,
    invitorUserId: attributeOf(user, 'invitorUserId'),
    displayName,
    department: attributeOf(user, 'department'),
    title: attributeOf(user, 'jobTitle'),
    userName: email,
    emailAddress: email,
    avatarKey: attributeOf(user, 'avatarKey'),
    accepted: !user.isPending,
    userType: 'USER',
    modified: attributeOf(user, 'modified'),
    // As in recorded responses: in seconds, although `modified` is in milliseconds.
    created: Math.floor(Number(attributeOf(user, 'created')) / 1000),
    active: !user.deleted,
    pending: user.isPending,
    anonymous: false,
    systemUser: user.isSystemUser,
  };
}

/** Returns a person as in `content/v3/users`: with the role, and on request with details. */
export function personRow(tables: Tables, user: SandboxUser, { withDetails }: { withDetails: boolean }): Row {
  const { id, displayName, email, roleId } = user;
  const role = tables.role(roleId)?.name ?? null;
  const avatarKey = attributeOf(user, 'avatarKey');
  const row = { id, displayName, userName: email, emailAddress: email, avatarKey, roleId, role };
  if (!withDetails) return row;
  const [title, department] = ['jobTitle', 'department'].map((key) => attributeOf(user, key));
  return { ...row, detail: { email, title, department, pending: user.isPending, active: !user.deleted } };
}

/** Returns a person as in the typeahead. */
export function typeaheadRow(user: SandboxUser): Row {
  const { id, displayName, email } = user;
  return { id, displayName, email, avatarKey: attributeOf(user, 'avatarKey') };
}

const BUILT_IN = [
  'id',
  'displayName',
  'userName',
  'emailAddress',
  'roleId',
  'isSystemUser',
  'isPending',
  'isActive',
  'isAnonymous',
  'created',
  'modified',
  'lastActivity',
  'avatarKey',
  'invitorUserId',
  'title',
];

/** Returns the attributes to show: the requested ones, all for the part `DETAILED`, the role for the part `ROLE`. */
export function shownAttributes(
  user: SandboxUser,
  { attributes, parts }: { attributes: readonly string[]; parts: readonly string[] },
): string[] {
  const wanted = new Set(parts.map((part) => part.toUpperCase()));
  const all = wanted.has('DETAILED') ? [...BUILT_IN, ...MEMBER_FIELDS, ...Object.keys(user.attributes)] : [];
  const role = wanted.has('ROLE') ? ['roleId'] : [];
  return [...new Set([...attributes, ...role, ...all])];
}

/** Returns attributes as `{key, values}`. One that is not set is left out. */
export function attributeRows(user: SandboxUser, shown: readonly string[], quirks: Quirks): Row[] {
  return shown.flatMap((key): Row[] => {
    const value = attributeOf(user, key);
    const isOptional = Object.hasOwn(user.attributes, key);
    if (value === null || (isOptional && quirks.nullAttributes)) {
      return quirks.nullAttributes && user.id % 2 === 0 ? [{ key, values: null }] : [];
    }
    return [{ key, values: [quirks.attributesAsText ? String(value) : value] }];
  });
}

/** Returns an attribute of a person; null if it is not set. Times are in epoch milliseconds. */
export function attributeOf(user: SandboxUser, key: string): Value {
  const own = Object.hasOwn(user.attributes, key) ? (user.attributes[key] ?? null) : null;
  switch (key) {
    case 'id':
      return user.id;
    case 'displayName':
      return user.displayName;
    case 'userName':
    case 'emailAddress':
      return user.email;
    case 'roleId':
      return user.roleId;
    case 'isPending':
      return user.isPending;
    case 'isSystemUser':
      return user.isSystemUser;
    case 'isSupport':
      return user.isSupport;
    case 'isDeleted':
      return user.deleted;
    case 'isActive':
      return !user.deleted;
    case 'isAnonymous':
      return false;
    case 'title':
      return own ?? attributeOf(user, 'jobTitle');
    case 'created':
      return own ?? DEFAULT_CREATED_AT;
    case 'modified':
      return own ?? attributeOf(user, 'created');
    case 'lastActivity':
      return own ?? (user.isPending ? null : attributeOf(user, 'modified'));
    case 'invitorUserId':
      return own ?? 0;
    case 'avatarKey':
      return own ?? `avatar-${user.id}`;
    default:
      return own;
  }
}
