import { asId, commitChange, needs, refuse, type OwnedCall } from './answers.js';
import { needsAssigning } from './role-endpoints.js';
import type { SandboxUser } from './state.js';
import type { Tables } from './tables.js';
import type { Change } from './world.js';

/** Returns the accounts that are not deleted, sorted by id. */
export function presentUsers(tables: Tables): SandboxUser[] {
  return tables.userIds().flatMap((id) => {
    const user = tables.user(id);
    return user && !user.deleted ? [user] : [];
  });
}

/** Returns the change of an account, with its event in the audit log. */
export function userChange(user: SandboxUser, actionType: string, eventText: string): Change {
  const event = {
    actionType,
    eventText,
    objectId: String(user.id),
    objectName: user.displayName,
    objectType: 'USER',
  };
  return { mutations: [{ kind: 'user', user }], events: [event] };
}

/** Returns the id of an existing role. Raises 400. */
export function knownRoleId(tables: Tables, given: unknown): number {
  const id = asId(given) ?? refuse(400, 'roleId is a role id');
  return tables.role(id) ? id : refuse(400, `there is no role ${id}`);
}

/** Returns the e-mail address of a person. Raises 400 for other values, and for the address of another person. */
export function freeAddress(tables: Tables, given: unknown, owner?: SandboxUser): string {
  if (typeof given !== 'string' || !given.includes('@')) refuse(400, 'a user has an e-mail address');
  const holder = tables.liveUserWithEmail(given);
  return holder && holder.id !== owner?.id ? refuse(400, 'this e-mail address is in use') : given;
}

/** Adds a pending person. The default is the default role. */
export function addUser(
  call: OwnedCall,
  { displayName, email, roleId }: { displayName: unknown; email: unknown; roleId: unknown },
): SandboxUser {
  needs(call, 'user.edit', 'user.invite');
  const { truth } = call.world;
  if (typeof displayName !== 'string' || displayName.trim() === '') refuse(400, 'a user has a displayName');
  const address = freeAddress(truth, email);
  const chosen = roleId === undefined ? null : knownRoleId(truth, roleId);
  if (chosen !== null) needsAssigning(call, chosen);
  const now = call.world.now();
  const user: SandboxUser = {
    id: call.world.newUserId(),
    displayName,
    email: address,
    roleId: chosen ?? truth.settings().defaultRoleId,
    isPending: true,
    isSystemUser: false,
    isSupport: false,
    deleted: false,
    attributes: { created: now, modified: now, invitorUserId: call.actor.id },
  };
  commitChange(call, userChange(user, 'CREATED', `added ${displayName}`));
  return user;
}
