import { assertNever } from '../model/exhaustive.js';
import type { PlannedRequest } from '../model/planned-request.js';
import type { OrderedChange } from '../plan/change.js';
import {
  createRoleRequest,
  defaultRoleRequests,
  deleteRoleRequest,
  moveMembersRequests,
  setGrantsRequests,
  settingsRequest,
  updateRoleRequest,
} from '../routes/requests.js';

/**
 * Every request that a change of this plan can send, in order. A conditional request has `when`. An apply sends no
 * other writes for the change (docs/decisions/0007-a-plan-lists-its-requests.md).
 */
export function requestsFor(change: OrderedChange, all: readonly OrderedChange[]): PlannedRequest[] {
  switch (change.kind) {
    case 'role.create': {
      const { name, description, startsFrom, grants } = change.after;
      const create = createRoleRequest({ name, description, fromRoleId: startsFrom.roleId });
      // A later change writes the whole list of grants.
      if (all.some((other) => other.kind === 'grants.set' && other.roleId === change.roleId)) return [create];
      const [first, second] = setGrantsRequests(change.roleId, grants);
      return [create, { ...first, when: 'start-differs' }, second];
    }
    case 'role.update':
      return [
        updateRoleRequest({
          id: change.roleId,
          name: change.after.name,
          description: change.after.description,
        }),
      ];
    case 'grants.set':
      return setGrantsRequests(change.roleId, change.after);
    case 'members.move':
      return moveMembersRequests(
        change.roleId,
        change.people.map(({ id }) => id),
      );
    case 'defaultRole.set':
      return defaultRoleRequests(change.roleId, change.allowlistIds);
    case 'allowlist.set':
      return [settingsRequest({ defaultRoleId: change.defaultRoleId, allowlist: change.afterIds })];
    case 'role.delete':
      return [deleteRoleRequest(change.roleId)];
    default:
      return assertNever(change);
  }
}
