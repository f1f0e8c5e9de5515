import type { PersonId } from '../model/ids.js';
import type { Auth } from './auth.js';
import { openCall, type RouteOptions, type RouteResponse } from './call.js';
import { badShape, countIn, record, recordList, type WireRecord, type WireUserPage } from './wire.js';

/** Where people are searched. */
export const SEARCH_PATH = '/api/identity/v1/users/search';
const ME_PATH = '/api/content/v2/users/me';

/** What to search for. Lists that are left out do not narrow the search. */
export interface UserSearch {
  offset: number;
  limit: number;
  includeDeleted: boolean;
  includeSupport: boolean;
  /** Only these ids, by a filter; an instance may take no notice of it. */
  ids?: readonly PersonId[];
  /** A search, no match: compare afterwards. */
  emailContains?: string;
  attributes?: readonly string[];
}

/** One page of user search. A `POST` that reads. */
export async function searchUsers(
  auth: Auth,
  search: UserSearch,
  options: RouteOptions = {},
): Promise<RouteResponse<WireUserPage>> {
  const call = openCall(auth, 'searchUsers', { options });
  const { offset, limit, includeDeleted, includeSupport, attributes = [] } = search;
  const { status, body } = await call.send({
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
      // The order must be the same for every page: sorted by creation, a new person comes last.
      sort: { field: 'created', order: 'ASC' },
      filters: filtersFor(search),
      attributes,
      parts: ['MINIMAL'],
    },
  });
  const what = `POST ${SEARCH_PATH}`;
  const { count, users } = record(body, what);
  const total = countIn(count);
  if (total === null) throw badShape(what, 'an object with count');
  return call.answer(status, { count: total, users: recordList(users, what) });
}

function filtersFor({ ids, emailContains }: UserSearch): WireRecord[] {
  const filters: WireRecord[] = [];
  if (ids) filters.push({ field: 'id', filterType: 'value', values: ids, operator: 'EQ' });
  if (emailContains !== undefined) {
    filters.push({ filterType: 'text', field: 'emailAddress', text: emailContains });
  }
  return filters;
}

/** The acting person. */
export async function whoAmI(auth: Auth, options: RouteOptions = {}): Promise<RouteResponse<WireRecord>> {
  const call = openCall(auth, 'whoAmI', { options });
  const { status, body } = await call.send({ method: 'GET', path: ME_PATH });
  return call.answer(status, record(body, `GET ${ME_PATH}`));
}
