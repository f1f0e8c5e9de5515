import { openClient, type HttpClient } from '../src/http/client.js';
import { tokenCredential } from '../src/routes/domo-service.js';
import type { HttpRequest } from '../src/http/request.js';
import type { Task } from './measure.js';

/** People per page, as the reader requests. */
export const PAGE = 5_000;

const ROLES = '/api/authorization/v1/roles';

/** Opens a client like the command does: same library, same concurrency. */
export function openBenchClient({ url, token }: Task): HttpClient {
  return openClient({ baseUrl: url, credential: tokenCredential(token) });
}

/** The first four requests of every full read. */
export const CORE: readonly HttpRequest[] = [
  { method: 'GET', path: ROLES },
  { method: 'GET', path: '/api/authorization/v1/authorities' },
  { method: 'GET', path: `${ROLES}/settings`, answer: 'any' },
  { method: 'GET', path: '/api/content/v2/users/me' },
];

/** Reads one page of user search. */
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

/** Reads everything that a plan reads: the first page, then the others concurrently. */
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

/** Reads the grants and the members of one role. */
export function roleRequests(id: number): HttpRequest[] {
  return [
    { method: 'GET', path: `${ROLES}/${id}/authorities` },
    { method: 'GET', path: `${ROLES}/${id}/users`, query: { offset: 0, limit: PAGE } },
  ];
}
