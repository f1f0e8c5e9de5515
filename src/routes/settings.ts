import type { RoleId } from '../model/ids.js';
import type { Auth } from './auth.js';
import { openCall, openRoleCall, type RouteCall, type RouteOptions, type RouteResponse } from './call.js';
import { RoleCrudError, RoleNotRetrieved } from './errors.js';
import { listIn, roleIdIn, type RoleIdLike } from './ids.js';
import { isUnsupported, statusOf } from './fallback.js';
import { customerStatePath, defaultRoleRequests, SETTINGS_PATH, settingsRequest } from './requests.js';
import type { PlannedRequest } from '../model/planned-request.js';
import { problem, ProblemError } from '../problem/problem.js';
import { unexpectedShape, countIn, record, type WireRecord } from './wire.js';
import { isRecord } from '../model/record.js';

/** Reads the id of the default role as text, which is how Domo stores it. `2` if it has never been set. */
export async function getDefaultRole(auth: Auth, options: RouteOptions = {}): Promise<RouteResponse<string>> {
  const call = openCall(auth, 'getDefaultRole', { options, raises: RoleNotRetrieved });
  return call.run(async () => {
    const path = customerStatePath();
    const { status, body } = await call.send({
      method: 'GET',
      path,
      query: { defaultValue: 2, ignoreCache: true },
    });
    const { value } = record(body, `GET ${path}`);
    if (typeof value !== 'string' && typeof value !== 'number')
      throw unexpectedShape(`GET ${path}`, 'an object with value');
    return call.answer(status, String(value));
  });
}

/** Reads the role settings; null if the response contains none. */
export async function getRoleSettings(
  auth: Auth,
  options: RouteOptions = {},
): Promise<RouteResponse<WireRecord | null>> {
  const call = openCall(auth, 'getRoleSettings', { options, raises: RoleNotRetrieved });
  return call.run(async () => {
    const { status, body } = await readSettings(call);
    return call.answer(status, isRecord(body) ? body : null);
  });
}

/** Reads the role settings. The client retries a truncated response; one that stays unreadable has the body null. */
async function readSettings(call: RouteCall): ReturnType<RouteCall['send']> {
  try {
    return await call.send({ method: 'GET', path: SETTINGS_PATH });
  } catch (error) {
    const status = statusOf(error);
    const codes = error instanceof ProblemError ? error.problems.map(({ code }) => code) : [];
    if (status === null || !codes.includes('bad-answer')) throw error;
    return { status, body: null };
  }
}

/** Sets the default role and the allowlist. `null` turns the list off; without the key it is not sent. */
export async function setRoleSettings(
  auth: Auth,
  settings: { defaultRoleId: RoleIdLike; allowlistRoleIds?: readonly RoleIdLike[] | null },
  options: RouteOptions = {},
): Promise<RouteResponse<unknown>> {
  const { defaultRoleId: roleId, allowlistRoleIds: list } = settings;
  const call = openRoleCall(auth, 'setRoleSettings', { options, roleId, raises: RoleCrudError });
  return call.run(async () => {
    const defaultRoleId = call.roleId;
    const allowlist = list === undefined ? {} : { allowlist: list === null ? null : idsIn(list, call) };
    const { status, body } = await call.send({
      ...settingsRequest({ defaultRoleId, ...allowlist }),
      answer: 'any',
    });
    return call.answer(status, body);
  });
}

/** The live allowlist. */
type Allowlist = readonly RoleId[] | 'off' | 'unreadable';

/**
 * Sets the default role and does not change the allowlist. `allowlist` is the live list; by default it is read.
 * `domolibrary` sends `allowlistRoleIds: null` here, whose effect on a list that is on is unknown. Therefore a list that is
 * on is sent completely, and otherwise the older request is used, which does not change the list. If the instance does not
 * know one request (404, 405), the other one is used, except if the list cannot be read: the newer request could turn it
 * off.
 */
export async function setDefaultRole(
  auth: Auth,
  role: { roleId: RoleIdLike; allowlist?: readonly RoleIdLike[] | 'off' | 'unreadable' },
  options: RouteOptions = {},
): Promise<RouteResponse<unknown>> {
  const { roleId } = role;
  const call = openRoleCall(auth, 'setDefaultRole', { options, roleId, raises: RoleCrudError });
  return call.run(async () => {
    const given = typeof role.allowlist === 'object' ? idsIn(role.allowlist, call) : role.allowlist;
    const allowlist = given ?? (await readAllowlist(call));
    const [first, second] = defaultRoleRequests(call.roleId, allowlist);
    const send = ({ method, path, body }: PlannedRequest): ReturnType<RouteCall['send']> =>
      call.send({ method, path, body, answer: 'any' });
    const { status, body } = await send(first).catch(async (error: unknown) => {
      if (!isUnsupported(error)) throw error;
      if (second === undefined) throw noSafeForm(call, error);
      // The list may have been turned on in the meantime, and the newer request would not send it.
      if (allowlist === 'off' && (await readAllowlist(call)) !== 'off') throw noSafeForm(call, error);
      return send(second).catch((later: unknown) => {
        throw isUnsupported(later) ? error : later;
      });
    });
    return call.answer(status, body);
  });
}

function idsIn(ids: readonly RoleIdLike[], { context }: RouteCall): RoleId[] {
  const errors = { raises: RoleCrudError, context };
  return listIn(ids, 'the allowlist', errors).map((id) => roleIdIn(id, errors));
}

/** Returns the error of an instance without the customer state if the newer request could turn off the list. */
function noSafeForm(call: RouteCall, cause: unknown): RoleCrudError {
  const status = statusOf(cause);
  const message =
    `the instance does not know PUT ${customerStatePath()} (${status}), and PUT ${SETTINGS_PATH} is not sent` +
    ' because it could turn off a roles allowlist that is on or cannot be read';
  const hint = 'use a token that may read the role settings, or set the default role in the web page';
  const found = problem('write-failed', `${message}; ${hint}`, { where: { what: SETTINGS_PATH }, hint });
  return new RoleCrudError({ ...call.context, status, message: found.message }, [found], { cause });
}

async function readAllowlist(call: RouteCall): Promise<Allowlist> {
  try {
    const { body } = await readSettings(call);
    const list = isRecord(body) ? body.allowlistRoleIds : undefined;
    if (list === null) return 'off';
    const ids = Array.isArray(list) ? list.map(countIn) : null;
    if (ids?.every((id) => id !== null) !== true) return 'unreadable';
    return ids;
  } catch (error) {
    if (isSettingsUnreadable(error)) return 'unreadable';
    throw error;
  }
}

/**
 * Does this error mean that the role settings cannot be read? An instance may not know the path (404, 405), may not allow
 * it (403), or may read `settings` as the id of a role (400).
 */
export function isSettingsUnreadable(error: unknown): boolean {
  const status = statusOf(error);
  return isUnsupported(error) || status === 403 || status === 400;
}
