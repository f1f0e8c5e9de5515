import type { Auth } from './auth.js';
import {
  openRoleCall,
  type RoleCall,
  type RouteCall,
  type RouteOptions,
  type RouteResponse,
} from './call.js';
import { RoleCrudError, RoleNotRetrieved } from './errors.js';
import { listIn, userIdIn, type RoleIdLike, type UserIdLike } from './ids.js';
import { readPages, incompleteList, type Page } from './paging.js';
import { moveMembersRequests, roleMembersPath } from './requests.js';
import { checkRoleExists, findRole } from './roles.js';
import { countIn, memberIn, record, recordList, type WireMember, type WireMembership } from './wire.js';

/** Options of `getRoleMembership`. */
export interface MembershipOptions extends RouteOptions {
  /** People per page. Default 1,000; the instance may return fewer. */
  pageSize?: number;
  /** Return the whole response instead of the list of people. */
  returnRaw?: boolean;
  /**
   * Check that the role exists if its list is empty, because Domo also returns an empty list for a role that does not exist.
   * Default true; false saves a request if the role is known to exist.
   */
  checkEmpty?: boolean;
}

/**
 * Reads all pages of the member list of a role, and checks them against the declared total. Raises `RoleNotRetrieved` for a
 * role that does not exist, `short-list` for an incomplete list.
 */
export async function getRoleMembership(
  auth: Auth,
  roleId: RoleIdLike,
  options: MembershipOptions & { returnRaw: true },
): Promise<RouteResponse<WireMembership>>;
export async function getRoleMembership(
  auth: Auth,
  roleId: RoleIdLike,
  options?: MembershipOptions & { returnRaw?: false },
): Promise<RouteResponse<readonly WireMember[]>>;
export async function getRoleMembership(
  auth: Auth,
  roleId: RoleIdLike,
  options?: MembershipOptions,
): Promise<RouteResponse<readonly WireMember[] | WireMembership>>;
export async function getRoleMembership(
  auth: Auth,
  roleId: RoleIdLike,
  options: MembershipOptions = {},
): Promise<RouteResponse<readonly WireMember[] | WireMembership>> {
  const call = openRoleCall(auth, 'getRoleMembership', { options, roleId, raises: RoleNotRetrieved });
  return call.run(async () => {
    const pageSize = options.pageSize ?? 1_000;
    const first = await readMembers(call, pageSize);
    const { status, users } = first.total ? first : await countedMembers(call, { first, pageSize });
    if (users.length === 0 && (options.checkEmpty ?? true)) await checkRoleExists(call);
    const raw = { totalCount: users.length, totalFilteredCount: users.length, users };
    return call.answer(status, options.returnRaw === true ? raw : users);
  });
}

interface Members {
  status: number;
  users: readonly WireMember[];
  /** Did the list declare a total? */
  total: boolean;
}

async function readMembers(call: RoleCall, pageSize: number): Promise<Members> {
  const path = roleMembersPath(call.roleId);
  let status = 200;
  let total = true;
  const users = await readPages<WireMember>({
    what: `people of role ${call.roleId}`,
    pageSize,
    fetch: async ({ offset, limit }) => {
      const answer = await call.send({ method: 'GET', path, query: { offset, limit } });
      status = answer.status;
      const page = pageIn(answer.body, `GET ${path}`);
      total &&= page.total !== null;
      return page;
    },
    idOf: ({ userId }) => userId,
  });
  return { status, users, total };
}

/** Checks a list without a total against the user count of the role. If they differ, the list is read again once. */
async function countedMembers(
  call: RoleCall,
  { first, pageSize }: { first: Members; pageSize: number },
): Promise<Members> {
  let members = first;
  for (let attempt = 1; ; attempt += 1) {
    const count = await userCountOf(call);
    if (count === null || count === members.users.length) return members;
    if (attempt > 1) {
      const { length } = members.users;
      throw incompleteList(
        { what: `people of role ${call.roleId}` },
        `the role reports ${count} people, but ${length} were returned`,
      );
    }
    members = await readMembers(call, pageSize);
  }
}

async function userCountOf(call: RoleCall): Promise<number | null> {
  return (await findRole(call)).role?.userCount ?? null;
}

function pageIn(body: unknown, what: string): Page<WireMember> {
  const { totalCount, totalFilteredCount, users } = record(body, what);
  const total = countIn(totalCount) ?? countIn(totalFilteredCount);
  return { total, items: recordList(users, what).map((one) => memberIn(one, what)) };
}

/**
 * Moves people to a role; a person has exactly one role. Sends batches and stops at the first that fails.
 */
export async function roleMembershipAddUsers(
  auth: Auth,
  role: { roleId: RoleIdLike; userIds: readonly UserIdLike[] },
  options: RouteOptions = {},
): Promise<RouteResponse<unknown>> {
  const { roleId } = role;
  const call = openRoleCall(auth, 'roleMembershipAddUsers', { options, roleId, raises: RoleCrudError });
  return call.run(async () => {
    const errors = { raises: RoleCrudError, context: call.context };
    const userIds = listIn(role.userIds, 'userIds', errors).map((id) => userIdIn(id, errors));
    let last: Awaited<ReturnType<RouteCall['send']>> = { status: 204, body: null };
    for (const request of moveMembersRequests(call.roleId, userIds)) {
      last = await call.send({ ...request, answer: 'any' });
    }
    return call.answer(last.status, last.body);
  });
}
