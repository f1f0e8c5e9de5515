import type { Quirks } from './quirks.js';
import type { SandboxAuthority, SandboxRole, SandboxUser } from './state.js';
import type { Tables } from './tables.js';

type Row = Record<string, unknown>;

/** A role as the role list shows it. */
export function roleRow(tables: Tables, role: SandboxRole, quirks: Quirks): Row {
  const { id, name, created, modified } = role;
  const description = quirks.nullAttributes && role.description === '' ? null : role.description;
  const authorityCount = role.authorities.length + (quirks.authorityCountOneHigher ? 1 : 0);
  const userCount = tables.memberCount(id);
  return { id, name, description, authorityCount, userCount, created, modified };
}

const MEMBER_FIELDS = ['department', 'jobTitle', 'hireDate', 'location'];

/** A person as the list of a role's people shows them. */
export function memberRow(user: SandboxUser, quirks: Quirks): Row {
  const row: Row = { userId: user.id, email: user.email, displayName: user.displayName, roleId: user.roleId };
  for (const [index, field] of MEMBER_FIELDS.entries()) {
    if (!quirks.nullAttributes) row[field] = attributeOf(user, field);
    // Both kinds of absence, by turns: the field that is null for one person is missing for the next.
    else if ((user.id + index) % 2 === 0) row[field] = null;
  }
  return row;
}

/** A person as `users/me`, the plain lists and user search show them. */
export function userRow(user: SandboxUser): Row {
  return {
    id: user.id,
    displayName: user.displayName,
    userName: user.email,
    emailAddress: user.email,
    roleId: user.roleId,
  };
}

/** A person in the older list and in `users/me`, which say more at the top level. */
export function fullUserRow(user: SandboxUser): Row {
  return {
    ...userRow(user),
    email: user.email,
    active: !user.deleted,
    pending: user.isPending,
    systemUser: user.isSystemUser,
    department: attributeOf(user, 'department'),
    title: attributeOf(user, 'jobTitle'),
  };
}

/** A person's attributes as search shows them: those asked for, each a key and its values. */
export function attributeRows(user: SandboxUser, asked: readonly string[], quirks: Quirks): Row[] {
  return asked.flatMap((key): Row[] => {
    const value = attributeOf(user, key);
    const isOptional = Object.hasOwn(user.attributes, key);
    if (value === null || (isOptional && quirks.nullAttributes)) {
      return quirks.nullAttributes && user.id % 2 === 0 ? [{ key, values: null }] : [];
    }
    return [{ key, values: [quirks.attributesAsText ? String(value) : value] }];
  });
}

/** One fact about a person by its wire name; null where there is none. */
export function attributeOf(user: SandboxUser, key: string): string | number | boolean | null {
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
    case 'title':
      return attributeOf(user, 'jobTitle');
    default:
      return Object.hasOwn(user.attributes, key) ? (user.attributes[key] ?? null) : null;
  }
}

/** A line of the catalogue, with who holds it. Older instances leave the newer fields out. */
export function authorityRow(tables: Tables, entry: SandboxAuthority, quirks: Quirks): Row {
  const roleIds = tables.holders(entry.authority);
  const { authority, title, description, authorityUIGroup } = entry;
  const userCount = roleIds.reduce((sum, id) => sum + tables.memberCount(id), 0);
  const row: Row = { authority, title, description, authorityUIGroup, userCount, roleIds };
  if (quirks.olderCatalogue) return row;
  if (entry.dependsOnAuthorities !== null) row.dependsOnAuthorities = entry.dependsOnAuthorities;
  row.implicitAuthorities = [];
  row.dependsOnFeature = entry.features;
  if (entry.adminLevel !== null) row.adminLevel = entry.adminLevel;
  return { ...row, assignableByCustomer: true, systemGroup: false };
}
