import type { PersonId } from '../model/ids.js';
import { grantList } from '../model/grant.js';
import { requestIdOf, sortRoleIds } from '../model/role-id.js';
import type { PlannedRequest } from '../model/planned-request.js';
import type { PlanRoleId } from '../model/role-id.js';

/** Path of roles. docs/reference/domo-api.md is the source of all requests in this file. */
export const ROLES_PATH = '/api/authorization/v1/roles';

/** Path of the role settings: the default role and the allowlist. */
export const SETTINGS_PATH = `${ROLES_PATH}/settings`;

/** Name of the customer state that holds the default role. */
const DEFAULT_ROLE_STATE = 'user.roleid.default';

/** Maximum number of people in one request. Domo documents no limit; no refusal of this size is known. */
export const MAX_PEOPLE_PER_REQUEST = 1_000;

/** The allowlist when a request is sent: its roles, `off`, or `unreadable`. */
type RequestAllowlist = readonly PlanRoleId[] | 'off' | 'unreadable';

/** Creates a role with the grants of `fromRoleId`; if that is null, Domo chooses the grants. */
export function createRoleRequest(role: {
  name: string;
  description: string;
  fromRoleId: PlanRoleId | null;
}): PlannedRequest {
  const from = role.fromRoleId === null ? {} : { fromRoleId: requestIdOf(role.fromRoleId) };
  return {
    method: 'POST',
    path: ROLES_PATH,
    body: { name: role.name, description: role.description, ...from },
  };
}

/** Sets the name and description of a role. */
export function updateRoleRequest(role: {
  id: PlanRoleId;
  name: string;
  description: string;
}): PlannedRequest {
  const { id, name, description } = role;
  return { method: 'PUT', path: rolePath(id), body: { id: requestIdOf(id), name, description } };
}

/** Replaces the grants of a role, with `PUT` as `domolibrary` does, or with `PATCH` as the API reference says. */
export function setGrantsRequest(
  roleId: PlanRoleId,
  grants: readonly string[],
  method: 'PUT' | 'PATCH' = 'PUT',
): PlannedRequest {
  return { method, path: roleGrantsPath(roleId), body: grantList(grants) };
}

/** Moves people to a role. User ids are sorted numbers, at most `MAX_PEOPLE_PER_REQUEST` per request. */
export function moveMembersRequests(roleId: PlanRoleId, people: readonly PersonId[]): PlannedRequest[] {
  const sorted = [...new Set(people)].sort((a, b) => a - b);
  const path = roleMembersPath(roleId);
  return Array.from({ length: Math.ceil(sorted.length / MAX_PEOPLE_PER_REQUEST) }, (_, index) => ({
    method: 'PUT',
    path,
    body: sorted.slice(index * MAX_PEOPLE_PER_REQUEST, (index + 1) * MAX_PEOPLE_PER_REQUEST),
  }));
}

/** The older request that sets the default role. It does not change the allowlist. The value is text. */
function customerStateRequest(defaultRoleId: PlanRoleId): PlannedRequest {
  return {
    method: 'PUT',
    path: customerStatePath(),
    body: { name: DEFAULT_ROLE_STATE, value: String(requestIdOf(defaultRoleId)) },
  };
}

/**
 * The newer request, which sets the default role and the allowlist. `allowlist: null` turns the list off; without the key the
 * list is not sent. Lists are sorted.
 */
export function settingsRequest(settings: {
  defaultRoleId: PlanRoleId;
  allowlist?: readonly PlanRoleId[] | null;
}): PlannedRequest {
  const { defaultRoleId, allowlist } = settings;
  return {
    method: 'PUT',
    path: SETTINGS_PATH,
    body: {
      defaultRoleId: requestIdOf(defaultRoleId),
      ...(allowlist === undefined
        ? {}
        : { allowlistRoleIds: allowlist === null ? null : sortRoleIds(allowlist).map(requestIdOf) }),
    },
  };
}

/**
 * Returns the requests that set the default role, in the order to try them: the second is for an instance that does not know
 * the first. An allowlist that is on is sent with the new default role added, because leaving it out might turn it off. If the
 * list cannot be read, only the customer state is safe, because it does not change the list.
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

/** Returns both requests that replace the grants of a role, in the order to try them. */
export function setGrantsRequests(
  roleId: PlanRoleId,
  grants: readonly string[],
): [PlannedRequest, PlannedRequest] {
  return [setGrantsRequest(roleId, grants), otherForm(setGrantsRequest(roleId, grants, 'PATCH'))];
}

function otherForm(request: PlannedRequest): PlannedRequest {
  return { ...request, when: 'first-form-unknown' };
}

/** Deletes a role. */
export function deleteRoleRequest(roleId: PlanRoleId): PlannedRequest {
  return { method: 'DELETE', path: rolePath(roleId), body: null };
}

/** Returns the path of one role. */
export function rolePath(roleId: PlanRoleId): string {
  return `${ROLES_PATH}/${requestIdOf(roleId)}`;
}

/** Returns the path that answers whether a role exists. */
export function roleExistsPath(roleId: PlanRoleId): string {
  return `${rolePath(roleId)}/exists`;
}

/** Returns the path of the list of grants of a role. */
export function roleGrantsPath(roleId: PlanRoleId): string {
  return `${rolePath(roleId)}/authorities`;
}

/** Returns the path of the member list of a role. */
export function roleMembersPath(roleId: PlanRoleId): string {
  return `${rolePath(roleId)}/users`;
}

/** Returns the path of the customer state that holds the default role. */
export function customerStatePath(): string {
  return `/api/content/v1/customer-states/${DEFAULT_ROLE_STATE}`;
}
