import type { NewRoleId, PlanRoleId } from '../model/role-id.js';
import type { Change } from '../plan/change.js';
import type { RoleId } from '../model/ids.js';

/** Live ids of roles that a plan creates, by their symbolic id. */
export type CreatedRoleIds = ReadonlyMap<NewRoleId, RoleId>;

/** The live id of a role of the plan; null while it is not created. */
export function liveRoleId(id: PlanRoleId, created: CreatedRoleIds): RoleId | null {
  return typeof id === 'number' ? id : (created.get(id) ?? null);
}

/** Every role that a change needs to exist, by the plan's ids. */
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
