import { afterEach, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { openClient } from '../../src/http/client.js';
import { getRoles, openRoutes, passwordAuth, tokenAuth } from '../../src/routes/index.js';
import { openSandbox, SANDBOX_PASSWORD, serveSandbox } from '../../src/sandbox/index.js';
import { problemOf } from '../http/server.js';
import { openWorld, WAYS, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const LOGIN = 'POST /api/content/v2/authentication 200';

describe.each(WAYS)('a password, %s,', (way) => {
  const auth = { username: 'Root@acme.com', password: SANDBOX_PASSWORD };

  it('logs in once, at the first of several concurrent calls', async () => {
    world = await openWorld(way, { routes: { auth, readOnly: true } });
    expect(world.requests()).toEqual([]);
    await Promise.all([world.routes.getRoles(), world.routes.whoAmI(), world.routes.getAuthorities()]);
    await world.routes.getRoles();
    expect(world.requests().filter((request) => request === LOGIN)).toHaveLength(1);
    expect(world.requests()[0]).toBe(LOGIN);
    expect(world.requests()).toHaveLength(5);
  });

  it('that is wrong is reported though the response is 200, and is neither shown nor retried', async () => {
    world = await openWorld(way, { routes: { auth: { ...auth, password: 'hunter2-wrong' } } });
    const problem = await problemOf(world.routes.getRoles());
    expect(problem.code).toBe('authentication');
    expect(problem.message).toBe('sandbox rejected this user name and password');
    const error: unknown = await world.routes.whoAmI().catch((raised: unknown) => raised);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2');
    expect(world.requests()).toEqual([LOGIN]);
    const lines: string[] = [];
    expect(await world.routes.printIsToken({ print: (line) => lines.push(line) })).toBe(false);
    expect(lines[0]).toContain('failed to retrieve full_auth token from sandbox');
  });

  it('of a locked account is reported', async () => {
    world = await openWorld(way, { routes: { auth } });
    const state = world.sandbox.state();
    await world.sandbox.reset({
      ...state,
      passwords: Object.fromEntries(
        Object.entries(state.passwords).map(([name, entry]) => [name, { ...entry, locked: true }]),
      ),
    });
    const problem = await problemOf(world.routes.getRoles());
    expect([problem.code, problem.message]).toEqual(['authentication', 'the account is locked on sandbox']);
  });

  const missing = undefined as unknown as string;
  it.each([
    ['itself', { ...auth, password: missing }],
    ['its user name', { ...auth, username: missing }],
    ['the token in its place', { accessToken: missing }],
  ])('that is not set is reported before any request: %s', async (_, given) => {
    world = await openWorld(way, { routes: { auth: given } });
    expect((await problemOf(world.routes.getRoles())).code).toBe('authentication');
    expect(world.requests()).toEqual([]);
  });

  it('for an instance that does not exist is reported', async () => {
    world = await openWorld(way, { routes: { auth }, quirks: { unknownInstance: true } });
    const problem = await problemOf(world.routes.getRoles());
    expect(problem.code).toBe('authentication');
    expect(problem.message).toContain('the instance sandbox may not exist');
  });

  it('logs in again if the response to the login was lost', async () => {
    world = await openWorld(way, {
      routes: { auth },
      faults: [{ name: 'answer-lost', path: 'authentication' }],
    });
    expect((await world.routes.getRoles()).isSuccess).toBe(true);
  });
});

const NO_SESSION = 'acme answered the login without a usable session';

describe('a login without a session', () => {
  it.each<[string, unknown, string]>([
    ['a word', { reason: 'SSO\u001b[0m ONLY' }, 'acme refused the login: SSO\\u{1b}[0m ONLY'],
    ['no success', { success: false }, 'acme refused the login'],
    ['no success and a blank reason', { success: false, reason: ' ' }, 'acme refused the login'],
    ['none', {}, NO_SESSION],
    ['an unexpected value', [1], NO_SESSION],
    ['an empty session', { sessionToken: '' }, NO_SESSION],
    ['a session of two lines', { success: true, sessionToken: 'a\nb' }, NO_SESSION],
    ['a session that was not opened', { success: false, sessionToken: 'x' }, 'acme refused the login'],
    ['the password', { reason: 'no hunter2 here' }, 'acme refused the login: no [secret] here'],
  ])('reports what is known of the reason: %s', async (_, body, message) => {
    const routes = openRoutes({
      instance: 'acme',
      auth: { username: 'a@b.c', password: 'hunter2' },
      fetch: async () => Response.json(body),
    });
    const problem = await problemOf(routes.getRoles());
    expect([problem.code, problem.message]).toEqual(['authentication', message]);
  });
});

describe('a login that is answered with 401', () => {
  it('is advised to check the password, not a token, and is not repeated', async () => {
    let logins = 0;
    const routes = openRoutes({
      instance: 'acme',
      auth: { username: 'a@b.c', password: 'hunter2' },
      fetch: async () => {
        logins += 1;
        return Response.json({ message: 'no hunter2' }, { status: 401 });
      },
    });
    const { code, message, hint } = await problemOf(routes.getRoles());
    expect([code, message]).toEqual([
      'authentication',
      'acme rejected this user name and password: no [secret]',
    ]);
    expect(hint).toContain('DOMO_PASSWORD');
    await problemOf(routes.getRoles());
    expect(logins).toBe(1);
  });
});

describe('a login that is answered with an error', () => {
  const REJECTED = 'acme rejected this user name and password';
  const UNKNOWN = 'POST /api/content/v2/authentication returned 403: the instance acme may not exist';
  it.each<[number, string, string]>([
    [401, '', REJECTED],
    [401, 'Unauthorized', REJECTED],
    [401, '<html><title>Unauthorized</title></html>', REJECTED],
    [401, '[]', REJECTED],
    [401, 'Single sign-on is on', `${REJECTED}: Single sign-on is on`],
    [401, '{"message":"Unauthorized"}', REJECTED],
    [401, '{"reason":"INVALID_CREDENTIALS"}', REJECTED],
    [401, '{"reason":"ACCOUNT_LOCKED"}', 'the account is locked on acme'],
    [401, '{"reason":"MFA\\u001b REQUIRED"}', 'acme refused the login: MFA\\u{1b} REQUIRED'],
    [401, '{"reason":"not \\u0068unter2"}', 'acme refused the login: not [secret]'],
    [401, `{"reason":"${'x'.repeat(500)}"}`, `acme refused the login: ${'x'.repeat(79)}…`],
    [401, '{"reason":""}', REJECTED],
    [401, '{"reason":{"text":"hunter2"}}', REJECTED],
    [403, 'Forbidden', UNKNOWN],
    [403, '{"message":"Forbidden"}', UNKNOWN],
    [403, '{"reason":"ACCOUNT_LOCKED"}', 'the account is locked on acme'],
  ])('of %d and the body %j reports the reason of the body', async (status, body, message) => {
    const routes = openRoutes({
      instance: 'acme',
      auth: { username: 'a@b.c', password: 'hunter2' },
      fetch: async () => new Response(body, { status }),
    });
    const problem = await problemOf(routes.getRoles());
    expect([problem.code, problem.message]).toEqual(['authentication', message]);
  });
});

describe('the separate functions', () => {
  it('open a client for an auth, or use a session', async () => {
    const sandbox = await openSandbox();
    const served = await serveSandbox(sandbox);
    const session = openClient({ baseUrl: served.url });
    const token = tokenAuth({ instance: 'sandbox', baseUrl: served.url, accessToken: sandbox.token });
    const password = passwordAuth({
      instance: 'sandbox',
      baseUrl: served.url,
      username: 'root@acme.com',
      password: SANDBOX_PASSWORD,
    });
    expect((await getRoles(token)).response).toHaveLength(10);
    expect((await getRoles(password, { session })).response).toHaveLength(10);
    expect((await getRoles(token, { session })).response).toHaveLength(10);
    expect(inspect([token, password], { depth: 9, showHidden: true })).not.toContain(SANDBOX_PASSWORD);
    expect(JSON.stringify([token, password])).not.toContain(sandbox.token);
    session.close();
    token.client().close();
    await served.close();
  });
});
