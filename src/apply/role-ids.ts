import type { NewRoleId, PlanRoleId } from '../model/role-id.js';
import type { Change } from '../plan/change.js';
import type { RoleId } from '../model/ids.js';

/** Live ids of the roles that a plan creates, by symbolic id. */
export type CreatedRoleIds = ReadonlyMap<NewRoleId, RoleId>;

/** The live id of a role of the plan; null until the role is created. */
export function liveRoleId(id: PlanRoleId, created: CreatedRoleIds): RoleId | null {
  return typeof id === 'number' ? id : (created.get(id) ?? null);
}

/** The ids, in the plan, of the roles that must exist before a change. */
export function roleIdsIn(change: Change): PlanRoleId[] {
  switch (change.kind) {
    case 'role.create':
      return [];
    case 'allowlist.set':
      return [...(change.afterIds ?? []), change.defaultRoleId];
    case 'defaultRole.set':
      return [change.roleId, ...(typeof change.allowlistIds === 'string' ? [] : change.allowlistIds)];
    case 'role.update':
    case 'grants.set':
    case 'members.move':
    case 'role.delete':
      return [change.roleId];
  }
}
