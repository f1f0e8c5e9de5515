import { refuse } from './answers.js';
import type { Quirks } from './quirks.js';
import type { SandboxAuthority, SandboxRole, SandboxUser } from './state.js';
import type { Tables } from './tables.js';
import type { Change } from './world.js';

/** The authority to manage roles. */
export const MANAGE_ROLES = 'authorization.roles';
/** The authority to assign the roles of the allowlist. */
export const ASSIGN_ROLES = 'authorization.roles.assign';

const SOCIAL = 5;
const FEW_AUTHORITIES = [
  'alert.edit',
  'certifiedcontent.request',
  'content.export',
  'gateway.oauth.client.create',
];

type StartQuirks = Pick<Quirks, 'startsEmpty' | 'startsWithFew' | 'startsAsDefault'>;
type Catalogue = ReadonlyMap<string, SandboxAuthority>;

/** System roles have the ids 1 to 5 on every instance. */
export function isSystemRole(id: number): boolean {
  return id >= 1 && id <= 5;
}

/** Returns the role. Raises 404. */
export function roleOr404(tables: Tables, id: number): SandboxRole {
  return tables.role(id) ?? refuse(404, `there is no role ${id}`);
}

/** Returns a valid name for a role: not blank, and not in use. Raises 400. */
export function checkName(
  tables: Tables,
  name: unknown,
  { ownId, ignoreCase }: { ownId: number | null; ignoreCase: boolean },
): string {
  if (typeof name !== 'string' || name.trim() === '') refuse(400, 'a role needs a name');
  const near = ignoreCase ? tables.roles().filter((role) => folded(role.name) === folded(name)) : [];
  for (const holder of [tables.roleNamed(name), ...near]) {
    if (holder && holder.id !== ownId) refuse(400, 'a role with this name exists already');
  }
  return name;
}

function folded(name: string): string {
  return name.trim().toLowerCase();
}

/** Returns a valid description: text or null. Raises 400. */
export function checkDescription(description: unknown): string | null {
  if (description === undefined || description === null) return null;
  if (typeof description !== 'string') refuse(400, 'a description is text');
  return description;
}

/**
 * Returns the first grants of a role that is created without `fromRoleId`: those of Social, unless a quirk is on. What Domo
 * does is not known (docs/reference/domo-api.md).
 */
export function firstAuthorities(tables: Tables, catalogue: Catalogue, quirks: StartQuirks): string[] {
  if (quirks.startsEmpty) return [];
  if (quirks.startsWithFew) return FEW_AUTHORITIES.filter((authority) => catalogue.has(authority));
  const source = quirks.startsAsDefault ? tables.settings().defaultRoleId : SOCIAL;
  return [...(tables.role(source)?.authorities ?? [])];
}

/**
 * Returns the roles that a holder of `authorization.roles.assign` may assign: those of the allowlist, the default role and
 * Social. None while the allowlist is off, because the authority then has no effect.
 */
export function assignableRoles(tables: Tables): ReadonlySet<number> {
  const { allowlistRoleIds, defaultRoleId } = tables.settings();
  return new Set(allowlistRoleIds === null ? [] : [...allowlistRoleIds, defaultRoleId, SOCIAL]);
}

/** Creates a role. */
export function createRole(role: SandboxRole): Change {
  return {
    mutations: [{ kind: 'role', role }],
    events: [roleEvent('CREATED', role, `created the role ${role.name}`)],
  };
}

/** Changes the name or description of a custom role. Raises 400 for a system role. */
export function updateRole(
  role: SandboxRole,
  next: Pick<SandboxRole, 'name' | 'description' | 'modified'>,
): Change {
  if (isSystemRole(role.id)) refuse(400, 'a system role cannot be edited');
  const after = { ...role, ...next };
  return {
    mutations: [{ kind: 'role', role: after }],
    events: [roleEvent('UPDATED', after, `changed the role ${role.name}`)],
  };
}

/** Replaces the complete list of grants of a custom role. Raises 400. */
export function setAuthorities(
  tables: Tables,
  role: SandboxRole,
  next: { authorities: unknown; catalogue: Catalogue; implied: boolean; modified: number },
): Change {
  const { catalogue } = next;
  if (isSystemRole(role.id)) refuse(400, 'the grants of a system role cannot be changed');
  if (!Array.isArray(next.authorities)) refuse(400, 'the body must be the complete list of authorities');
  const held = new Set(role.authorities);
  const list = new Set<string>();
  for (const authority of next.authorities as unknown[]) {
    if (typeof authority !== 'string') refuse(400, 'an authority is text');
    if (!catalogue.has(authority) && !held.has(authority))
      refuse(400, `unknown authority ${authority.slice(0, 100)}`);
    list.add(authority);
  }
  if (next.implied) {
    for (const implied of impliedBy(list, catalogue)) if (catalogue.has(implied)) list.add(implied);
  }
  const { defaultRoleId, allowlistRoleIds } = tables.settings();
  if (list.has(MANAGE_ROLES) && allowlistRoleIds !== null) {
    if (role.id === defaultRoleId || allowlistRoleIds.includes(role.id)) {
      refuse(400, `a role on the roles allowlist cannot hold ${MANAGE_ROLES}`);
    }
  }
  const after = { ...role, authorities: [...list], modified: next.modified };
  return {
    mutations: [{ kind: 'role', role: after }],
    events: [
      {
        ...roleEvent('UPDATED', after, `changed the grants of the role ${role.name}`),
        objectType: 'AUTHORITY',
      },
    ],
  };
}

/**
 * Returns the authorities with all their direct and indirect dependencies, including the two that are not in the catalogue
 * (`ui.admin`, `ui.datacenter`).
 */
export function impliedBy(authorities: Iterable<string>, catalogue: Catalogue): Set<string> {
  const list = new Set(authorities);
  // Iterating a set visits values added during the iteration, so this is the transitive closure.
  for (const authority of list) {
    for (const implied of catalogue.get(authority)?.dependsOnAuthorities ?? []) list.add(implied);
  }
  return list;
}

/** Deletes a custom role. Raises 400 for the default role, and for a role with people. */
export function deleteRole(tables: Tables, role: SandboxRole): Change {
  if (isSystemRole(role.id)) refuse(400, 'a system role cannot be deleted');
  const settings = tables.settings();
  if (settings.defaultRoleId === role.id) refuse(400, 'the default role cannot be deleted');
  if (tables.memberCount(role.id) > 0) refuse(400, 'a role that has people in it cannot be deleted');
  const change: Change = {
    mutations: [{ kind: 'role-gone', id: role.id }],
    events: [roleEvent('DELETED', role, `deleted the role ${role.name}`)],
  };
  if (settings.allowlistRoleIds?.includes(role.id)) {
    const allowlistRoleIds = settings.allowlistRoleIds.filter((id) => id !== role.id);
    change.mutations.push({ kind: 'settings', settings: { ...settings, allowlistRoleIds } });
  }
  return change;
}

/** Moves people to a role. */
export function moveUsers(tables: Tables, role: SandboxRole, users: readonly SandboxUser[]): Change {
  const movers = users.filter((user) => user.roleId !== role.id);
  return {
    mutations: movers.map((user) => ({ kind: 'user', user: { ...user, roleId: role.id } })),
    events: movers.map((user) => ({
      actionType: 'UPDATED',
      eventText: `moved ${user.displayName} from ${tables.role(user.roleId)?.name ?? 'no role'} to ${role.name}`,
      objectId: String(user.id),
      objectName: user.displayName,
      objectType: 'USER',
    })),
  };
}

/** Changes the settings. An undefined allowlist stays, with the new default role added. */
export function setSettings(
  tables: Tables,
  next: { defaultRoleId: number | undefined; allowlistRoleIds: readonly number[] | null | undefined },
): Change {
  const before = tables.settings();
  const defaultRoleId = next.defaultRoleId ?? before.defaultRoleId;
  const wanted = next.allowlistRoleIds === undefined ? before.allowlistRoleIds : next.allowlistRoleIds;
  const allowlistRoleIds = wanted === null ? null : [...new Set([...wanted, defaultRoleId, SOCIAL])];
  for (const id of new Set([defaultRoleId, ...(allowlistRoleIds ?? [])])) {
    const role = tables.role(id) ?? refuse(400, `there is no role ${id}`);
    if (allowlistRoleIds !== null && role.authorities.includes(MANAGE_ROLES)) {
      refuse(400, `a role that holds ${MANAGE_ROLES} can be neither on the roles allowlist nor the default`);
    }
  }
  const name = tables.role(defaultRoleId)?.name ?? '';
  const eventOf = (objectId: string, eventText: string): Change['events'][number] => ({
    actionType: 'UPDATED',
    eventText,
    objectId,
    objectName: objectId,
    objectType: 'CUSTOMER_STATE',
  });
  const events: Change['events'] = [];
  if (defaultRoleId !== before.defaultRoleId)
    events.push(eventOf('user.roleid.default', `made ${name} the default role`));
  if (String(allowlistRoleIds) !== String(before.allowlistRoleIds)) {
    events.push(eventOf('user.roleid.allowlist', 'changed the roles allowlist'));
  }
  return { mutations: [{ kind: 'settings', settings: { defaultRoleId, allowlistRoleIds } }], events };
}

function roleEvent(actionType: string, role: SandboxRole, eventText: string): Change['events'][number] {
  return { actionType, eventText, objectId: String(role.id), objectName: role.name, objectType: 'ROLE' };
}
