import type { Auth } from './auth.js';
import type { RoleIdLike } from './ids.js';
import {
  openCall,
  openRoleCall,
  type RoleCall,
  type RouteCall,
  type RouteOptions,
  type RouteResponse,
} from './call.js';
import { RoleCrudError, RoleNotRetrieved } from './errors.js';
import { isUnknownHere } from './fallback.js';
import { rolePath, setGrantsRequest } from './requests.js';
import { checkRoleExists } from './roles.js';
import { settledWrite, type WriteOptions } from './settle.js';
import { badShape, recordList, type WireAuthority } from './wire.js';

/** Where the catalogue of grants is read. */
export const CATALOGUE_PATH = '/api/authorization/v1/authorities';

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
  roleId: RoleIdLike,
  options: RouteOptions = {},
): Promise<RouteResponse<readonly string[]>> {
  const call = openRoleCall(auth, 'getRoleGrants', { options, roleId, raises: RoleNotRetrieved });
  const { status, grants } = await readGrants(call);
  return call.answer(status, grants);
}

async function readGrants(call: RoleCall): Promise<{ status: number; grants: readonly string[] }> {
  const path = `${rolePath(call.roleId)}/authorities`;
  const { status, body } = await call.send({ method: 'GET', path });
  if (!isTextList(body)) throw badShape(`GET ${path}`, 'a list of authority ids');
  if (body.length === 0) await checkRoleExists(call);
  return { status, grants: body };
}

/**
 * Replaces a role's whole list of grants. A 400 is settled by reading the list back: it is done where the list has
 * everything that was sent, and beyond it only grants that those depend on, which an instance may add.
 */
export async function setRoleGrants(
  auth: Auth,
  role: { roleId: RoleIdLike; grants: readonly string[] },
  options: WriteOptions = {},
): Promise<RouteResponse<unknown>> {
  const wanted = new Set(role.grants);
  const { roleId } = role;
  const call = openRoleCall(auth, 'setRoleGrants', { options, roleId, raises: RoleCrudError });
  return settledWrite(call, options, {
    send: () => sendGrants(call, role.grants),
    isDone: async () => {
      const now = new Set((await readGrants(call)).grants);
      if (![...wanted].every((grant) => now.has(grant))) return false;
      return now.size === wanted.size || isWithin(now, await impliedBy(call, wanted));
    },
    verb: 'modified',
  });
}

/** The grants and all that they depend on, by the catalogue of the instance. */
async function impliedBy(call: RouteCall, grants: Iterable<string>): Promise<ReadonlySet<string>> {
  const { body } = await call.send({ method: 'GET', path: CATALOGUE_PATH });
  const dependencies = new Map(
    recordList(body, `GET ${CATALOGUE_PATH}`).map(({ authority, dependsOnAuthorities: list }) => [
      authority,
      isTextList(list) ? list : [],
    ]),
  );
  const implied = new Set(grants);
  // A set grows while it is iterated, so that this follows every dependency once.
  for (const grant of implied) for (const need of dependencies.get(grant) ?? []) implied.add(need);
  return implied;
}

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every((one) => all.has(one));
}

/** The methods in the order to try them; which one an instance knows is remembered with its auth. */
const knownMethod = new WeakMap<Auth, 'PUT' | 'PATCH'>();

/** Sources disagree: the Python routes say `PUT`, the API reference says `PATCH`. */
async function sendGrants(call: RoleCall, grants: readonly string[]): ReturnType<RouteCall['send']> {
  const first = knownMethod.get(call.auth) ?? 'PUT';
  const second = first === 'PUT' ? 'PATCH' : 'PUT';
  const send = (method: 'PUT' | 'PATCH'): ReturnType<RouteCall['send']> =>
    // Either replaces the whole list, so either may be sent twice.
    call.send({ ...setGrantsRequest(call.roleId, grants, method), answer: 'any', idempotent: true });
  try {
    return await send(first);
  } catch (error) {
    if (!isUnknownHere(error)) throw error;
    // A role that is gone is 404 to both, and teaches nothing about the method.
    const answer = await send(second).catch((later: unknown) => {
      if (!isUnknownHere(later)) knownMethod.set(call.auth, second);
      throw isUnknownHere(later) ? error : later;
    });
    knownMethod.set(call.auth, second);
    return answer;
  }
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
