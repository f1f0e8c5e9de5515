import type { Role } from '../model/role.js';
import type { PlanRoleId } from './change.js';

/** The id of a role as plans write it. */
export function planRoleId(role: Role): PlanRoleId {
  return role.id ?? `new:${role.name}`;
}
