import { allowlistOf, allowlistWithDefault } from '../../model/allowlist.js';
import { grantList } from '../../model/grant.js';
import { placementOf } from '../../model/placement.js';
import { keyOf, newRole } from '../../model/role.js';
import type { PlanRoleId, Role, RoleKey } from '../../model/role.js';
import { roleAt } from '../../model/state.js';
import type { AllowlistKeys, State } from '../../model/state.js';
import type { Change, RoleCreate } from '../change.js';
import type { PersonId } from '../../model/ids.js';

/** A state during a simulated apply. */
interface Progress {
  roles: Map<RoleKey, Role>;
  moved: Map<PersonId, RoleKey | null>;
  defaultRole: RoleKey;
  allowlist: AllowlistKeys;
}

/**
 * Computes the end state from the changes alone, because a saved plan comes without its manifest. Throws a `TypeError` if a
 * change refers to a role that does not exist at that point.
 */
export function endStateOf(start: State, changes: readonly Change[]): State {
  const { people, defaultRole, allowlist } = start;
  const now: Progress = {
    roles: new Map(start.roles),
    moved: new Map(people.moved),
    defaultRole,
    allowlist,
  };
  for (const change of changes) perform(now, change);
  return {
    roles: now.roles,
    people: placementOf(people.read, now.moved),
    defaultRole: now.defaultRole,
    allowlist: now.allowlist,
  };
}

function perform(now: Progress, change: Change): void {
  switch (change.kind) {
    case 'role.create':
      create(now, change);
      return;
    case 'role.update':
      edit(now, change.roleId, { name: change.after.name, description: change.after.description });
      return;
    case 'grants.set':
      edit(now, change.roleId, { grants: grantList(change.after) });
      return;
    case 'members.move': {
      const { key } = roleOf(now, change.roleId);
      for (const move of change.people) now.moved.set(move.id, key);
      return;
    }
    case 'defaultRole.set':
      now.defaultRole = roleOf(now, change.roleId).key;
      now.allowlist = allowlistWithDefault(now.allowlist, now.defaultRole);
      return;
    case 'allowlist.set':
      now.allowlist =
        change.afterIds === null ? 'off' : allowlistOf(change.afterIds.map(keyOf), now.defaultRole);
      return;
    case 'role.delete': {
      const { key } = roleOf(now, change.roleId);
      now.roles.delete(key);
      if (typeof now.allowlist !== 'string') now.allowlist = now.allowlist.filter((one) => one !== key);
      return;
    }
  }
}

function create({ roles }: Progress, { roleId, after }: RoleCreate): void {
  const { name, description, grants } = after;
  const role = newRole({ name, description, grants: grantList(grants) });
  if (role.key !== roleId) throw new TypeError(`role ${roleId} is created under another name`);
  roles.set(role.key, role);
}

function edit(
  now: Progress,
  id: PlanRoleId,
  patch: Partial<Pick<Role, 'name' | 'description' | 'grants'>>,
): void {
  const role = roleOf(now, id);
  now.roles.set(role.key, { ...role, ...patch });
}

function roleOf({ roles }: Progress, id: PlanRoleId): Role {
  return roleAt({ roles }, keyOf(id));
}
