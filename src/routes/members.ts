import type { Auth } from './auth.js';
import { openCall, type RouteCall, type RouteOptions, type RouteResponse } from './call.js';
import { RoleCrudError, RoleNotRetrieved } from './errors.js';
import { roleIdIn, type RoleId, type UserId } from './ids.js';
import { readPages, type Page } from './paging.js';
import { moveMembersRequests, rolePath } from './requests.js';
import { checkRoleExists } from './roles.js';
import {
  badShape,
  countIn,
  memberIn,
  record,
  recordList,
  type WireMember,
  type WireMembership,
} from './wire.js';

/** Options of `getRoleMembership`. */
export interface MembershipOptions extends RouteOptions {
  /** People asked for at once. Default 1,000; the instance may give less. */
  pageSize?: number;
  /** The whole answer instead of the list of people. */
  returnRaw?: boolean;
  /**
   * Is an empty list looked into, since Domo gives one for a role that is not there too? Default true; who has
   * just seen the role saves the request.
   */
  checkEmpty?: boolean;
}

/**
 * The people of a role by its own list, all pages, checked against the declared total. Raises
 * `RoleNotRetrieved` where it is empty because there is no such role.
 */
export async function getRoleMembership(
  auth: Auth,
  roleId: RoleId,
  options: MembershipOptions & { returnRaw: true },
): Promise<RouteResponse<WireMembership>>;
export async function getRoleMembership(
  auth: Auth,
  roleId: RoleId,
  options?: MembershipOptions & { returnRaw?: false },
): Promise<RouteResponse<readonly WireMember[]>>;
export async function getRoleMembership(
  auth: Auth,
  roleId: RoleId,
  options: MembershipOptions = {},
): Promise<RouteResponse<readonly WireMember[] | WireMembership>> {
  const call = openCall(auth, 'getRoleMembership', { options, roleId, raises: RoleNotRetrieved });
  const path = `${rolePath(call.roleId)}/users`;
  let status = 200;
  const users = await readPages<WireMember>({
    what: `people of role ${call.roleId}`,
    pageSize: options.pageSize ?? 1_000,
    fetch: async ({ offset, limit }) => {
      const answer = await call.send({ method: 'GET', path, query: { offset, limit } });
      status = answer.status;
      return pageIn(answer.body, `GET ${path}`);
    },
    idOf: ({ userId }) => String(userId),
  });
  if (users.length === 0 && (options.checkEmpty ?? true)) await checkRoleExists(call, call.roleId);
  const raw = { totalCount: users.length, totalFilteredCount: users.length, users };
  return call.answer(status, options.returnRaw === true ? raw : users);
}

function pageIn(body: unknown, what: string): Page<WireMember> {
  const { totalCount, users } = record(body, what);
  const total = countIn(totalCount);
  if (total === null) throw badShape(what, 'an object with totalCount');
  return { total, items: recordList(users, what).map((one) => memberIn(one, what)) };
}

/**
 * Puts people into a role, which takes them out of the one they were in. Sent in batches; the first that
 * fails ends it.
 */
export async function roleMembershipAddUsers(
  auth: Auth,
  role: { roleId: RoleId; userIds: readonly UserId[] },
  options: RouteOptions = {},
): Promise<RouteResponse<unknown>> {
  const { roleId } = role;
  const call = openCall(auth, 'roleMembershipAddUsers', { options, roleId, raises: RoleCrudError });
  const raising = { raises: RoleCrudError, context: call.context };
  const userIds = role.userIds.map((id) => roleIdIn(id, 'user id', raising));
  let last: Awaited<ReturnType<RouteCall['send']>> = { status: 204, body: null };
  for (const request of moveMembersRequests(call.roleId, userIds)) {
    last = await call.send({ ...request, answer: 'any' });
  }
  return call.answer(last.status, last.body);
}
