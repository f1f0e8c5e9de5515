import type { Auth } from './auth.js';
import { openCall, type RouteCall, type RouteOptions, type RouteResponse } from './call.js';
import { noSuchRole, RoleCrudError, RoleNotRetrieved } from './errors.js';
import { createRoleRequest, deleteRoleRequest, rolePath, ROLES_PATH, updateRoleRequest } from './requests.js';
import { record, recordList, type WireRole } from './wire.js';

/** All roles, system roles included. Not paged. */
export async function getRoles(
  auth: Auth,
  options: RouteOptions = {},
): Promise<RouteResponse<readonly WireRole[]>> {
  const call = openCall(auth, 'getRoles', { options, raises: RoleNotRetrieved });
  const { status, body } = await call.send({ method: 'GET', path: ROLES_PATH });
  return call.answer(status, recordList(body, `GET ${ROLES_PATH}`));
}

/** One role. Raises `RoleNotRetrieved` where there is none. */
export async function getRoleById(
  auth: Auth,
  roleId: number,
  options: RouteOptions = {},
): Promise<RouteResponse<WireRole>> {
  const call = openCall(auth, 'getRoleById', { options, roleId, raises: RoleNotRetrieved });
  const path = rolePath(roleId);
  const { status, body } = await call.send({ method: 'GET', path });
  return call.answer(status, record(body, `GET ${path}`));
}

/**
 * Makes a role. It starts with the grants of `fromRoleId`; without it, with what Domo chooses. Is
 * sent once, whatever happens: a lost answer may have made the role.
 */
export async function createRole(
  auth: Auth,
  role: { name: string; description?: string; fromRoleId?: number },
  options: RouteOptions = {},
): Promise<RouteResponse<WireRole>> {
  const call = openCall(auth, 'createRole', { options, raises: RoleCrudError });
  const { name, description = '', fromRoleId = null } = role;
  const request = createRoleRequest({ name, description, fromRoleId });
  const { status, body } = await call.send({ ...request, idempotent: false });
  return call.answer(status, record(body, `POST ${ROLES_PATH}`));
}

/** Sets name and description. A 400 may be told although it was done (facts page). */
export async function updateRoleMetadata(
  auth: Auth,
  role: { id: number; name: string; description: string },
  options: RouteOptions = {},
): Promise<RouteResponse<unknown>> {
  const call = openCall(auth, 'updateRoleMetadata', { options, roleId: role.id, raises: RoleCrudError });
  const { status, body } = await call.send({ ...updateRoleRequest(role), answer: 'any' });
  return call.answer(status, body);
}

/** Deletes a role that nobody is in. A 400 may be told although it was done (facts page). */
export async function deleteRole(
  auth: Auth,
  roleId: number,
  options: RouteOptions = {},
): Promise<RouteResponse<unknown>> {
  const call = openCall(auth, 'deleteRole', { options, roleId, raises: RoleCrudError });
  const { method, path } = deleteRoleRequest(roleId);
  const { status, body } = await call.send({ method, path, answer: 'any' });
  return call.answer(status, body);
}

/**
 * Domo answers an empty list for a role that does not exist: so an empty one is looked up among all roles.
 * Raises `RoleNotRetrieved` where it is not.
 */
export async function checkRoleExists(call: RouteCall, roleId: number): Promise<void> {
  const { status, body } = await call.send({ method: 'GET', path: ROLES_PATH });
  const roles: readonly WireRole[] = recordList(body, `GET ${ROLES_PATH}`);
  if (!roles.some(({ id }) => String(id) === String(roleId))) throw noSuchRole(call.context, status);
}
