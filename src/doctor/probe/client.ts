import { HttpError } from '../../http/failure.js';
import type { CatalogueEntry, Grant } from '../../model/grant.js';
import type { PlannedRequest } from '../../model/planned-request.js';
import { marksAdminLevel, membersForm, roleIdTypes, searchForm } from '../../routes/answer-forms.js';
import type { MembersForm, SearchForm } from '../../routes/answer-forms.js';
import { openCall } from '../../routes/call.js';
import type { RouteCall } from '../../routes/call.js';
import { RouteError } from '../../routes/errors.js';
import { CATALOGUE_PATH } from '../../routes/grants.js';
import type { Routes } from '../../routes/open-routes.js';
import { catalogueFrom, grantsFrom } from '../../routes/parse-catalogue.js';
import { PERSON_ATTRIBUTES } from '../../routes/parse-people.js';
import { rolesFrom } from '../../routes/parse-roles.js';
import { roleGrantsPath, roleMembersPath, ROLES_PATH } from '../../routes/requests.js';
import { checkRoles } from '../../routes/roles.js';
import { searchRequest, type UserSearch } from '../../routes/users.js';
import { recordList } from '../../routes/wire.js';
import type { RoleId } from '../../model/ids.js';

/** The response to a request of a probe, which may be a refusal. */
export interface ProbeAnswer {
  status: number;
  body: unknown;
}

/** The fields of a live role that a probe reads. */
export interface ProbedRole {
  id: RoleId;
  name: string;
  userCount: number | null;
  grantCount: number | null;
}

/** The requests of a probe. Unlike the routes, they have no fallbacks. */
export interface ProbeClient {
  /** Reads a path that the instance may not support. */
  tryRead(path: string): Promise<ProbeAnswer>;
  /** Searches for people: a page of this size, or the status of a refusal. */
  search(limit: number): Promise<SearchForm | { refused: number }>;
  write(request: PlannedRequest): Promise<ProbeAnswer>;
  /** All roles, and the types of their ids on the wire. */
  roleList(): Promise<{ roles: readonly ProbedRole[]; idTypes: ReadonlySet<string> }>;
  roles(): Promise<readonly ProbedRole[]>;
  grants(roleId: RoleId): Promise<Grant[]>;
  /** The first page of a role's member list, with one person. */
  members(roleId: RoleId): Promise<MembersForm>;
  catalogue(): Promise<CatalogueRead>;
}

/** The catalogue as a probe reads it. */
export interface CatalogueRead {
  marksAdminLevel: boolean;
  catalogue: readonly CatalogueEntry[];
  matrix: Matrix;
}

/** The grants of each role according to the catalogue. */
export type Matrix = ReadonlyMap<RoleId, readonly Grant[]>;

/** Opens the requests of a probe on the routes of an instance. */
export function openProbeClient({ auth }: Routes): ProbeClient {
  const call = openCall(auth, 'probe', { options: {} });
  const read = async (path: string, query: Readonly<Record<string, number>> = {}): Promise<unknown> =>
    (await call.send({ method: 'GET', path, query })).body;
  const roleList: ProbeClient['roleList'] = async () => {
    const wire = await read(ROLES_PATH);
    // A list without the system roles is incomplete: it must not prove that a throwaway role was deleted.
    const roles = checkRoles(rolesFrom(recordList(wire, `GET ${ROLES_PATH}`)));
    return { roles, idTypes: roleIdTypes(wire) };
  };
  return {
    tryRead: (path) => answerOf(call.send({ method: 'GET', path }), [401]),
    search: async (limit) => {
      const { status, body } = await answerOf(call.send(searchRequest(firstPage(limit))), [401, 403]);
      return status >= 400 ? { refused: status } : searchForm(body);
    },
    write: (request) => answerOf(send(call, request), [401, 403]),
    roleList,
    roles: async () => (await roleList()).roles,
    grants: async (roleId) => grantsFrom(await read(roleGrantsPath(roleId)), `the grants of role ${roleId}`),
    members: async (roleId) => {
      const path = roleMembersPath(roleId);
      return membersForm(await read(path, { offset: 0, limit: 1 }), `GET ${path}`);
    },
    catalogue: async () => {
      const wire = recordList(await read(CATALOGUE_PATH), `GET ${CATALOGUE_PATH}`);
      return { marksAdminLevel: marksAdminLevel(wire), ...catalogueFrom(wire) };
    },
  };
}

function firstPage(limit: number): UserSearch {
  return { offset: 0, limit, includeDeleted: false, includeSupport: false, attributes: PERSON_ATTRIBUTES };
}

function send(call: RouteCall, { method, path, body }: PlannedRequest): ReturnType<RouteCall['send']> {
  // A create is sent once, because it may succeed although its answer is lost.
  return call.send({ method, path, body, answer: 'any', idempotent: method !== 'POST' });
}

/** Statuses that concern the proxy, the network or the rate limit instead of the request. */
const NO_FINDING = [407, 408, 429];

async function answerOf(sent: Promise<ProbeAnswer>, errors: readonly number[]): Promise<ProbeAnswer> {
  try {
    return await sent;
  } catch (error) {
    const cause = error instanceof RouteError ? error.cause : error;
    const status = cause instanceof HttpError ? cause.status : null;
    if (status === null || status < 400 || status > 499) throw error;
    if (NO_FINDING.includes(status) || errors.includes(status)) throw error;
    return { status, body: null };
  }
}
