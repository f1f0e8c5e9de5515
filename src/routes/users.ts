import type { HttpRequest } from '../http/request.js';
import type { PersonId } from '../model/ids.js';
import type { Auth } from './auth.js';
import { openCall, type RouteOptions, type RouteResponse } from './call.js';
import {
  countIn,
  record,
  recordItem,
  unexpectedShape,
  type WireRecord,
  type WireUser,
  type WireUserPage,
} from './wire.js';

/** Path of user search. */
const SEARCH_PATH = '/api/identity/v1/users/search';
const ME_PATH = '/api/content/v2/users/me';

/** A search for people. Missing keys do not narrow the search. */
export interface UserSearch {
  offset: number;
  limit: number;
  includeDeleted: boolean;
  includeSupport: boolean;
  /** Filters by id. An instance may ignore the filter. */
  ids?: readonly PersonId[];
  /** Filters by a part of the address; compare the results for an exact match. */
  emailContains?: string;
  attributes?: readonly string[];
}

/** Options of a search. */
export interface SearchOptions<U> extends RouteOptions {
  /**
   * Returns what the response shall contain instead of a user. Pages are parsed in parts, so users as sent are freed early, which
   * takes less time and memory for many people. Must not depend on earlier calls: a user may be read twice.
   */
  readUser?: (user: WireUser) => U;
}

/** Reads one page of user search. The request is a `POST`, but only reads. */
export async function searchUsers<U = WireUser>(
  auth: Auth,
  search: UserSearch,
  options: SearchOptions<U> = {},
): Promise<RouteResponse<WireUserPage<U>>> {
  const call = openCall(auth, 'searchUsers', { options });
  return call.run(async () => {
    const what = `POST ${SEARCH_PATH}`;
    const { readUser = (user) => user as U } = options;
    const items = { key: 'users', read: (user: unknown) => readUser(recordItem(user, what)) };
    const { status, body } = await call.send({ ...searchRequest(search), items });
    const { count, users } = record(body, what);
    const total = countIn(count);
    if (total === null) throw unexpectedShape(what, 'an object with count');
    if (!Array.isArray(users)) throw unexpectedShape(what, 'a list of objects');
    return call.answer(status, { count: total, users: users as U[] });
  });
}

/** The request of a search. */
export function searchRequest(search: UserSearch): HttpRequest {
  const { offset, limit, includeDeleted, includeSupport, attributes = [] } = search;
  return {
    method: 'POST',
    path: SEARCH_PATH,
    read: true,
    body: {
      limit,
      offset,
      showCount: true,
      count: false,
      includeDeleted,
      onlyDeleted: false,
      includeSupport,
      // Sorted by creation, so that a new person comes last and does not shift the pages.
      sort: { field: 'created', order: 'ASC' },
      filters: filtersFor(search),
      attributes,
      parts: ['MINIMAL'],
    },
  };
}

function filtersFor({ ids, emailContains }: UserSearch): WireRecord[] {
  const filters: WireRecord[] = [];
  if (ids) filters.push({ field: 'id', filterType: 'value', values: ids, operator: 'EQ' });
  if (emailContains !== undefined) {
    filters.push({ filterType: 'text', field: 'emailAddress', text: emailContains });
  }
  return filters;
}

/** Reads the acting person: the owner of the credential. */
export async function whoAmI(auth: Auth, options: RouteOptions = {}): Promise<RouteResponse<WireRecord>> {
  const call = openCall(auth, 'whoAmI', { options });
  return call.run(async () => {
    const { status, body } = await call.send({ method: 'GET', path: ME_PATH });
    return call.answer(status, record(body, `GET ${ME_PATH}`));
  });
}
