import type { Auth } from './auth.js';
import { textsIn, type RoleIdLike } from './ids.js';
import {
  openCall,
  openRoleCall,
  type RoleCall,
  type RouteCall,
  type RouteOptions,
  type RouteResponse,
} from './call.js';
import { RoleCrudError, RoleNotRetrieved } from './errors.js';
import { isUnsupported } from './fallback.js';
import { roleGrantsPath, setGrantsRequest } from './requests.js';
import { checkRoleExists } from './roles.js';
import { settledWrite, type WriteOptions } from './settle.js';
import { unexpectedShape, recordList, type WireAuthority } from './wire.js';

/** Path of the catalogue of grants. */
export const CATALOGUE_PATH = '/api/authorization/v1/authorities';

/** Reads the catalogue of grants. Each entry lists the roles that hold it, so one call returns the whole matrix. */
export async function getAuthorities(
  auth: Auth,
  options: RouteOptions = {},
): Promise<RouteResponse<readonly WireAuthority[]>> {
  const call = openCall(auth, 'getAuthorities', { options });
  return call.run(async () => {
    const { status, body } = await call.send({ method: 'GET', path: CATALOGUE_PATH });
    return call.answer(status, recordList(body, `GET ${CATALOGUE_PATH}`));
  });
}

/** Reads the list of grants of a role. Raises `RoleNotRetrieved` for a role that does not exist. */
export async function getRoleGrants(
  auth: Auth,
  roleId: RoleIdLike,
  options: RouteOptions = {},
): Promise<RouteResponse<readonly string[]>> {
  const call = openRoleCall(auth, 'getRoleGrants', { options, roleId, raises: RoleNotRetrieved });
  return call.run(async () => {
    const { status, grants } = await readGrants(call);
    return call.answer(status, grants);
  });
}

async function readGrants(call: RoleCall): Promise<{ status: number; grants: readonly string[] }> {
  const path = roleGrantsPath(call.roleId);
  const { status, body } = await call.send({ method: 'GET', path });
  if (!isTextList(body)) throw unexpectedShape(`GET ${path}`, 'a list of authority ids');
  if (body.length === 0) await checkRoleExists(call);
  return { status, grants: body };
}

/**
 * Replaces the whole list of grants of a role. After a 400 the list is read back: the write counts as done if the list has all
 * grants that were sent, and besides them only grants that they depend on, which an instance may add.
 */
export async function setRoleGrants(
  auth: Auth,
  role: { roleId: RoleIdLike; grants: readonly string[] },
  options: WriteOptions = {},
): Promise<RouteResponse<unknown>> {
  const { roleId } = role;
  const call = openRoleCall(auth, 'setRoleGrants', { options, roleId, raises: RoleCrudError });
  const grants = textsIn(role.grants, 'grants', { raises: RoleCrudError, context: call.context });
  return call.run(() => {
    const wanted = new Set(grants);
    return settledWrite(call, options, {
      send: () => sendGrants(call, grants),
      isDone: async () => {
        const now = new Set((await readGrants(call)).grants);
        if (![...wanted].every((grant) => now.has(grant))) return false;
        return now.size === wanted.size || isWithin(now, await impliedBy(call, wanted));
      },
      verb: 'modified',
    });
  });
}

/** Returns the grants and everything that they depend on according to the catalogue of the instance. */
async function impliedBy(call: RouteCall, grants: Iterable<string>): Promise<ReadonlySet<string>> {
  const { body } = await call.send({ method: 'GET', path: CATALOGUE_PATH });
  const dependencies = new Map(
    recordList(body, `GET ${CATALOGUE_PATH}`).map(({ authority, dependsOnAuthorities: list }) => [
      authority,
      isTextList(list) ? list : [],
    ]),
  );
  const implied = new Set(grants);
  // Iterating a set visits values added during the iteration, so every dependency is followed once.
  for (const grant of implied) for (const need of dependencies.get(grant) ?? []) implied.add(need);
  return implied;
}

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every((one) => all.has(one));
}

/** The method that an instance has accepted, by auth. It is tried first. */
const knownMethod = new WeakMap<Auth, 'PUT' | 'PATCH'>();

/** Sends the grants with `PUT`, as `domolibrary` does, or with `PATCH`, as the API reference says. */
async function sendGrants(call: RoleCall, grants: readonly string[]): ReturnType<RouteCall['send']> {
  const first = knownMethod.get(call.auth) ?? 'PUT';
  const second = first === 'PUT' ? 'PATCH' : 'PUT';
  const send = (method: 'PUT' | 'PATCH'): ReturnType<RouteCall['send']> =>
    // Both methods replace the whole list, so a retry is safe.
    call.send({ ...setGrantsRequest(call.roleId, grants, method), answer: 'any', idempotent: true });
  try {
    return await send(first);
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    // A deleted role is 404 for both methods, so the result does not show which method is known.
    const answer = await send(second).catch((later: unknown) => {
      if (!isUnsupported(later)) knownMethod.set(call.auth, second);
      throw isUnsupported(later) ? error : later;
    });
    knownMethod.set(call.auth, second);
    return answer;
  }
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
