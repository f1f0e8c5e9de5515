import { HttpError } from '../../http/failure.js';
import type { CatalogueEntry, Grant } from '../../model/grant.js';
import type { PlannedRequest } from '../../model/planned-request.js';
import { openCall } from '../../routes/call.js';
import type { RouteCall } from '../../routes/call.js';
import { RouteError } from '../../routes/errors.js';
import { CATALOGUE_PATH } from '../../routes/grants.js';
import type { Routes } from '../../routes/open-routes.js';
import { catalogueFrom, grantsFrom } from '../../routes/parse-catalogue.js';
import { rolesFrom } from '../../routes/parse-roles.js';
import { roleGrantsPath, roleMembersPath, ROLES_PATH } from '../../routes/requests.js';
import { SEARCH_PATH } from '../../routes/users.js';
import { record, recordList } from '../../routes/wire.js';
import type { WireRecord } from '../../routes/wire.js';
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
  /** Reads a path. A refusal is an error. */
  read(path: string, query?: Readonly<Record<string, string | number | boolean>>): Promise<unknown>;
  /** Reads a path that the instance may not support. */
  tryRead(path: string): Promise<ProbeAnswer>;
  /** Searches for people. */
  search(body: WireRecord): Promise<ProbeAnswer>;
  write(request: PlannedRequest): Promise<ProbeAnswer>;
  roles(): Promise<ProbedRole[]>;
  grants(roleId: RoleId): Promise<Grant[]>;
  /** The number of people that the list of a role shows, and its total if it has one. */
  members(roleId: RoleId): Promise<{ shown: number; total: unknown }>;
  catalogue(): Promise<{ wire: readonly WireRecord[]; catalogue: CatalogueEntry[]; matrix: Matrix }>;
}

/** The grants of each role according to the catalogue. */
export type Matrix = ReadonlyMap<RoleId, readonly Grant[]>;

/** Opens the requests of a probe on the routes of an instance. */
export function openProbeClient({ auth }: Routes): ProbeClient {
  const call = openCall(auth, 'probe', { options: {} });
  const read: ProbeClient['read'] = async (path, query = {}) =>
    (await call.send({ method: 'GET', path, query })).body;
  return {
    read,
    tryRead: (path) => answerOf(call.send({ method: 'GET', path }), [401]),
    search: (body) =>
      answerOf(call.send({ method: 'POST', path: SEARCH_PATH, read: true, body }), [401, 403]),
    write: (request) => answerOf(send(call, request), [401, 403]),
    roles: async () => rolesFrom(recordList(await read(ROLES_PATH), `GET ${ROLES_PATH}`)),
    grants: async (roleId) => grantsFrom(await read(roleGrantsPath(roleId)), `the grants of role ${roleId}`),
    members: async (roleId) => {
      const path = roleMembersPath(roleId);
      const { users, totalCount } = record(await read(path, { offset: 0, limit: 1 }), `GET ${path}`);
      return { shown: recordList(users, `GET ${path}`).length, total: totalCount };
    },
    catalogue: async () => {
      const wire = recordList(await read(CATALOGUE_PATH), `GET ${CATALOGUE_PATH}`);
      return { wire, ...catalogueFrom(wire) };
    },
  };
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
