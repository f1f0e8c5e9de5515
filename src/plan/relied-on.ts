import type { Change, PlanRoleId } from './change.js';
import type { ObjectId } from './fingerprint.js';

/** The live objects that a change relies on: what it touches, and what its place in the order was reasoned from. */
export function reliedOn(change: Change): ObjectId[] {
  switch (change.kind) {
    case 'role.create':
      return [`name:${change.after.name}`, `role:${change.after.startsFrom.roleId}`];
    case 'role.update':
      return [...role(change.roleId), `name:${change.after.name}`];
    case 'grants.set':
      return role(change.roleId);
    case 'members.move':
      return [
        ...role(change.roleId),
        ...change.people.flatMap((move): ObjectId[] => [`person:${move.id}`, `role:${move.fromId}`]),
      ];
    case 'defaultRole.set':
      return [
        'defaultRole',
        ...role(change.roleId),
        ...(change.allowlistIds === 'unreadable' ? [] : (['allowlist'] as const)),
      ];
    case 'allowlist.set':
      return ['allowlist', 'defaultRole', ...(change.afterIds ?? []).flatMap(role)];
    case 'role.delete':
      return [...role(change.roleId), `members:${change.roleId}`, 'defaultRole'];
  }
}

function role(id: PlanRoleId): ObjectId[] {
  return typeof id === 'number' ? [`role:${id}`] : [];
}
