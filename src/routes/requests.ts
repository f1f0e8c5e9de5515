import type { PersonId } from '../model/ids.js';
import { byCodeUnit } from '../model/sort.js';
import { inRequest, sortRoleIds } from '../model/role-id.js';

import type { PlannedRequest } from '../model/planned-request.js';
import type { PlanRoleId } from '../model/role-id.js';

/** Where Domo keeps roles (docs/reference/domo-api.md, as are all requests of this file). */
export const ROLES_PATH = '/api/authorization/v1/roles';

/** The customer state that holds the default role. */
const DEFAULT_ROLE_STATE = 'user.roleid.default';

/** People in one request at most: Domo states no limit, and a body of this size has never been seen refused. */
export const MAX_PEOPLE_PER_REQUEST = 1_000;

/** The allowlist at the moment of a request: its roles, off, or not to be read. */
export type RequestAllowlist = readonly PlanRoleId[] | 'off' | 'unreadable';

/** `POST` of a new role; it starts with the grants of `fromRoleId`, or with what Domo chooses without one. */
export function createRoleRequest(role: {
  name: string;
  description: string;
  fromRoleId: PlanRoleId | null;
}): PlannedRequest {
  const from = role.fromRoleId === null ? {} : { fromRoleId: inRequest(role.fromRoleId) };
  return {
    method: 'POST',
    path: ROLES_PATH,
    body: { name: role.name, description: role.description, ...from },
  };
}

/** `PUT` of a role's name and description. */
export function updateRoleRequest(role: {
  id: PlanRoleId;
  name: string;
  description: string;
}): PlannedRequest {
  const { id, name, description } = role;
  return { method: 'PUT', path: rolePath(id), body: { id: inRequest(id), name, description } };
}

/** The complete list of a role's grants, by `PUT` (the form of the Python routes) or `PATCH` (of the reference). */
export function setGrantsRequest(
  roleId: PlanRoleId,
  grants: readonly string[],
  method: 'PUT' | 'PATCH' = 'PUT',
): PlannedRequest {
  return { method, path: `${rolePath(roleId)}/authorities`, body: [...new Set(grants)].sort(byCodeUnit) };
}

/** `PUT` of user ids as numbers, sorted, as many requests as `MAX_PEOPLE_PER_REQUEST` requires. */
export function moveMembersRequests(roleId: PlanRoleId, people: readonly PersonId[]): PlannedRequest[] {
  const sorted = [...new Set(people)].sort((a, b) => a - b);
  const path = `${rolePath(roleId)}/users`;
  return Array.from({ length: Math.ceil(sorted.length / MAX_PEOPLE_PER_REQUEST) }, (_, index) => ({
    method: 'PUT',
    path,
    body: sorted.slice(index * MAX_PEOPLE_PER_REQUEST, (index + 1) * MAX_PEOPLE_PER_REQUEST),
  }));
}

/** The older form of setting the default role; it does not touch the allowlist. The value is text. */
function customerStateRequest(defaultRoleId: PlanRoleId): PlannedRequest {
  return {
    method: 'PUT',
    path: customerStatePath(),
    body: { name: DEFAULT_ROLE_STATE, value: String(inRequest(defaultRoleId)) },
  };
}

/**
 * The newer form, for the default role and the allowlist. `allowlist: null` turns the list off and is for
 * that alone; without the key the list is not spoken of. Lists are sent sorted.
 */
export function settingsRequest(settings: {
  defaultRoleId: PlanRoleId;
  allowlist?: readonly PlanRoleId[] | null;
}): PlannedRequest {
  const { defaultRoleId, allowlist } = settings;
  return {
    method: 'PUT',
    path: `${ROLES_PATH}/settings`,
    body: {
      defaultRoleId: inRequest(defaultRoleId),
      ...(allowlist === undefined
        ? {}
        : { allowlistRoleIds: allowlist === null ? null : sortRoleIds(allowlist).map(inRequest) }),
    },
  };
}

/**
 * How the default role is set while the allowlist is as given, in the order of trying; the second form is for an
 * instance that does not know the first. A list that is on is sent whole with the new default on it, since
 * leaving it out might turn it off. The customer state cannot touch the list; where the list cannot be
 * read no other form is safe.
 */
export function defaultRoleRequests(
  roleId: PlanRoleId,
  allowlist: RequestAllowlist,
): [PlannedRequest, ...PlannedRequest[]] {
  const older = customerStateRequest(roleId);
  if (allowlist === 'unreadable') return [older];
  if (allowlist === 'off') return [older, otherForm(settingsRequest({ defaultRoleId: roleId }))];
  const newer = settingsRequest({ defaultRoleId: roleId, allowlist: [...allowlist, roleId] });
  return [newer, otherForm(older)];
}

/** Both forms of writing a role's grants, in the order of trying. */
export function setGrantsRequests(
  roleId: PlanRoleId,
  grants: readonly string[],
): [PlannedRequest, PlannedRequest] {
  return [setGrantsRequest(roleId, grants), otherForm(setGrantsRequest(roleId, grants, 'PATCH'))];
}

function otherForm(request: PlannedRequest): PlannedRequest {
  return { ...request, when: 'first-form-unknown' };
}

/** `DELETE` of a role. */
export function deleteRoleRequest(roleId: PlanRoleId): PlannedRequest {
  return { method: 'DELETE', path: rolePath(roleId), body: null };
}

/** The path of one role. */
export function rolePath(roleId: PlanRoleId): string {
  return `${ROLES_PATH}/${inRequest(roleId)}`;
}

/** The path of the customer state that holds the default role. */
export function customerStatePath(): string {
  return `/api/content/v1/customer-states/${DEFAULT_ROLE_STATE}`;
}
