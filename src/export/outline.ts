import { protectedGrants } from '../model/admin-level.js';
import { byCodeUnit } from '../model/sort.js';
import { MANAGE_ROLES, grantList, type Grant } from '../model/grant.js';
import { nearName } from '../model/names.js';
import { isSystemRole, isSystemRoleName, nearSystemRole } from '../model/role.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import { factorGrants, type FactoredGrants } from './factor.js';
import { membersByRole, type ExportedMembers } from './members.js';
import {
  canExpressDescription,
  canExpressGrant,
  canExpressId,
  canExpressInstance,
  canExpressName,
} from './expressible.js';
import { inComment, nameInComment } from './yaml-document.js';
import type { RoleId } from '../model/ids.js';

/** A role as it will be written. */
export interface OutlinedRole {
  id: RoleId;
  name: string;
  /** The name is near another live name, so only the id is unambiguous. */
  pinned: boolean;
  /** Null: left out. */
  description: string | null;
  grants: OutlinedGrants | null;
  members: OutlinedMembers | null;
  /** What a manifest cannot express about it, as text. */
  notes: readonly string[];
}

/** Grants with their mode: additive where the role holds some that a manifest cannot name. */
export interface OutlinedGrants extends FactoredGrants {
  mode: 'exact' | 'additive';
}

/** Members with their mode. */
export interface OutlinedMembers extends ExportedMembers {
  mode: 'exact' | 'additive';
}

/** The content of an export, before it is split into files. */
export interface Outline {
  instance: string | null;
  defaultRole: string | null;
  /** Names, sorted; null: left out. */
  allowlist: readonly string[] | 'off' | null;
  removedMembersTo: string | null;
  grantSets: ReadonlyMap<string, readonly Grant[]>;
  /** System roles by id, then the others by name. */
  roles: readonly OutlinedRole[];
  /** What a manifest cannot express, as text. */
  notes: readonly string[];
  /** The group of a grant on Domo's page; '' where the catalogue has none. */
  groupOf: (grant: Grant) => string;
}

/**
 * Decides what an export contains, so that a plan made from it changes nothing: what a manifest cannot express, or
 * what it would not leave as it is, is left out and reported in a note.
 */
export function outlineOf(snapshot: Snapshot): Outline {
  const notes: string[] = [];
  const exported = expressibleRoles(snapshot.roles, notes);
  const names = new Map(exported.map((role) => [role.id, role.name]));
  const groups = new Map(snapshot.catalogue.map((entry) => [entry.grant, entry.group]));
  const groupOf = (grant: Grant): string => groups.get(grant) ?? '';
  const canList = (grant: Grant): boolean => groups.has(grant) && canExpressGrant(grant);
  const factored = factorGrants(
    exported.map((role) => {
      const whole = role.grants.every(canList);
      return {
        id: role.id,
        name: role.name,
        grants: grantList(role.grants.filter(canList)),
        system: isSystemRole(role.id),
        open: whole,
        exact: whole,
      };
    }),
    groupOf,
  );
  const members = membersByRole(snapshot.people);
  if (!members) notes.push('members: not everybody was read');
  const near = nearNames(snapshot.roles);
  const roles = exported.map((role): OutlinedRole => {
    const own: string[] = [];
    return {
      id: role.id,
      name: role.name,
      pinned: near.has(nearName(role.name)),
      description: isSystemRole(role.id) ? null : descriptionOf(role, own),
      grants: grantsOf(role, factored.roles.get(role.id), { canList, notes: own }),
      members: members && membersOf(role, members.get(role.id), { snapshot, notes: own }),
      notes: own,
    };
  });
  const defaultRole = defaultRoleOf(snapshot, names, notes);
  return {
    instance: instanceOf(snapshot, notes),
    defaultRole,
    allowlist: allowlistOf(snapshot, names, notes),
    removedMembersTo: destinationOf(snapshot, defaultRole, notes),
    grantSets: factored.sets,
    // A system role always exists: without members it needs no entry.
    roles: roles.filter((role) => role.members !== null || !isSystemRole(role.id)),
    notes,
    groupOf,
  };
}

/** The roles that a manifest can name, in the order in which they are written. */
function expressibleRoles(roles: readonly LiveRole[], notes: string[]): LiveRole[] {
  const count = new Map<string, number>();
  for (const { name } of roles) count.set(name, (count.get(name) ?? 0) + 1);
  const near = nearNames(roles);
  const rank = (role: LiveRole): number => (isSystemRole(role.id) ? role.id : 6);
  return [...roles]
    .sort((a, b) => rank(a) - rank(b) || byCodeUnit(a.name, b.name) || a.id - b.id)
    .filter((role) => {
      const why = whyNotExpressible(role, { alone: count.get(role.name) === 1, near });
      if (why === null) return true;
      notes.push(`role ${nameInComment(role.name)} (id ${role.id}): ${why}`);
      return false;
    });
}

function whyNotExpressible(
  role: LiveRole,
  { alone, near }: { alone: boolean; near: ReadonlySet<string> },
): string | null {
  if (!canExpressName(role.name)) return 'a manifest cannot express its name';
  if (!alone) return 'another live role has the same name';
  const isNear = near.has(nearName(role.name));
  if (isSystemRole(role.id))
    return isNear && !isSystemRoleName(role.name)
      ? 'a system role can be pinned only under its own name'
      : null;
  if (nearSystemRole(role.name) !== null) return 'its name is that of a system role, or near it';
  return isNear && !canExpressId(role.id)
    ? 'its name is near another one, and its id cannot be expressed'
    : null;
}

/** Near forms that several live roles have. */
function nearNames(roles: readonly LiveRole[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const near = new Set<string>();
  for (const { name } of roles) {
    const form = nearName(name);
    if (seen.has(form)) near.add(form);
    seen.add(form);
  }
  return near;
}

function descriptionOf({ description }: LiveRole, notes: string[]): string | null {
  if (description === '') return null;
  if (canExpressDescription(description)) return description;
  notes.push(`its description cannot be expressed: "${inComment(description)}"`);
  return null;
}

function grantsOf(
  role: LiveRole,
  factored: FactoredGrants | undefined,
  { canList, notes }: { canList: (grant: Grant) => boolean; notes: string[] },
): OutlinedGrants | null {
  if (!factored) return null;
  const inexpressible = grantList(role.grants.filter((grant) => !canList(grant)));
  if (inexpressible.length === 0) return { ...factored, mode: 'exact' };
  const list = inexpressible.map(inComment).join(', ');
  const holds = `it also holds what the catalogue does not list: ${list}`;
  // An empty additive list has no effect, and the manifest schema forbids it.
  if (inexpressible.length === new Set(role.grants).size) {
    notes.push(`${holds}; so its grants are left out`);
    return null;
  }
  notes.push(`${holds}; so its grants are additive`);
  return { ...factored, mode: 'additive' };
}

function membersOf(
  role: LiveRole,
  exported: ExportedMembers = { people: [], inexpressible: 0 },
  { snapshot, notes }: { snapshot: Snapshot; notes: string[] },
): OutlinedMembers | null {
  const { people, inexpressible } = exported;
  if (inexpressible > 0) notes.push(`${inexpressible} in it cannot be named, so its members are additive`);
  const isOpen = role.id === snapshot.defaultRoleId || inexpressible > 0;
  if (!isOpen) return { ...exported, mode: 'exact' };
  return people.length > 0 ? { ...exported, mode: 'additive' } : null;
}

function instanceOf(snapshot: Snapshot, notes: string[]): string | null {
  if (snapshot.sandbox) return null;
  if (canExpressInstance(snapshot.instance)) return snapshot.instance;
  notes.push(`instance: "${inComment(snapshot.instance)}" cannot be expressed`);
  return null;
}

/** Left out where a manifest that says it would be refused (Domo forbids it while the allowlist is on: docs/reference/domo-api.md). */
function defaultRoleOf(
  { defaultRoleId, allowlist, roles }: Snapshot,
  names: ReadonlyMap<RoleId, string>,
  notes: string[],
): string | null {
  const name = names.get(defaultRoleId);
  const role = roles.find(({ id }) => id === defaultRoleId);
  if (name === undefined) notes.push(`defaultRole: role id ${defaultRoleId} is not in this manifest`);
  else if (allowlist !== 'off' && role && managesRoles(role)) {
    notes.push(`defaultRole: ${nameInComment(name)} holds ${MANAGE_ROLES}, which a default role may not`);
    return null;
  }
  return name ?? null;
}

function allowlistOf(
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
      : !on.has(defaultRoleId) || !on.has(5)
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

/** The default role takes people who are taken out: its members are never exact. Not if that gave them power. */
function destinationOf(snapshot: Snapshot, defaultRole: string | null, notes: string[]): string | null {
  if (defaultRole === null) return null;
  const isProtected = protectedGrants(snapshot.catalogue, null);
  const role = snapshot.roles.find(({ id }) => id === snapshot.defaultRoleId);
  const powers = grantList((role?.grants ?? []).filter((grant) => isProtected.has(grant)));
  if (powers.length === 0) return defaultRole;
  const first = powers.slice(0, 3).map(inComment).join(', ');
  const list = powers.length > 3 ? `${first} and ${powers.length - 3} more` : first;
  notes.push(`policy.removedMembersTo: the default role is too powerful to send people to (${list})`);
  return null;
}
