import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openClient } from '../../src/http/client.js';
import type { HttpClient } from '../../src/http/client.js';
import * as routes from '../../src/routes/index.js';
import { tokenCredential } from '../../src/routes/domo-service.js';
import { json, serve, type Received, type TestServer } from '../http/server.js';

const ROLE = { id: 7, name: 'A', description: 'a' };

/** An instance that answers every route. */
async function serveInstance(): Promise<TestServer> {
  return serve((request, response) => {
    const { url = '', method } = request;
    if (url.endsWith('/authentication')) return json(response, { sessionToken: 'SESSION-of-own' });
    if (url.includes('/authorities')) return json(response, []);
    if (url.includes('/search')) return json(response, { count: 0, users: [] });
    if (url.includes('/users/me')) return json(response, { id: 1, displayName: 'Ana' });
    if (url.includes('/users')) return json(response, { totalCount: 0, totalFilteredCount: 0, users: [] });
    if (url.includes('customer-states')) return json(response, { name: 'user.roleid.default', value: '2' });
    if (url.includes('/settings')) return json(response, { defaultRoleId: 2, allowlistRoleIds: null });
    if (url.includes('/user-audits')) return json(response, []);
    if (method === 'GET' && url.endsWith('/roles')) return json(response, [ROLE]);
    return json(response, ROLE);
  });
}

type Options = Pick<routes.RouteOptions, 'session'>;

/** Every route that takes a session. */
const CALLS: Record<string, (auth: routes.Auth, options: Options) => Promise<unknown>> = {
  getRoles: (auth, options) => routes.getRoles(auth, options),
  getRoleById: (auth, options) => routes.getRoleById(auth, 7, options),
  getRoleGrants: (auth, options) => routes.getRoleGrants(auth, 7, options),
  getRoleMembership: (auth, options) => routes.getRoleMembership(auth, 7, options),
  createRole: (auth, options) => routes.createRole(auth, { name: 'A' }, options),
  updateRoleMetadata: (auth, options) => routes.updateRoleMetadata(auth, { id: 7, name: 'B' }, options),
  setRoleGrants: (auth, options) => routes.setRoleGrants(auth, { roleId: 7, grants: [] }, options),
  roleMembershipAddUsers: (auth, options) =>
    routes.roleMembershipAddUsers(auth, { roleId: 7, userIds: [1] }, options),
  deleteRole: (auth, options) => routes.deleteRole(auth, 7, options),
  getDefaultRole: (auth, options) => routes.getDefaultRole(auth, options),
  setDefaultRole: (auth, options) => routes.setDefaultRole(auth, { roleId: 7 }, options),
  getRoleSettings: (auth, options) => routes.getRoleSettings(auth, options),
  setRoleSettings: (auth, options) => routes.setRoleSettings(auth, { defaultRoleId: 7 }, options),
  getAuthorities: (auth, options) => routes.getAuthorities(auth, options),
  searchUsers: (auth, options) =>
    routes.searchUsers(auth, { offset: 0, limit: 1, includeDeleted: false, includeSupport: false }, options),
  whoAmI: (auth, options) => routes.whoAmI(auth, options),
  printIsToken: (auth, options) => routes.printIsToken(auth, { ...options, print: () => undefined }),
  getAuditLog: (auth, options) => routes.getAuditLog(auth, { start: 0, end: 1 }, options),
};

describe("a session of another instance's client", () => {
  let own: TestServer;
  let other: TestServer;
  beforeEach(async () => {
    [own, other] = await Promise.all([serveInstance(), serveInstance()]);
  });
  afterEach(async () => {
    await Promise.all([own.close(), other.close()]);
  });

  const SESSIONS: Record<string, () => HttpClient> = {
    'a client': () => openClient({ baseUrl: other.url }),
    'a client with a credential': () =>
      openClient({ baseUrl: other.url, credential: tokenCredential('TOKEN-of-other') }),
    'the client of bound routes': () =>
      routes.openRoutes({ instance: 'other', baseUrl: other.url, auth: { accessToken: 'TOKEN-of-other' } })
        .client,
    'the client of an auth': () =>
      routes.tokenAuth({ instance: 'other', baseUrl: other.url, accessToken: 'TOKEN-of-other' }).client(),
    'the client of a password': () =>
      routes
        .passwordAuth({ instance: 'other', baseUrl: other.url, username: 'a@b.c', password: 'hunter2-other' })
        .client(),
    'a client that only reads': () => openClient({ baseUrl: other.url, readOnly: true }),
    'a copy of a client': () => ({ ...openClient({ baseUrl: other.url }) }),
    'an in-process client': () =>
      openClient({ baseUrl: other.url, fetch: (request) => fetch(new URL(request.url, other.url), request) }),
  };
  const AUTHS: Record<string, () => routes.Auth> = {
    token: () => routes.tokenAuth({ instance: 'own', baseUrl: own.url, accessToken: 'TOKEN-of-own' }),
    password: () =>
      routes.passwordAuth({
        instance: 'own',
        baseUrl: own.url,
        username: 'a@b.c',
        password: 'hunter2-own',
      }),
  };
  const credentialsIn = (received: readonly Received[]): unknown[] =>
    received
      .filter(({ url }) => !url.endsWith('/authentication'))
      .map(({ headers }) => headers['x-domo-developer-token'] ?? headers['x-domo-authentication']);

  it.each(
    Object.keys(SESSIONS).flatMap((session) => Object.keys(AUTHS).map((kind) => [session, kind] as const)),
  )('decides neither address nor credential of any route: %s, %s', async (name, kind) => {
    const session = SESSIONS[name]?.();
    const auth = AUTHS[kind]?.();
    if (!session || !auth) throw new Error('no such case');
    for (const call of Object.values(CALLS)) await call(auth, { session });
    expect(other.received).toEqual([]);
    const sent = credentialsIn(own.received);
    expect(sent.length).toBeGreaterThanOrEqual(Object.keys(CALLS).length);
    expect(new Set(sent)).toEqual(new Set([kind === 'token' ? 'TOKEN-of-own' : 'SESSION-of-own']));
    session.close();
    auth.client().close();
  });

  it('can be passed to bound routes', async () => {
    const bound = routes.openRoutes({
      instance: 'own',
      baseUrl: own.url,
      auth: { accessToken: 'TOKEN-of-own' },
    });
    const session = openClient({ baseUrl: other.url });
    await bound.getRoles({ session });
    await bound.getRoleMembership(7, { session });
    expect(other.received).toEqual([]);
    bound.close();
    session.close();
  });

  it('does not let a read-only auth write', async () => {
    const auth = routes.tokenAuth({
      instance: 'own',
      baseUrl: own.url,
      accessToken: 'TOKEN-of-own',
      connection: { readOnly: true },
    });
    const session = openClient({ baseUrl: own.url });
    await expect(routes.deleteRole(auth, 7, { session })).rejects.toMatchObject({
      problems: [{ code: 'read-only' }],
    });
    expect(own.received).toEqual([]);
  });

  it('shares its connections', async () => {
    const session = openClient({ baseUrl: own.url });
    const auth = AUTHS['token']?.();
    if (!auth) throw new Error('no auth');
    const client = auth.client().over(session);
    expect(client.connections).toBe(session.connections);
    expect(client.baseUrl).toBe(own.url);
    client.close();
    await session.send({ method: 'GET', path: '/api/authorization/v1/roles' });
    session.close();
  });
});

describe('a credential', () => {
  it('does not follow a redirect to another host', async () => {
    const other = await serveInstance();
    const own = await serve((_request, response) =>
      response.writeHead(302, { location: `${other.url}/api/authorization/v1/roles` }).end(),
    );
    const auth = routes.tokenAuth({ instance: 'own', baseUrl: own.url, accessToken: 'TOKEN-of-own' });
    await expect(routes.getRoles(auth)).rejects.toMatchObject({ name: 'RoleNotRetrieved', status: 302 });
    expect(own.received).toHaveLength(1);
    expect(other.received).toEqual([]);
    auth.client().close();
    await Promise.all([own.close(), other.close()]);
  });

  it('is not sent to a path on another host', async () => {
    const [own, other] = await Promise.all([serveInstance(), serveInstance()]);
    const client = openClient({ baseUrl: own.url, credential: tokenCredential('TOKEN-of-own') });
    for (const path of [`//${new URL(other.url).host}/api`, `${other.url}/api`])
      await expect(client.send({ method: 'GET', path })).rejects.toMatchObject({
        problems: [{ code: 'bad-target' }],
      });
    expect([own.received, other.received]).toEqual([[], []]);
    client.close();
    await Promise.all([own.close(), other.close()]);
  });
});
