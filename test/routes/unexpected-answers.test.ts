import { describe, expect, it } from '@jest/globals';
import {
  createRole,
  deleteRole,
  getAuditLog,
  getAuthorities,
  getDefaultRole,
  getRoleById,
  getRoleGrants,
  getRoleMembership,
  getRoles,
  roleMembershipAddUsers,
  RoleCrudError,
  RoleNotRetrieved,
  RouteError,
  searchUsers,
  setDefaultRole,
  setRoleGrants,
  tokenAuth,
  updateRoleMetadata,
  whoAmI,
} from '../../src/index.js';
import type { Auth } from '../../src/index.js';

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

/** An auth whose requests are answered by a function, and the requests that were sent. */
function answeredBy(answer: (request: Request) => Response): { auth: Auth; sent: string[] } {
  const sent: string[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    sent.push(`${request.method} ${new URL(request.url).pathname}`);
    return answer(request);
  };
  const connection = { fetch, sleep: async () => undefined };
  return { auth: tokenAuth({ instance: 'acme', accessToken: 'a-token', connection }), sent };
}

const raisedBy = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (result) => result,
    (error: unknown) => error,
  );

const options = { parentClass: 'Report' };
const search = { offset: 0, limit: 1, includeDeleted: false, includeSupport: false };
const Kinds = { read: RoleNotRetrieved, write: RoleCrudError, other: RouteError };

describe('a response of an unexpected shape', () => {
  it.each<[string, keyof typeof Kinds, unknown, (auth: Auth) => Promise<unknown>]>([
    ['getRoles', 'read', {}, (auth) => getRoles(auth, options)],
    ['getRoles', 'read', [{ id: 1, name: null }], (auth) => getRoles(auth, options)],
    ['getRoleById', 'read', [], (auth) => getRoleById(auth, 7, options)],
    ['getRoleGrants', 'read', [1], (auth) => getRoleGrants(auth, 7, options)],
    ['getRoleMembership', 'read', { users: [{}] }, (auth) => getRoleMembership(auth, 7, options)],
    ['getDefaultRole', 'read', { name: 'x' }, (auth) => getDefaultRole(auth, options)],
    ['createRole', 'write', { name: 'new' }, (auth) => createRole(auth, { name: 'new' }, options)],
    ['updateRoleMetadata', 'write', [], (auth) => updateRoleMetadata(auth, { id: 7, name: 'x' }, options)],
    ['getAuthorities', 'other', {}, (auth) => getAuthorities(auth, options)],
    ['searchUsers', 'other', { users: [] }, (auth) => searchUsers(auth, search, options)],
    ['searchUsers', 'other', { users: {}, count: 1 }, (auth) => searchUsers(auth, search, options)],
    ['searchUsers', 'other', { users: [1], count: 1 }, (auth) => searchUsers(auth, search, options)],
    ['whoAmI', 'other', [], (auth) => whoAmI(auth, options)],
    ['getAuditLog', 'other', {}, (auth) => getAuditLog(auth, { start: 1, end: 2 }, options)],
  ])('is an error of %s, which %s', async (functionName, kind, body, call) => {
    const error = await raisedBy(call(answeredBy(() => json(body)).auth));
    expect(error).toBeInstanceOf(Kinds[kind]);
    expect(error).toMatchObject({
      ...{ instance: 'acme', functionName, status: 200, parentClass: 'Report' },
      message: expect.stringContaining(`Report.${functionName} on acme`),
      problems: [{ code: 'bad-answer' }],
    });
  });

  it('after a write may still have been done', async () => {
    const error = await raisedBy(createRole(answeredBy(() => json({})).auth, { name: 'new' }));
    expect(error).toMatchObject({ sent: true });
  });
});

describe('an incomplete list', () => {
  it('of people is an error of the route', async () => {
    const { auth } = answeredBy(() => json({ totalCount: 5, users: [] }));
    expect(await raisedBy(getRoleMembership(auth, 7, options))).toMatchObject({
      ...{ name: 'RoleNotRetrieved', instance: 'acme', roleId: 7, parentClass: 'Report' },
      problems: [{ code: 'short-list' }],
    });
  });

  it.each([
    ['empty', []],
    ['without a system role', [1, 2, 4, 5].map((id) => ({ id, name: `role ${id}` }))],
  ])('of roles, %s, does not prove that a role was deleted or does not exist', async (_, roles) => {
    const { auth } = answeredBy(({ method, url }) => {
      if (method === 'DELETE') return json('Bad Request', 400);
      return json(url.endsWith('/roles') ? roles : []);
    });
    const deleted = await raisedBy(deleteRole(auth, 7, { print: () => undefined }));
    expect(deleted).toMatchObject({ name: 'RoleCrudError', status: 400 });
    expect(await raisedBy(getRoleGrants(auth, 7))).toMatchObject({ problems: [{ code: 'short-list' }] });
  });

  it.each<[string, () => Response, boolean]>([
    ['holds grants', () => json(['dataset.export']), false],
    ['is empty', () => json([]), true],
    ['is not found', () => json('Not Found', 404), true],
    ['cannot be read', () => json('Forbidden', 403), false],
  ])(
    'of roles that lacks a deleted role counts if its list of grants agrees: it %s',
    async (_, own, isDone) => {
      const roles = [1, 2, 3, 4, 5].map((id) => ({ id, name: `role ${id}` }));
      const { auth } = answeredBy(({ method, url }) => {
        if (method === 'DELETE') return json('Bad Request', 400);
        return url.endsWith('/roles') ? json(roles) : own();
      });
      const deleted = deleteRole(auth, 7, { print: () => undefined });
      if (isDone) expect(await deleted).toMatchObject({ status: 400, isSuccess: true });
      else expect(await raisedBy(deleted)).toMatchObject({ name: 'RoleCrudError', status: 400 });
    },
  );

  const text = (body: string, status = 200): Response =>
    new Response(body, { status, headers: { 'content-type': 'text/plain' } });

  it.each<[string, () => Response, boolean]>([
    ['reports it', () => text('true'), true],
    ['reports it in JSON', () => json(true), true],
    ['denies it', () => text('false'), false],
    ['does not know the path', () => json('Not Found', 404), false],
    ['fails', () => json('Bad Gateway', 502), false],
    ['sends a page', () => text('<html></html>'), false],
    ['sends nothing', () => text(''), false],
    ['sends an object', () => json({ exists: true }), false],
    ['sends a word', () => text('yes'), false],
    ['breaks the connection', () => Response.error(), false],
  ])('of roles counts if the instance does not report the role as existing: it %s', async (_, exists, is) => {
    const roles = [1, 2, 3, 4, 5].map((id) => ({ id, name: `role ${id}` }));
    const { auth, sent } = answeredBy(({ method, url }) => {
      if (method === 'DELETE') return json('Bad Request', 400);
      if (url.endsWith('/7/exists')) return exists();
      return json(
        url.endsWith('/roles') ? roles : url.includes('/users') ? { totalCount: 0, users: [] } : [],
      );
    });
    const missing = { name: 'RoleNotRetrieved', problems: [{ code: is ? 'short-list' : 'not-found' }] };
    expect(await raisedBy(getRoleGrants(auth, 7))).toMatchObject(missing);
    expect(sent.filter((one) => one.endsWith('/exists'))).toHaveLength(1);
    expect(await raisedBy(getRoleMembership(auth, 7))).toMatchObject(missing);
    const deleted = deleteRole(auth, 7, { print: () => undefined });
    if (is) expect(await raisedBy(deleted)).toMatchObject({ name: 'RoleCrudError', status: 400 });
    else expect(await deleted).toMatchObject({ status: 400, isSuccess: true });
  });

  it('of roles proves that a role exists which it contains', async () => {
    const { auth } = answeredBy(({ url }) => json(url.endsWith('/roles') ? [{ id: 7, name: 'x' }] : []));
    expect((await getRoleGrants(auth, 7)).response).toEqual([]);
  });
});

describe('an argument that is not a list', () => {
  const text = 'audit' as unknown as string[];
  const nothing = undefined as unknown as string[];
  it.each<[string, (auth: Auth) => Promise<unknown>]>([
    ['setRoleGrants', (auth) => setRoleGrants(auth, { roleId: 7, grants: text })],
    ['setRoleGrants', (auth) => setRoleGrants(auth, { roleId: 7, grants: nothing })],
    ['setRoleGrants', (auth) => setRoleGrants(auth, { roleId: 7, grants: [5] as unknown as string[] })],
    ['roleMembershipAddUsers', (auth) => roleMembershipAddUsers(auth, { roleId: 7, userIds: text })],
    ['roleMembershipAddUsers', (auth) => roleMembershipAddUsers(auth, { roleId: 7, userIds: nothing })],
    ['setDefaultRole', (auth) => setDefaultRole(auth, { roleId: 7, allowlist: null as unknown as string[] })],
  ])('is an error of %s, and nothing is sent', async (functionName, call) => {
    const { auth, sent } = answeredBy(() => json({}));
    const error = await raisedBy(call(auth));
    expect(error).toMatchObject({
      ...{ name: 'RoleCrudError', functionName, roleId: 7, status: null, sent: false },
      problems: [{ code: 'usage', message: expect.stringContaining('nothing was sent') }],
    });
    expect(sent).toEqual([]);
  });
});

describe('the instance of an auth', () => {
  it.each([
    ['acme', 'https://acme.domo.com'],
    ['Acme.domo.com', 'https://acme.domo.com'],
    ['https://acme.domo.com/', 'https://acme.domo.com'],
  ])('%s is at %s', (instance, baseUrl) => {
    expect(tokenAuth({ instance, accessToken: 'x' })).toMatchObject({ instance, baseUrl });
  });

  it.each(['', '.'])('%j is not an instance', (instance) => {
    expect(() => tokenAuth({ instance, accessToken: 'x' }).client()).toThrow('empty part in its host name');
  });
});
