import { grantList } from '../../model/grant.js';
import { placementOf } from '../../model/placement.js';
import { SYSTEM_ROLES, keyOf, liveKey, newRole } from '../../model/role.js';
import type { Role, RoleKey } from '../../model/role.js';
import { roleAt, sortKeys } from '../../model/state.js';
import type { AllowlistKeys, State } from '../../model/state.js';
import type { Change } from '../change.js';

/**
 * The state in which changes end, worked out from the changes alone: how the end state of a saved plan is
 * known without its manifest. Raises a `TypeError` where a change names a role that is not there.
 */
export function endStateOf(start: State, changes: readonly Change[]): State {
  const roles = new Map<RoleKey, Role>(start.roles);
  const moved = new Map(start.people.moved);
  let { defaultRole } = start;
  let allowlist: AllowlistKeys = start.allowlist;
  for (const change of changes) {
    switch (change.kind) {
      case 'role.create': {
        const { name, description, grants } = change.after;
        const role = newRole({ name, description, grants: grantList(grants) });
        if (role.key !== change.roleId) throw new TypeError(`role ${change.roleId} is called otherwise`);
        roles.set(role.key, role);
        break;
      }
      case 'role.update':
        edit(change.roleId, { name: change.after.name, description: change.after.description });
        break;
      case 'grants.set':
        edit(change.roleId, { grants: grantList(change.after) });
        break;
      case 'members.move':
        roleAt({ roles }, keyOf(change.roleId));
        for (const move of change.people) moved.set(move.id, keyOf(change.roleId));
        break;
      case 'defaultRole.set':
        defaultRole = roleAt({ roles }, keyOf(change.roleId)).key;
        if (typeof allowlist !== 'string') allowlist = sortKeys([...allowlist, defaultRole]);
        break;
      case 'allowlist.set':
        allowlist =
          change.afterIds === null
            ? 'off'
            : sortKeys([...change.afterIds.map(keyOf), liveKey(SYSTEM_ROLES.Social), defaultRole]);
        break;
      case 'role.delete': {
        const gone = keyOf(change.roleId);
        roleAt({ roles }, gone);
        roles.delete(gone);
        if (typeof allowlist !== 'string') allowlist = allowlist.filter((key) => key !== gone);
        break;
      }
    }
  }
  return { roles, people: placementOf(start.people.read, moved), defaultRole, allowlist };

  function edit(
    id: Parameters<typeof keyOf>[0],
    patch: Partial<Pick<Role, 'name' | 'description' | 'grants'>>,
  ): void {
    const role = roleAt({ roles }, keyOf(id));
    roles.set(role.key, { ...role, ...patch });
  }
}
