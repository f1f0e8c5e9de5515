import type { Grant } from './grant.js';
import { nearName } from './near-name.js';
import { newKey } from './role-id.js';
import type { LiveRoleKey, NewRoleId, PlanRoleId } from './role-id.js';
import type { RoleId } from './ids.js';

export { keyOf, liveKey, liveKeys, newKey } from './role-id.js';
export type { LiveRoleKey, PlanRoleId, RoleKey } from './role-id.js';

/** The system roles, the same on every instance (docs/reference/domo-api.md). */
export const SYSTEM_ROLES = {
  Admin: 1,
  Privileged: 2,
  Editor: 3,
  Participant: 4,
  Social: 5,
} as const;

/** Is this the id of a system role? */
export function isSystemRole(id: RoleId): boolean {
  return id >= 1 && id <= 5;
}

/** The order in which lists show roles: system roles by id, then all others alike. */
export function systemRank(id: RoleId): number {
  return isSystemRole(id) ? id : Number.MAX_SAFE_INTEGER;
}

/** Is this the name of a system role? */
export function isSystemRoleName(name: string): name is keyof typeof SYSTEM_ROLES {
  return Object.hasOwn(SYSTEM_ROLES, name);
}

const SYSTEM_BY_FORM: ReadonlyMap<string, keyof typeof SYSTEM_ROLES> = new Map(
  Object.keys(SYSTEM_ROLES).flatMap((name) => (isSystemRoleName(name) ? [[nearName(name), name]] : [])),
);

/** The system role that this name equals or resembles, as `participant` or `ADMIN ` do; null if there is none. */
export function nearSystemRole(name: string): keyof typeof SYSTEM_ROLES | null {
  return SYSTEM_BY_FORM.get(nearName(name)) ?? null;
}

/** The fields of every role, live or not. Lists are sorted; the description is trimmed, '' if there is none. */
interface RoleFields {
  name: string;
  description: string;
  grants: readonly Grant[];
}

/** A role that is on the instance. */
export interface ExistingRole extends RoleFields {
  key: LiveRoleKey;
  id: RoleId;
}

/** A role that a plan creates. */
export interface NewRole extends RoleFields {
  key: NewRoleId;
  id: null;
}

/** A role on one side of a comparison. */
export type Role = ExistingRole | NewRole;

/** Builds a role to be created; its key follows from its name. */
export function newRole({ name, description, grants }: RoleFields): NewRole {
  return { key: newKey(name), id: null, name, description, grants };
}

/** The id of a role as plans write it. */
export function planRoleId(role: Role): PlanRoleId {
  return role.id === null ? role.key : role.id;
}
