import { protectedGrants } from '../model/admin-level.js';
import { MANAGE_ROLES, grantList } from '../model/grant.js';
import type { RoleId } from '../model/ids.js';
import { shortenedList } from '../model/shortened-list.js';
import { SYSTEM_ROLES } from '../model/role.js';
import { byCodeUnit } from '../model/sort.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import { canExpressInstance } from './expressible.js';
import { inComment, nameInComment } from './yaml-document.js';

/** The name of the instance; null for a sandbox, or if a manifest cannot express it. */
export function instanceOf(snapshot: Snapshot, notes: string[]): string | null {
  if (snapshot.sandbox) return null;
  if (canExpressInstance(snapshot.instance)) return snapshot.instance;
  notes.push(`instance: "${inComment(snapshot.instance)}" cannot be expressed`);
  return null;
}

/**
 * The name of the default role; null if the manifest could not name it. A role with `authorization.roles` can be the
 * default only while the allowlist is off (docs/reference/domo-api.md), so the manifest must turn the list off.
 */
export function defaultRoleOf(
  { defaultRoleId, roles }: Snapshot,
  names: ReadonlyMap<RoleId, string>,
  { turnsListOff, notes }: { turnsListOff: boolean; notes: string[] },
): string | null {
  const name = names.get(defaultRoleId);
  const role = roles.find(({ id }) => id === defaultRoleId);
  if (name === undefined) notes.push(`defaultRole: role id ${defaultRoleId} is not in this manifest`);
  else if (!turnsListOff && role && managesRoles(role)) {
    notes.push(`defaultRole: ${nameInComment(name)} holds ${MANAGE_ROLES}, which a default role may not`);
    return null;
  }
  return name ?? null;
}

/** The names on the allowlist; null if it is unknown, or if a manifest may not contain it. */
export function allowlistOf(
  { allowlist, defaultRoleId, roles }: Snapshot,
  names: ReadonlyMap<RoleId, string>,
  notes: string[],
): readonly string[] | 'off' | null {
  if (allowlist === 'off') return 'off';
  if (allowlist === 'unreadable') {
    notes.push('allowlist: it could not be read');
    return null;
  }
  const on = new Set(allowlist);
  const list = [...on].flatMap((id) => names.get(id) ?? []).sort(byCodeUnit);
  const why =
    list.length < on.size
      ? 'a role on it is not in this manifest'
      : !on.has(defaultRoleId) || !on.has(SYSTEM_ROLES.Social)
        ? 'it lacks the default role or Social, which a manifest always puts on it'
        : roles.some((role) => on.has(role.id) && managesRoles(role))
          ? `a role on it holds ${MANAGE_ROLES}, which a manifest may not put on it`
          : null;
  if (why === null) return list;
  notes.push(`allowlist: ${why}`);
  return null;
}

function managesRoles(role: LiveRole): boolean {
  return role.grants.includes(MANAGE_ROLES) || role.name === 'Admin';
}

/**
 * The destination of removed members: the default role, whose members are never exact; null if it has protected grants.
 */
export function destinationOf(
  snapshot: Snapshot,
  defaultRole: string | null,
  notes: string[],
): string | null {
  if (defaultRole === null) return null;
  const isProtected = protectedGrants(snapshot.catalogue, null);
  const role = snapshot.roles.find(({ id }) => id === snapshot.defaultRoleId);
  const powers = grantList((role?.grants ?? []).filter((grant) => isProtected.has(grant)));
  if (powers.length === 0) return defaultRole;
  const list = shortenedList(powers.map(inComment), 3);
  notes.push(`policy.removedMembersTo: the default role is too powerful to send people to (${list})`);
  return null;
}
