import type { Random } from './random.js';
import {
  checkName,
  createRole,
  deleteRole,
  isSystemRole,
  MANAGE_ROLES,
  moveUsers,
  roleOr404,
  setAuthorities,
  setSettings,
  updateRole,
} from './role-rules.js';
import type { SandboxRole, SandboxUser } from './state.js';
import { userChange } from './user-rules.js';
import type { Change, World } from './world.js';

/** An edit by another person, as in Domo's user interface. Domo's rules apply to it. */
export type Edit =
  | { edit: 'create-role'; name: string; description?: string; authorities?: string[] }
  | { edit: 'update-role'; roleId: number; name?: string; description?: string | null }
  | { edit: 'set-grants'; roleId: number; authorities: string[] }
  | { edit: 'delete-role'; roleId: number }
  | { edit: 'move-users'; roleId: number; userIds: number[] }
  | { edit: 'add-user'; displayName: string; email: string; roleId?: number }
  | { edit: 'update-user'; userId: number; fields: Partial<Omit<SandboxUser, 'id' | 'roleId'>> }
  | { edit: 'delete-user'; userId: number }
  | { edit: 'set-default-role'; roleId: number }
  | { edit: 'set-allowlist'; roleIds: number[] | null };

/** The editor on an instance without an Admin. */
const ANOTHER_ADMIN: SandboxUser = {
  id: 999_999_999,
  displayName: 'Another Person',
  email: 'another.person@acme.com',
  roleId: 1,
  isPending: false,
  isSystemUser: false,
  isSupport: false,
  deleted: false,
  attributes: {},
};

/**
 * Makes one edit and records it in the audit log, in the name of the last Admin on the list. Returns the id of a new role or
 * user, otherwise null. Raises the `Refusal` of the server.
 */
export function applyEdit(world: World, edit: Edit): number | null {
  const { change, id } = changeFor(world, edit);
  const actor = world.truth.user(world.truth.memberIds(1).at(-1)) ?? ANOTHER_ADMIN;
  world.commit(change, { actor, lateMs: 0, discard: false });
  return id;
}

function changeFor(world: World, edit: Edit): { change: Change; id: number | null } {
  const { truth } = world;
  const done = (change: Change): { change: Change; id: null } => ({ change, id: null });
  const people = (ids: readonly number[]): SandboxUser[] => ids.map((id) => knownUser(world, id));
  switch (edit.edit) {
    case 'create-role':
      return newRole(world, edit);
    case 'update-role': {
      const role = roleOr404(truth, edit.roleId);
      const name = checkName(truth, edit.name ?? role.name, { ownId: role.id, ignoreCase: false });
      const description = edit.description === undefined ? role.description : edit.description;
      return done(updateRole(role, { name, description, modified: world.now() }));
    }
    case 'set-grants': {
      const { catalogue } = world;
      const { authorities } = edit;
      const next = { authorities, catalogue, implied: false, modified: world.now() };
      return done(setAuthorities(truth, roleOr404(truth, edit.roleId), next));
    }
    case 'delete-role':
      return done(deleteRole(truth, roleOr404(truth, edit.roleId)));
    case 'move-users':
      return done(moveUsers(truth, roleOr404(truth, edit.roleId), people(edit.userIds)));
    case 'add-user': {
      const roleId = edit.roleId ?? truth.settings().defaultRoleId;
      const { displayName, email } = edit;
      const user: SandboxUser = {
        ...ANOTHER_ADMIN,
        id: world.newUserId(),
        displayName,
        email,
        roleId,
        attributes: { created: world.now() },
      };
      return { change: userChange(user, 'CREATED', `added ${displayName}`), id: user.id };
    }
    case 'update-user': {
      const user = { ...knownUser(world, edit.userId), ...edit.fields };
      return done(userChange(user, 'UPDATED', `changed ${user.displayName}`));
    }
    case 'delete-user': {
      const user = { ...knownUser(world, edit.userId), deleted: true };
      return done(userChange(user, 'DELETED', `deleted ${user.displayName}`));
    }
    case 'set-default-role':
      return done(setSettings(truth, { defaultRoleId: edit.roleId, allowlistRoleIds: undefined }));
    case 'set-allowlist':
      return done(setSettings(truth, { defaultRoleId: undefined, allowlistRoleIds: edit.roleIds }));
  }
}

function newRole(world: World, edit: Extract<Edit, { edit: 'create-role' }>): { change: Change; id: number } {
  const name = checkName(world.truth, edit.name, { ownId: null, ignoreCase: false });
  const { description = null, authorities = [] } = edit;
  const now = world.now();
  const id = world.newRoleId();
  const role: SandboxRole = { id, name, description, authorities, created: now, modified: now };
  return { change: createRole(role), id };
}

function knownUser(world: World, id: number): SandboxUser {
  const user = world.truth.user(id);
  if (!user) throw new RangeError(`there is no user ${id}`);
  return user;
}

/** Returns a random harmless edit: a new description, a removed grant, or a moved person. Null if nothing can be edited. */
export function randomEdit(world: World, random: Random): Edit | null {
  const custom = world.truth
    .roles()
    .filter((role) => !isSystemRole(role.id) && !role.authorities.includes(MANAGE_ROLES));
  const role = custom[random.below(custom.length)];
  if (!role) return null;
  const movable = world.truth.userIds().filter((id) => {
    const user = world.truth.user(id);
    return user && !user.deleted && user.roleId !== 1 && !user.isSupport && !user.isSystemUser;
  });
  const userId = movable[random.below(movable.length)];
  const choice = random.below(3);
  if (choice === 0 && userId !== undefined) return { edit: 'move-users', roleId: role.id, userIds: [userId] };
  if (choice === 1 && role.authorities.length > 0) {
    return { edit: 'set-grants', roleId: role.id, authorities: role.authorities.slice(1) };
  }
  return {
    edit: 'update-role',
    roleId: role.id,
    description: `Changed by hand (${random.below(1_000_000)})`,
  };
}
