import { HttpError } from '../http/failure.js';
import type { RoleId } from '../model/ids.js';
import { SYSTEM_ROLES } from '../model/role.js';
import type { ProblemError } from '../problem/problem.js';
import type { Auth } from './auth.js';
import { openCall, openRoleCall, type RoleCall, type RouteOptions, type RouteResponse } from './call.js';
import { noSuchRole, RoleCrudError, RoleNotRetrieved } from './errors.js';
import { statusOf } from './fallback.js';
import { roleIdIn, type RoleIdLike } from './ids.js';
import { incompleteList } from './paging.js';
import {
  createRoleRequest,
  deleteRoleRequest,
  roleExistsPath,
  roleGrantsPath,
  rolePath,
  ROLES_PATH,
  updateRoleRequest,
} from './requests.js';
import { settledWrite, type WriteOptions } from './settle.js';
import { record, recordList, roleIn, type NewRole, type WireRole } from './wire.js';

/** Reads all roles, including system roles. Not paged. */
export async function getRoles(
  auth: Auth,
  options: RouteOptions = {},
): Promise<RouteResponse<readonly WireRole[]>> {
  const call = openCall(auth, 'getRoles', { options, raises: RoleNotRetrieved });
  return call.run(async () => {
    const { status, body } = await call.send({ method: 'GET', path: ROLES_PATH });
    return call.answer(status, rolesIn(body));
  });
}

function rolesIn(body: unknown): WireRole[] {
  const what = `GET ${ROLES_PATH}`;
  return recordList(body, what).map((role) => roleIn(role, what));
}

/** Reads one role. Raises `RoleNotRetrieved` if it does not exist. */
export async function getRoleById(
  auth: Auth,
  roleId: RoleIdLike,
  options: RouteOptions = {},
): Promise<RouteResponse<WireRole>> {
  const call = openRoleCall(auth, 'getRoleById', { options, roleId, raises: RoleNotRetrieved });
  return call.run(async () => {
    const path = rolePath(call.roleId);
    const { status, body } = await call.send({ method: 'GET', path });
    return call.answer(status, roleIn(record(body, `GET ${path}`), `GET ${path}`));
  });
}

/**
 * Creates a role with the grants of `fromRoleId`; without it, Domo chooses the grants. Never retried: the role may have been
 * created even if the response was lost.
 */
export async function createRole(
  auth: Auth,
  role: { name: string; description?: string; fromRoleId?: RoleIdLike },
  options: RouteOptions = {},
): Promise<RouteResponse<NewRole>> {
  const call = openCall(auth, 'createRole', { options, raises: RoleCrudError });
  return call.run(async () => {
    const { name, description = '' } = role;
    const errors = { raises: RoleCrudError, context: call.context };
    const fromRoleId = role.fromRoleId === undefined ? null : roleIdIn(role.fromRoleId, errors);
    const request = createRoleRequest({ name, description, fromRoleId });
    const { status, body } = await call.send({ ...request, idempotent: false });
    const what = `POST ${ROLES_PATH}`;
    return call.answer(status, roleIn(record(body, what), what));
  });
}

/**
 * Sets the name and description of a role; without a description, the role keeps its own. After a 400 the role is read back.
 */
export async function updateRoleMetadata(
  auth: Auth,
  role: { id: RoleIdLike; name: string; description?: string | null },
  options: WriteOptions = {},
): Promise<RouteResponse<unknown>> {
  const call = openRoleCall(auth, 'updateRoleMetadata', { options, roleId: role.id, raises: RoleCrudError });
  return call.run(async () => {
    const { roleId: id } = call;
    const read = async (): Promise<WireRole> => {
      const path = rolePath(id);
      return roleIn(record((await call.send({ method: 'GET', path })).body, `GET ${path}`), `GET ${path}`);
    };
    const { name } = role;
    const description = role.description ?? (await read()).description ?? '';
    return settledWrite(call, options, {
      send: () => call.send({ ...updateRoleRequest({ id, name, description }), answer: 'any' }),
      isDone: async () => {
        const now = await read();
        return now.name === name && (now.description ?? '').trim() === description.trim();
      },
      verb: 'modified',
    });
  });
}

/**
 * Deletes a role without members. After a 400 the list of roles and the list of its grants are read back, and if both lack it,
 * whether the instance reports it as existing.
 */
export async function deleteRole(
  auth: Auth,
  roleId: RoleIdLike,
  options: WriteOptions = {},
): Promise<RouteResponse<unknown>> {
  const call = openRoleCall(auth, 'deleteRole', { options, roleId, raises: RoleCrudError });
  return call.run(async () => {
    const { method, path } = deleteRoleRequest(call.roleId);
    return settledWrite(call, options, {
      send: () => call.send({ method, path, answer: 'any' }),
      isDone: async () =>
        (await findRole(call)).role === null &&
        (await holdsNoGrants(call)) &&
        !(await isReportedToExist(call)),
      verb: 'deleted',
    });
  });
}

/**
 * Does the list of grants agree that a role does not exist? The list of roles declares no total, so one that lacks the role
 * may be incomplete.
 */
async function holdsNoGrants(call: RoleCall): Promise<boolean> {
  try {
    const { body } = await call.send({ method: 'GET', path: roleGrantsPath(call.roleId) });
    return Array.isArray(body) && body.length === 0;
  } catch (error) {
    if (statusOf(error) === 404) return true;
    throw error;
  }
}

/**
 * Checks that a role with an empty list exists, because Domo also returns an empty list for a role that does not exist. Raises
 * `RoleNotRetrieved`; with the code `short-list` if the instance reports that the role exists.
 */
export async function checkRoleExists(call: RoleCall): Promise<void> {
  const { status, role } = await findRole(call);
  if (role !== null) return;
  if (await isReportedToExist(call)) throw lacksExistingRole(call.roleId);
  throw noSuchRole(call.context, status);
}

/** Returns the error of a list of roles that lacks a role which exists: `short-list`. */
export function lacksExistingRole(id: RoleId): ProblemError {
  return incompleteList({ what: 'roles' }, `it lacks role ${id}, which exists`);
}

/**
 * Does the instance report that a role exists? Only a doubt about a list of roles that lacks it. The path is in an unofficial
 * description alone, so any other answer than `true` decides nothing, and no answer is worth a retry.
 */
async function isReportedToExist(call: RoleCall): Promise<boolean> {
  try {
    const path = roleExistsPath(call.roleId);
    return (await call.send({ method: 'GET', path, answer: 'any', idempotent: false })).body === true;
  } catch (error) {
    if (error instanceof HttpError) return false;
    throw error;
  }
}

/** Finds the role of a call in the list of roles; null if it does not exist. An incomplete list does not prove that. */
export async function findRole(call: RoleCall): Promise<{ status: number; role: WireRole | null }> {
  const { status, body } = await call.send({ method: 'GET', path: ROLES_PATH });
  const roles = rolesIn(body);
  const role = roles.find(({ id }) => id === call.roleId) ?? null;
  if (role === null) checkRoles(roles);
  return { status, role };
}

/** Raises `short-list` if a list of roles lacks a system role, which every instance has. */
export function checkRoles<R extends { id: RoleId }>(roles: readonly R[]): readonly R[] {
  const ids = new Set(roles.map(({ id }) => id));
  for (const [name, id] of Object.entries(SYSTEM_ROLES)) {
    if (!ids.has(id)) throw incompleteList({ what: 'roles' }, `it lacks the system role ${name} (${id})`);
  }
  return roles;
}
