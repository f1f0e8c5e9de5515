import type { HttpClient } from '../http/client.js';
import type { Auth } from './auth.js';
import { openCall, type RouteCall, type RouteOptions, type RouteResponse } from './call.js';
import { RoleCrudError, RoleNotRetrieved } from './errors.js';
import { isUnknownHere } from './fallback.js';
import { rolePath, setGrantsRequest } from './requests.js';
import { checkRoleExists } from './roles.js';
import { badShape, recordList, type WireAuthority } from './wire.js';

const CATALOGUE_PATH = '/api/authorization/v1/authorities';

/** The catalogue of grants, each with all roles that hold it: one call is the whole matrix. */
export async function getAuthorities(
  auth: Auth,
  options: RouteOptions = {},
): Promise<RouteResponse<readonly WireAuthority[]>> {
  const call = openCall(auth, 'getAuthorities', { options });
  const { status, body } = await call.send({ method: 'GET', path: CATALOGUE_PATH });
  return call.answer(status, recordList(body, `GET ${CATALOGUE_PATH}`));
}

/** A role's own list of grants. Raises `RoleNotRetrieved` where it is empty because there is no such role. */
export async function getRoleGrants(
  auth: Auth,
  roleId: number,
  options: RouteOptions = {},
): Promise<RouteResponse<readonly string[]>> {
  const call = openCall(auth, 'getRoleGrants', { options, roleId, raises: RoleNotRetrieved });
  const path = `${rolePath(roleId)}/authorities`;
  const { status, body } = await call.send({ method: 'GET', path });
  if (!isTextList(body)) throw badShape(`GET ${path}`, 'a list of authority ids');
  if (body.length === 0) await checkRoleExists(call, roleId);
  return call.answer(status, body);
}

/** Replaces a role's whole list of grants. A 400 may be told although it was done (facts page). */
export async function setRoleGrants(
  auth: Auth,
  role: { roleId: number; grants: readonly string[] },
  options: RouteOptions = {},
): Promise<RouteResponse<unknown>> {
  const { roleId, grants } = role;
  const call = openCall(auth, 'setRoleGrants', { options, roleId, raises: RoleCrudError });
  const { status, body } = await sendGrants(call, roleId, grants);
  return call.answer(status, body);
}

/** The methods in the order to try them; which one an instance knows is remembered with its client. */
const knownMethod = new WeakMap<HttpClient, 'PUT' | 'PATCH'>();

/** Sources disagree: the Python routes say `PUT`, the API reference says `PATCH`. */
async function sendGrants(
  call: RouteCall,
  roleId: number,
  grants: readonly string[],
): ReturnType<RouteCall['send']> {
  const first = knownMethod.get(call.client) ?? 'PUT';
  const second = first === 'PUT' ? 'PATCH' : 'PUT';
  const send = (method: 'PUT' | 'PATCH'): ReturnType<RouteCall['send']> =>
    // Either replaces the whole list, so either may be sent twice.
    call.send({ ...setGrantsRequest(roleId, grants, method), answer: 'any', idempotent: true });
  try {
    return await send(first);
  } catch (error) {
    if (!isUnknownHere(error)) throw error;
    // A role that is gone is 404 to both, and teaches nothing about the method.
    const answer = await send(second).catch((later: unknown) => {
      if (!isUnknownHere(later)) knownMethod.set(call.client, second);
      throw isUnknownHere(later) ? error : later;
    });
    knownMethod.set(call.client, second);
    return answer;
  }
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
