import { describe, expect, it } from '@jest/globals';
import { ANALYST, ROLES, serve } from './support.js';

const AUDIT = '/api/audit/v1/user-audits';
const SETTINGS = `${ROLES}/settings`;
const ANA = 1_345_408_854;

describe('the audit log', () => {
  it('records who changed what and when, newest first', async () => {
    const clock = () => 1_800_000_000_000;
    const { call } = await serve({ clock });
    const { id } = (await call('POST', ROLES, { name: 'New' })).body as { id: number };
    await call('PUT', `${ROLES}/${id}`, { name: 'Newer' });
    await call('PUT', `${ROLES}/${id}/authorities`, ['alert.edit']);
    await call('PUT', `${ROLES}/${id}/users`, [1_345_408_854]);
    await call('PUT', SETTINGS, { defaultRoleId: 4, allowlistRoleIds: [] });
    await call('PUT', `${ROLES}/4/users`, [1_345_408_854]);
    await call('DELETE', `${ROLES}/${id}`);
    const events = (await call('GET', AUDIT)).body as Record<string, unknown>[];
    expect(events.map((event) => [event.actionType, event.objectType, event.objectName])).toEqual([
      ['DELETED', 'ROLE', 'Newer'],
      ['UPDATED', 'USER', 'Ana Silva'],
      ['UPDATED', 'CUSTOMER_STATE', 'user.roleid.allowlist'],
      ['UPDATED', 'CUSTOMER_STATE', 'user.roleid.default'],
      ['UPDATED', 'USER', 'Ana Silva'],
      ['UPDATED', 'AUTHORITY', 'Newer'],
      ['UPDATED', 'ROLE', 'Newer'],
      ['CREATED', 'ROLE', 'New'],
    ]);
    for (const event of events) {
      expect(event).toMatchObject({ userId: '1345408000', userName: 'Root Keeper', userType: 'USER' });
      expect(event).toMatchObject({ actorId: 0, actorName: '', time: clock() });
    }
  });

  it('is paged and filtered by object type and by time', async () => {
    let now = 1000;
    const { call } = await serve({ clock: () => now });
    for (const name of ['A', 'B', 'C']) {
      now += 1000;
      await call('POST', ROLES, { name });
    }
    const names = async (query: string) =>
      ((await call('GET', `${AUDIT}?${query}`)).body as { objectName: string }[]).map(
        (event) => event.objectName,
      );
    expect(await names('offset=1&limit=1')).toEqual(['B']);
    expect(await names('start=3000&end=3000')).toEqual(['B']);
    expect(await names('objectType=USER')).toEqual([]);
    expect(await names('objectType=ROLE')).toEqual(['C', 'B', 'A']);
  });

  it.each([
    ['objectType=ROLE,USER', 3],
    ['objectType=ROLE', 2],
    ['eventType=UPDATED', 2],
    ['eventType=CREATED,UPDATED', 3],
    [`objectId=${ANA}`, 1],
    ['user=1345408000', 3],
    [`user=${ANA}`, 0],
    ['objectType=ROLE&eventType=CREATED', 1],
    ['', 3],
  ])('is filtered and counted by %s', async (query, count) => {
    const { call } = await serve();
    const { id } = (await call('POST', ROLES, { name: 'New' })).body as { id: number };
    await call('PUT', `${ROLES}/${id}`, { name: 'Newer' });
    await call('PUT', `${ROLES}/${id}/users`, [ANA]);
    expect((await call('GET', `${AUDIT}?${query}`)).body).toHaveLength(count);
    expect((await call('GET', `${AUDIT}/count?${query}`)).body).toEqual({ count });
  });

  it('has 300 events per page by default, and goes back one year', async () => {
    const year = 365 * 86_400_000;
    let now = 3 * year;
    const { call, sandbox } = await serve({ clock: () => now });
    for (let n = 0; n < 301; n += 1) {
      sandbox.edit({ edit: 'update-role', roleId: ANALYST, description: `${n}` });
    }
    const page = async (query = ''): Promise<unknown> => (await call('GET', `${AUDIT}?start=0${query}`)).body;
    expect(await page()).toHaveLength(300);
    expect(await page('&limit=1000')).toHaveLength(301);
    now += year;
    expect(await page()).toHaveLength(300);
    now += 1;
    expect(await page()).toHaveLength(0);
  });

  it('lists its object types and event types', async () => {
    const { call, sandbox } = await serve();
    const types = (await call('GET', `${AUDIT}/objectTypes`)).body as { type: string; translation: string }[];
    expect(types).toContainEqual({ type: 'CUSTOMER_STATE', translation: 'Customer state' });
    const events = await call('GET', `${AUDIT}/objectTypes/ROLE/eventTypes`);
    expect(events.body).toContainEqual({ type: 'DELETED', translation: 'Deleted' });
    expect((await call('GET', `${AUDIT}/objectTypes/__proto__/eventTypes`)).body).toEqual([]);
    sandbox.setQuirks({ auditTypesAsText: true });
    expect((await call('GET', `${AUDIT}/objectTypes`)).body).toEqual(types.map(({ type }) => type));
  });

  it('lists the objects of a type, each once, with their latest names', async () => {
    const { call } = await serve();
    const { id } = (await call('POST', ROLES, { name: 'First' })).body as { id: number };
    await call('PUT', `${ROLES}/${id}`, { id, name: 'Second' });
    const objects = async (query = ''): Promise<unknown> =>
      (await call('GET', `${AUDIT}/objectTypes/ROLE${query}`)).body;
    expect(await objects()).toEqual([{ objectId: String(id), objectName: 'Second' }]);
    expect(await objects('?start=0&end=1&offset=0&limit=10')).toEqual([]);
    expect(await objects('?offset=1&limit=1000')).toEqual([]);
    expect((await call('GET', `${AUDIT}/objectTypes/__proto__`)).body).toEqual([]);
  });

  it('names the person as the actor with a quirk', async () => {
    const { call } = await serve({ quirks: { auditNamesActor: true } });
    await call('POST', ROLES, { name: 'New' });
    const [event] = (await call('GET', AUDIT)).body as unknown[];
    expect(event).toMatchObject({
      actorId: 1_345_408_000,
      actorName: 'Root Keeper',
      userName: 'Root Keeper',
    });
  });
});
