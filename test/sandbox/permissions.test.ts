import { describe, expect, it } from '@jest/globals';
import { SANDBOX_PASSWORD } from '../../src/sandbox/index.js';
import {
  ANALYST,
  CATALOGUE,
  DEFAULT_STATE,
  FINANCE,
  OLD_REPORTING,
  ROLES,
  SEARCH,
  serve,
  type Served,
} from './support.js';

const LOGIN = '/api/content/v2/authentication';
const AUDIT = '/api/audit/v1/user-audits';
const SETTINGS = `${ROLES}/settings`;

/** A served company in which `token` belongs to Ana, who has only the listed authorities. */
async function withAna(authorities: string[]): Promise<Served & { anaId: number }> {
  const served = await serve();
  const state = served.sandbox.state();
  const ana = state.users.find((user) => user.email === 'ana@acme.com');
  const role = state.roles.find((candidate) => candidate.id === ANALYST);
  if (!ana || !role) throw new Error('the company has no Ana');
  role.authorities = authorities;
  state.tokens.ana = ana.id;
  await served.sandbox.reset(state);
  return { ...served, anaId: ana.id };
}

describe('the acting person', () => {
  it.each([
    ['GET', ROLES],
    ['GET', CATALOGUE],
    ['GET', '/api/content/v2/users/me'],
    ['POST', SEARCH],
    ['GET', AUDIT],
    ['GET', DEFAULT_STATE],
    ['GET', '/api/no/such/place'],
  ])('must be authenticated for %s %s', async (method, path) => {
    const { call } = await serve();
    const body = method === 'POST' ? {} : undefined;
    for (const token of [null, 'wrong', '__proto__', '']) {
      const answer = await call(method, path, body, token);
      expect([answer.status, answer.body]).toMatchObject([401, { statusReason: 'Unauthorized' }]);
    }
  });

  it('is authenticated by a password, and by the session token of the login', async () => {
    const { call, url } = await serve();
    const login = await call(
      'POST',
      LOGIN,
      { method: 'password', emailAddress: 'ROOT@acme.com', password: SANDBOX_PASSWORD },
      null,
    );
    const { sessionToken, userId } = login.body as { sessionToken: string; userId: number };
    expect([login.status, userId]).toEqual([200, 1_345_408_000]);
    expect(login.body).toMatchObject({
      success: true,
      twoFactorInfo: { token: null, key: null, status: 'VALID', phoneMask: null },
    });
    const me = await fetch(`${url}/api/content/v2/users/me`, {
      headers: { 'X-Domo-Authentication': sessionToken },
    });
    expect(await me.json()).toMatchObject({ id: userId });
    const asAccessToken = await call('GET', ROLES, undefined, sessionToken);
    expect(asAccessToken.status).toBe(401);
  });

  it('is refused a login with 200 and a reason', async () => {
    const { call, sandbox } = await serve();
    const state = sandbox.state();
    Object.assign(state.passwords['ines@acme.com'] ?? {}, { locked: true });
    await sandbox.reset(state);
    const login = async (emailAddress: string, password: string) => {
      const answer = await call('POST', LOGIN, { method: 'password', emailAddress, password }, null);
      return [answer.status, answer.body];
    };
    expect(await login('root@acme.com', 'wrong')).toEqual([
      200,
      { success: false, reason: 'INVALID_CREDENTIALS' },
    ]);
    expect(await login('nobody@acme.com', SANDBOX_PASSWORD)).toEqual([
      200,
      { success: false, reason: 'INVALID_CREDENTIALS' },
    ]);
    expect(await login('__proto__', SANDBOX_PASSWORD)).toEqual([
      200,
      { success: false, reason: 'INVALID_CREDENTIALS' },
    ]);
    expect(await login('ines@acme.com', SANDBOX_PASSWORD)).toEqual([
      200,
      { success: false, reason: 'ACCOUNT_LOCKED' },
    ]);
    expect((await call('POST', LOGIN, { method: 'magic' }, null)).status).toBe(400);
  });

  it('is not authenticated after their account is deleted', async () => {
    const { call, sandbox } = await serve();
    sandbox.edit({ edit: 'delete-user', userId: 1_345_408_000 });
    expect((await call('GET', ROLES)).status).toBe(401);
  });
});

describe('permission', () => {
  it.each([
    ['GET', ROLES, undefined],
    ['GET', `${ROLES}/${FINANCE}`, undefined],
    ['GET', `${ROLES}/${FINANCE}/exists`, undefined],
    ['GET', `${ROLES}/${FINANCE}/authorities`, undefined],
    ['GET', `${ROLES}/${FINANCE}/users`, undefined],
    ['GET', SETTINGS, undefined],
    ['GET', CATALOGUE, undefined],
    ['GET', '/api/authorization/v1/authority/groups', undefined],
    ['POST', ROLES, { name: 'x' }],
    ['PUT', `${ROLES}/${FINANCE}`, { name: 'x' }],
    ['PUT', `${ROLES}/${FINANCE}/authorities`, []],
    ['PATCH', `${ROLES}/${FINANCE}/authorities`, []],
    ['PUT', `${ROLES}/${FINANCE}/users`, []],
    ['DELETE', `${ROLES}/${OLD_REPORTING}`, undefined],
    ['PUT', SETTINGS, { defaultRoleId: 4 }],
    ['PUT', DEFAULT_STATE, { name: 'user.roleid.default', value: '4' }],
    ['PUT', '/api/content/v1/customer-states/locale', { value: 'nl' }],
    ['GET', AUDIT, undefined],
    ['PATCH', '/api/identity/v1/users/1345408000', { roleId: 4 }],
    ['PATCH', '/api/identity/v1/users/1345408000', { displayName: 'x' }],
    ['POST', '/api/identity/v1/users', { displayName: 'x', emailAddress: 'x@acme.com' }],
    ['DELETE', '/api/identity/v1/users/1345408000', undefined],
  ])('is refused with 403 without the authority for %s %s', async (method, path, body) => {
    const { call, sandbox } = await withAna(['alert.edit']);
    const before = sandbox.state();
    expect((await call(method, path, body, 'ana')).status).toBe(403);
    expect(sandbox.state()).toEqual(before);
  });

  it('depends on the current role of the token owner', async () => {
    const { call, anaId } = await withAna(['authorization.roles']);
    expect((await call('POST', ROLES, { name: 'One' }, 'ana')).status).toBe(200);
    expect((await call('PUT', `${ROLES}/${FINANCE}/users`, [anaId], 'ana')).status).toBe(204);
    expect((await call('POST', ROLES, { name: 'Two' }, 'ana')).status).toBe(403);
    expect((await call('GET', '/api/content/v2/users/me', undefined, 'ana')).status).toBe(200);
  });

  describe('with only the authority to assign', () => {
    const forms = (roleId: number, userId: number): [string, string, unknown][] => [
      ['PUT', `${ROLES}/${roleId}/users`, [userId]],
      ['PATCH', `/api/identity/v1/users/${userId}`, { roleId }],
      [
        'PATCH',
        `/api/identity/v1/users/${userId}`,
        { attributes: [{ key: 'roleId', values: [String(roleId)] }] },
      ],
      ['POST', '/api/identity/v1/users', { displayName: 'New', emailAddress: 'new@acme.com', roleId }],
    ];

    it.each([1, 2, 5, FINANCE])('is not given while the allowlist is off: role %i', async (roleId) => {
      const { call, sandbox, anaId } = await withAna(['authorization.roles.assign', 'user.invite']);
      const before = sandbox.state();
      for (const [method, path, body] of forms(roleId, anaId)) {
        expect((await call(method, path, body, 'ana')).status).toBe(403);
      }
      expect((await call('GET', ROLES, undefined, 'ana')).status).toBe(403);
      expect(sandbox.state()).toEqual(before);
    });

    it.each([
      [1, 403],
      [3, 403],
      [OLD_REPORTING, 403],
      [2, 204],
      [5, 204],
      [FINANCE, 204],
    ])('covers only roles on the allowlist: role %i is %i', async (roleId, status) => {
      const { call, sandbox, anaId } = await withAna(['authorization.roles.assign', 'user.invite']);
      const state = sandbox.state();
      // Stored without the default role and Social, which are always on the list.
      state.settings.allowlistRoleIds = [FINANCE];
      await sandbox.reset(state);
      expect((await call('GET', ROLES, undefined, 'ana')).status).toBe(200);
      for (const [method, path, body] of forms(roleId, anaId)) {
        await sandbox.reset(state);
        const expected = status === 403 ? [403] : [200, 204];
        expect(expected).toContain((await call(method, path, body, 'ana')).status);
      }
      expect((await call('PUT', `${ROLES}/${FINANCE}/authorities`, [], 'ana')).status).toBe(403);
    });
  });
});

describe('the default role and the allowlist', () => {
  const settings = async ({ call }: Served): Promise<unknown> => (await call('GET', SETTINGS)).body;

  it('starts as Privileged, without a list', async () => {
    const served = await serve();
    expect(await settings(served)).toEqual({ defaultRoleId: 2, allowlistRoleIds: null });
    const state = await served.call('GET', `${DEFAULT_STATE}?defaultValue=2&ignoreCache=true`);
    expect([state.status, state.body]).toEqual([200, { name: 'user.roleid.default', value: '2' }]);
  });

  it('is set by either request', async () => {
    const served = await serve();
    const newer = await served.call('PUT', SETTINGS, { defaultRoleId: 4, allowlistRoleIds: null });
    expect([newer.status, newer.text]).toEqual([200, '']);
    expect((await served.call('GET', DEFAULT_STATE)).body).toMatchObject({ value: '4' });
    await served.call('PUT', DEFAULT_STATE, { name: 'user.roleid.default', value: String(FINANCE) });
    expect(await settings(served)).toEqual({ defaultRoleId: FINANCE, allowlistRoleIds: null });
  });

  it('always has Social and the default role on the list, and null turns the list off', async () => {
    const served = await serve();
    await served.call('PUT', SETTINGS, { defaultRoleId: 4, allowlistRoleIds: [ANALYST] });
    expect(await settings(served)).toEqual({ defaultRoleId: 4, allowlistRoleIds: [ANALYST, 4, 5] });
    await served.call('PUT', SETTINGS, { defaultRoleId: 4, allowlistRoleIds: null });
    expect(await settings(served)).toEqual({ defaultRoleId: 4, allowlistRoleIds: null });
  });

  it('adds a new default role to the list and leaves the old one on it', async () => {
    const served = await serve();
    await served.call('PUT', SETTINGS, { defaultRoleId: 4, allowlistRoleIds: [] });
    await served.call('PUT', DEFAULT_STATE, { name: 'user.roleid.default', value: '3' });
    expect(await settings(served)).toEqual({ defaultRoleId: 3, allowlistRoleIds: [4, 5, 3] });
  });

  it.each([
    ['an administrators role on the list', { defaultRoleId: 4, allowlistRoleIds: [1] }],
    [
      'an administrators role as the default while the list is on',
      { defaultRoleId: 1, allowlistRoleIds: [] },
    ],
    ['an unknown default role', { defaultRoleId: 77 }],
    ['an unknown role on the list', { defaultRoleId: 4, allowlistRoleIds: [77] }],
    ['an invalid list', { defaultRoleId: 4, allowlistRoleIds: 'off' }],
    ['a default role of null', { defaultRoleId: null, allowlistRoleIds: null }],
    ['nothing', {}],
  ])('refuses %s', async (_what, body) => {
    const served = await serve();
    expect((await served.call('PUT', SETTINGS, body)).status).toBe(400);
    expect(await settings(served)).toEqual({ defaultRoleId: 2, allowlistRoleIds: null });
  });

  it('refuses the authority to manage roles to a role on the list or the default, while the list is on', async () => {
    const { call, sandbox } = await serve();
    const grant = (id: number) => call('PUT', `${ROLES}/${id}/authorities`, ['authorization.roles']);
    sandbox.edit({ edit: 'set-allowlist', roleIds: [ANALYST] });
    sandbox.edit({ edit: 'set-default-role', roleId: OLD_REPORTING });
    expect([
      (await grant(ANALYST)).status,
      (await grant(OLD_REPORTING)).status,
      (await grant(FINANCE)).status,
    ]).toEqual([400, 400, 200]);
    sandbox.edit({ edit: 'set-allowlist', roleIds: null });
    expect((await grant(ANALYST)).status).toBe(200);
  });

  it('rejects the deletion of the default role, and removes a deleted role from the list', async () => {
    const { call, sandbox } = await serve();
    sandbox.edit({ edit: 'set-allowlist', roleIds: [OLD_REPORTING] });
    sandbox.edit({ edit: 'set-default-role', roleId: OLD_REPORTING });
    expect((await call('DELETE', `${ROLES}/${OLD_REPORTING}`)).status).toBe(400);
    sandbox.edit({ edit: 'set-default-role', roleId: 4 });
    expect((await call('DELETE', `${ROLES}/${OLD_REPORTING}`)).status).toBe(204);
    expect(sandbox.state().settings.allowlistRoleIds).not.toContain(OLD_REPORTING);
  });

  it('is stored next to other customer states', async () => {
    const { call } = await serve();
    const path = '/api/content/v1/customer-states/locale';
    expect((await call('GET', path)).status).toBe(404);
    expect((await call('GET', `${path}?defaultValue=en`)).body).toEqual({ name: 'locale', value: 'en' });
    await call('PUT', path, { name: 'locale', value: 'nl' });
    expect((await call('GET', path)).body).toEqual({ name: 'locale', value: 'nl' });
    expect((await call('PUT', path, { name: 'other', value: 'nl' })).status).toBe(400);
  });
});
