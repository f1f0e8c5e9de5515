import { openClient, type HttpClient } from '../src/http/client.js';
import { tokenCredential } from '../src/routes/domo-service.js';
import type { HttpRequest } from '../src/http/request.js';
import type { Task } from './measure.js';

/** People a page, as the reader asks. */
export const PAGE = 5_000;

const ROLES = '/api/authorization/v1/roles';

/** A client as the product opens one: same library, same concurrency. */
export function openBenchClient({ url, token }: Task): HttpClient {
  return openClient({ baseUrl: url, credential: tokenCredential(token) });
}

/** The four requests that every full read begins with. */
export const CORE: readonly HttpRequest[] = [
  { method: 'GET', path: ROLES },
  { method: 'GET', path: '/api/authorization/v1/authorities' },
  { method: 'GET', path: `${ROLES}/settings`, answer: 'any' },
  { method: 'GET', path: '/api/content/v2/users/me' },
];

/** One page of user search. */
export function pageRequest(offset: number, ids?: readonly number[]): HttpRequest {
  return {
    method: 'POST',
    path: '/api/identity/v1/users/search',
    read: true,
    body: {
      limit: PAGE,
      offset,
      showCount: true,
      count: false,
      includeDeleted: false,
      onlyDeleted: false,
      includeSupport: false,
      sort: { field: 'created', order: 'ASC' },
      filters: ids ? [{ field: 'id', filterType: 'value', values: ids, operator: 'EQ' }] : [],
      attributes: ['roleId', 'isSystemUser', 'isPending', 'isActive'],
      parts: ['MINIMAL'],
    },
  };
}

/** Everything that a plan reads, and nothing done with it: the first page, then the others together. */
export async function readAll(client: HttpClient): Promise<number> {
  const readPeople = async (): Promise<number> => {
    const { body } = await client.send(pageRequest(0));
    const { count } = body as { count: number };
    const offsets = Array.from({ length: Math.ceil(count / PAGE) - 1 }, (_, index) => (index + 1) * PAGE);
    await Promise.all(offsets.map((offset) => client.send(pageRequest(offset)).then(() => undefined)));
    return count;
  };
  const [people] = await Promise.all([readPeople(), ...CORE.map((request) => client.send(request))]);
  return people;
}

/** The grants and the members of one role. */
export function roleRequests(id: number): HttpRequest[] {
  return [
    { method: 'GET', path: `${ROLES}/${id}/authorities` },
    { method: 'GET', path: `${ROLES}/${id}/users`, query: { offset: 0, limit: PAGE } },
  ];
}
