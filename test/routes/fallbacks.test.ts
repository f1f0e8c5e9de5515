import { afterEach, describe, expect, it } from '@jest/globals';
import type { Quirks } from '../../src/sandbox/index.js';
import { ANALYST, openWorld, WAYS, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const SETTINGS = '/api/authorization/v1/roles/settings';
const STATE = '/api/content/v1/customer-states/user.roleid.default';
const GRANTS = `/api/authorization/v1/roles/${ANALYST}/authorities`;

const written = (): { method: string; path: string; status: number | null; body: unknown }[] =>
  world.sandbox
    .log()
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path, status, body }) => ({ method, path, status, body }));

describe.each(WAYS)('grants, %s,', (way) => {
  it('are written with PUT', async () => {
    world = await openWorld(way);
    await world.routes.setRoleGrants({ roleId: ANALYST, grants: ['dataset.export', 'audit', 'audit'] });
    expect(written()).toEqual([
      { method: 'PUT', path: GRANTS, status: 200, body: ['audit', 'dataset.export'] },
    ]);
  });

  it('are written with PATCH if PUT is unknown, and later calls try PATCH first', async () => {
    world = await openWorld(way, { quirks: { grantsPatchOnly: true } });
    await world.routes.setRoleGrants({ roleId: ANALYST, grants: ['audit'] });
    await world.routes.setRoleGrants({ roleId: ANALYST, grants: ['dataset.export'] });
    expect(written().map(({ method, status }) => `${method} ${status}`)).toEqual([
      'PUT 405',
      'PATCH 200',
      'PATCH 200',
    ]);
    expect((await world.routes.getRoleGrants(ANALYST)).response).toEqual(['dataset.export']);
  });

  it('that are answered 400 to PATCH also make later calls try PATCH first', async () => {
    world = await openWorld(way, { quirks: { grantsPatchOnly: true, grantsAnswer400: true } });
    for (const grants of [['audit'], ['dataset.export']]) {
      await world.routes.setRoleGrants({ roleId: ANALYST, grants }, { returnRaw: true });
    }
    expect(written().map(({ method, status }) => `${method} ${status}`)).toEqual([
      'PUT 405',
      'PATCH 400',
      'PATCH 400',
    ]);
  });

  it('of a deleted role do not change the method of later calls', async () => {
    world = await openWorld(way);
    await expect(world.routes.setRoleGrants({ roleId: 99, grants: [] })).rejects.toMatchObject({
      name: 'RoleCrudError',
      status: 404,
      functionName: 'setRoleGrants',
      roleId: 99,
    });
    await world.routes.setRoleGrants({ roleId: ANALYST, grants: ['audit'] });
    expect(written().map(({ method, status }) => `${method} ${status}`)).toEqual([
      'PUT 404',
      'PATCH 404',
      'PUT 200',
    ]);
  });
});

type Allowlist = number[] | 'off' | 'unreadable';

describe.each(WAYS)('the default role, %s,', (way) => {
  const state = {
    method: 'PUT',
    path: STATE,
    status: 200,
    body: { name: 'user.roleid.default', value: '4' },
  };
  const settings = { method: 'PUT', path: SETTINGS, status: 200 };
  const list = [2, 4, 5, ANALYST];
  it.each<[string, Partial<Quirks>, Allowlist, unknown[]]>([
    ['off', {}, 'off', [state]],
    ['unreadable', {}, 'unreadable', [state]],
    ['on', {}, [ANALYST, 5, 2], [{ ...settings, body: { defaultRoleId: 4, allowlistRoleIds: list } }]],
    [
      'off, without a customer state',
      { defaultBySettingsOnly: true },
      'off',
      [
        { ...state, status: 405 },
        { ...settings, body: { defaultRoleId: 4 } },
      ],
    ],
    [
      'on, without settings',
      { defaultByCustomerStateOnly: true },
      [ANALYST, 5, 2],
      [{ ...settings, status: 404, body: { defaultRoleId: 4, allowlistRoleIds: list } }, state],
    ],
  ])('is set while the allowlist is %s', async (_, quirks, allowlist, requests) => {
    world = await openWorld(way, { quirks });
    await world.routes.setDefaultRole({ roleId: 4, allowlist });
    expect(written()).toEqual(requests);
    expect((await world.routes.getDefaultRole()).response).toBe('4');
  });

  it.each<[string, Partial<Quirks>, number[] | null]>([
    ['on', {}, [2, 5, ANALYST]],
    ['off', {}, null],
    ['unreadable', { settingsAbsent: true }, [2, 5, ANALYST]],
    ['unreadable with this method', { settingsWriteOnly: true }, [2, 5, ANALYST]],
    ['on, with ids as text', { idsAsText: true }, [2, 5, ANALYST]],
  ])('keeps an allowlist that is %s, which the route reads itself', async (_, quirks, allowlistRoleIds) => {
    world = await openWorld(way, { quirks });
    await world.routes.setRoleSettings({ defaultRoleId: 2, allowlistRoleIds });
    await world.routes.setDefaultRole({ roleId: 4 });
    const { settings: now } = world.sandbox.state();
    expect(now.defaultRoleId).toBe(4);
    expect(now.allowlistRoleIds?.toSorted((a, b) => a - b) ?? null).toEqual(
      allowlistRoleIds && [2, 4, 5, ANALYST],
    );
    const nulls = written().filter(({ body }) => JSON.stringify(body).includes('null'));
    expect(nulls).toHaveLength(allowlistRoleIds === null ? 1 : 0);
  });

  it('is refused if neither request is known', async () => {
    world = await openWorld(way);
    await expect(world.routes.setDefaultRole({ roleId: 99, allowlist: 'off' })).rejects.toMatchObject({
      name: 'RoleCrudError',
      functionName: 'setDefaultRole',
      roleId: 99,
    });
  });

  it('and the allowlist are set together, and only null turns the list off', async () => {
    world = await openWorld(way);
    await world.routes.setRoleSettings({ defaultRoleId: 3, allowlistRoleIds: [5, 3] });
    expect((await world.routes.getRoleSettings()).response).toEqual({
      defaultRoleId: 3,
      allowlistRoleIds: [3, 5],
    });
    await world.routes.setRoleSettings({ defaultRoleId: 3 });
    expect((await world.routes.getRoleSettings()).response).toMatchObject({ allowlistRoleIds: [3, 5] });
    await world.routes.setRoleSettings({ defaultRoleId: 3, allowlistRoleIds: null });
    expect((await world.routes.getRoleSettings()).response).toMatchObject({ allowlistRoleIds: null });
  });
});
