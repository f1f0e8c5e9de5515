import { describe, expect, it } from '@jest/globals';
import { ANALYST, CATALOGUE, FINANCE, ROLES, SEARCH, serve, type Served } from './support.js';

type Row = Record<string, unknown>;
const V2 = '/api/content/v2/users';
const ANA = 1_345_408_854;
const V3 = '/api/content/v3/users';
const IDENTITY = '/api/identity/v1/users';
const TYPEAHEAD = '/api/content/v1/typeahead?type=userByEmail';
const ROOT = 1_345_408_000;

const get = async (call: Served['call'], path: string): Promise<Row> => (await call('GET', path)).body as Row;
const keysOf = (row: Row | undefined): unknown[] =>
  (row?.attributes as { key: string }[]).map(({ key }) => key);

describe('the acting person', () => {
  it('has the recorded fields: times in seconds and in milliseconds, and no role', async () => {
    const { call } = await serve();
    const me = await get(call, `${V2}/me`);
    expect(me).toMatchObject({
      id: ROOT,
      invitorUserId: expect.any(Number),
      displayName: 'Root Keeper',
      userName: 'root@acme.com',
      emailAddress: 'root@acme.com',
      avatarKey: expect.any(String),
      accepted: true,
      userType: 'USER',
      active: true,
      pending: false,
      anonymous: false,
      systemUser: false,
    });
    expect(me).not.toHaveProperty('roleId');
    expect(Number(me.modified)).toBe(Number(me.created) * 1000);
  });
});

describe('one person in the older forms', () => {
  it('has a role in v3 and none in v2', async () => {
    const { call } = await serve();
    const v2 = await get(call, `${V2}/${ROOT}`);
    expect([v2.id, 'roleId' in v2]).toEqual([ROOT, false]);
    const v3 = await get(call, `${V3}/${ROOT}`);
    expect([v3.roleId, v3.role, 'detail' in v3]).toEqual([1, 'Admin', false]);
    const detailed = await get(call, `${V3}/${ROOT}?includeDetails=True`);
    expect(detailed.detail).toMatchObject({ email: 'root@acme.com', pending: false });
  });

  it('is in the list of v3, and is the acting person there', async () => {
    const { call } = await serve();
    const me = await get(call, `${V3}/me?includeDetails=true`);
    expect(me).toEqual(await get(call, `${V3}/${ROOT}?includeDetails=true`));
    const page = (await call('GET', `${V3}?limit=2&offset=0&includeDetails=true`)).body as Row[];
    expect([page.length, page[0]]).toEqual([2, me]);
    expect((await call('GET', V3)).body).toHaveLength(39);
  });

  it.each([`${V2}/77`, `${V2}/x`])('is, if no one is known by %s, a 200 without a body', async (path) => {
    const { call } = await serve();
    const answer = await call('GET', path);
    expect([answer.status, answer.text]).toEqual([200, '']);
  });

  // Clients parse every successful response of v3 as JSON.
  it.each([`${V3}/77`, `${V3}/77?includeDetails=true`, `${V3}/__proto__`])(
    'is, if no one is known by %s, a 404',
    async (path) => {
      const { call } = await serve();
      expect((await call('GET', path)).status).toBe(404);
    },
  );

  it('is shown as not active after the account is deleted', async () => {
    const { call, sandbox } = await serve();
    const gone = sandbox.state().users.find(({ deleted }) => deleted)?.id ?? 0;
    const rows = (await call('GET', `${V3}?id=${gone},${ROOT},77&includeDetails=true`)).body as Row[];
    expect(rows).toMatchObject([
      { id: gone, detail: { active: false } },
      { id: ROOT, detail: { active: true } },
    ]);
    expect((await call('GET', `${V3}?id=${ROOT}`)).body).toHaveLength(1);
    expect(await get(call, `${V3}/${gone}?includeDetails=true`)).toMatchObject({ detail: { active: false } });
    expect((await call('GET', `${V2}/${gone}`)).text).toBe('');
    expect((await call('GET', `${V3}?id=x`)).status).toBe(400);
  });

  it('is added with a role or the default role, and only once', async () => {
    const { call } = await serve();
    const body = { displayName: 'New', detail: { email: 'new@acme.com' }, roleId: FINANCE };
    const made = await call('POST', `${V3}?sendInvite=false`, body);
    expect([made.status, made.body]).toMatchObject([200, { roleId: FINANCE, role: 'Finance Viewer' }]);
    expect((await call('POST', V3, body)).status).toBe(400);
    const other = { displayName: 'Other', detail: { email: 'other@acme.com' } };
    expect((await call('POST', V3, other)).body).toMatchObject({ roleId: 2 });
    expect((await call('POST', V3, { displayName: 'No address' })).status).toBe(400);
  });

  it('has an address of their own after a change too', async () => {
    const { call } = await serve();
    const { users } = (await call('POST', SEARCH, { ids: [ANA] })).body as { users: Row[] };
    const patch = (emailAddress: unknown) => call('PATCH', `${IDENTITY}/${ANA}`, { emailAddress });
    for (const wrong of ['root@acme.com', 'ROOT@acme.com', 'no address', '', 7])
      expect([wrong, (await patch(wrong)).status]).toEqual([wrong, 400]);
    expect(((await call('POST', SEARCH, { ids: [ANA] })).body as { users: Row[] }).users).toEqual(users);
    expect((await patch('Ana@acme.com')).body).toMatchObject({ emailAddress: 'Ana@acme.com' });
    expect((await patch('ana.silva@acme.com')).body).toMatchObject({ userName: 'ana.silva@acme.com' });
  });
});

describe('the list of all people', () => {
  it.each([V2, V3])('at %s is whole, or the page that is asked for', async (path) => {
    const { call } = await serve();
    const all = (await get(call, path)) as unknown as Row[];
    const page = (await get(call, `${path}?limit=2&offset=3`)) as unknown as Row[];
    expect(all.length).toBeGreaterThan(30);
    expect(page).toEqual(all.slice(3, 5));
  });
});

describe('the attributes of people', () => {
  const search = async (call: Served['call'], body: unknown): Promise<Row[]> =>
    ((await call('POST', SEARCH, body)).body as { users: Row[] }).users;

  it('are all returned for the part DETAILED, the role for the part ROLE, and none otherwise', async () => {
    const { call } = await serve();
    const [detailed] = await search(call, { limit: 1, parts: ['DETAILED'] });
    expect(keysOf(detailed)).toEqual(
      expect.arrayContaining([
        ...['roleId', 'created', 'modified', 'lastActivity', 'avatarKey', 'invitorUserId', 'isAnonymous'],
        'department',
      ]),
    );
    // Code Engine packages read a person from the attributes alone.
    expect(detailed?.attributes).toEqual(
      expect.arrayContaining([
        { key: 'id', values: [detailed?.id] },
        ...['displayName', 'userName', 'emailAddress'].map((key) => ({ key, values: [detailed?.[key]] })),
      ]),
    );
    expect(keysOf((await search(call, { limit: 1, parts: ['ROLE'] }))[0])).toEqual(['roleId']);
    expect(keysOf((await search(call, { limit: 1, parts: ['MINIMAL'] }))[0])).toEqual([]);
  });

  it('sort a new person last by creation', async () => {
    const { call } = await serve();
    const made = await call('POST', IDENTITY, { displayName: 'A New One', emailAddress: 'aaa@acme.com' });
    const sorted = await search(call, { limit: 100, sort: { field: 'created', order: 'ASC' } });
    expect(sorted.at(-1)?.id).toBe((made.body as Row).id);
    const [newest] = await search(call, { ids: [sorted.at(-1)?.id], attributes: ['invitorUserId'] });
    expect(newest?.attributes).toEqual([{ key: 'invitorUserId', values: [ROOT] }]);
  });

  it('are returned without the total, or the total without people, on request', async () => {
    const { call } = await serve();
    const total = await call('POST', SEARCH, { showCount: true, count: true });
    expect(total.body).toEqual({ count: 40, users: [] });
    const people = await call('POST', SEARCH, { showCount: false, count: false, limit: 3 });
    expect([Object.keys(people.body as Row), (people.body as { users: Row[] }).users.length]).toEqual([
      ['users'],
      3,
    ]);
  });

  it('can be selected in the plain list too, which has pages on request', async () => {
    const { call } = await serve();
    const { users } = (await get(call, `${IDENTITY}?limit=2&offset=1&attributes=roleId,created`)) as {
      users: Row[];
    };
    expect(users).toHaveLength(2);
    expect(keysOf(users[0])).toEqual(['roleId', 'created']);
    const byLine = (await get(call, `${IDENTITY}/${ROOT}?attributes=roleId,%0Acreated`)) as { users: Row[] };
    expect(keysOf(byLine.users[0])).toEqual(['roleId', 'created']);
    expect((await call('GET', `${IDENTITY}?limit=-1`)).status).toBe(400);
  });
});

describe('who holds an authority', () => {
  const found = async (call: Served['call'], query: string): Promise<Row[]> =>
    (await get(call, `${TYPEAHEAD}${query}`)).users as Row[];

  it('is found by a typeahead, in pages', async () => {
    const { call } = await serve();
    const admins = await found(call, '&authorities=authorization.roles&limit=100&offset=0');
    expect(admins.map((user) => user.displayName)).toContain('Root Keeper');
    expect(Object.keys(admins[0] ?? {})).toEqual(['id', 'displayName', 'email', 'avatarKey']);
    expect(await found(call, '&authorities=authorization.roles&limit=2&offset=1')).toEqual(
      admins.slice(1, 3),
    );
    expect(await found(call, '&authorities=no.such')).toEqual([]);
    expect(await found(call, '&q=silva')).toHaveLength(1);
    for (const query of ['type=card', 'type=userByName&type=card', '']) {
      expect((await call('GET', `/api/content/v1/typeahead?${query}`)).status).toBe(400);
    }
  });

  it('is found by name, or by both, and by a filter', async () => {
    const { call } = await serve();
    const { users } = (await get(
      call,
      '/api/content/v1/typeahead?type=userByName&type=userByEmail&authorities=dataset.manage&filter=silva',
    )) as { users: Row[] };
    expect(users.map((user) => user.displayName)).toEqual(['Ana Silva']);
    expect(await get(call, '/api/content/v1/typeahead?type=userByName,userByEmail&filter=silva')).toEqual({
      users,
    });
  });

  it('holds every authority that is named', async () => {
    const { call } = await serve();
    const both = await found(call, '&authorities=dataset.manage,user.invite&limit=100');
    const one = await found(call, '&authorities=dataset.manage&limit=100');
    expect(both.length).toBeGreaterThan(0);
    expect(both.length).toBeLessThan(one.length);
  });

  it('is in one of the roles that hold it', async () => {
    const { call } = await serve();
    const roles = (await call('GET', `${CATALOGUE}/dataset.manage/roles`)).body as Row[];
    expect(roles.map((role) => role.id)).toEqual(expect.arrayContaining([1, 2, 3, ANALYST]));
    expect(roles[0]).toEqual((await call('GET', `${ROLES}/1`)).body);
    expect((await call('GET', `${CATALOGUE}/no.such/roles`)).body).toEqual([]);
  });
});

describe('the catalogue', () => {
  it('has the closure of the dependencies, and a description for each line', async () => {
    const { call } = await serve();
    const rows = (await call('GET', CATALOGUE)).body as Row[];
    const implied = new Map(rows.map((row) => [row.authority, row.implicitAuthorities as string[]]));
    expect(implied.get('alert.edit')).toEqual([]);
    expect(implied.get('goal.admin')).toEqual(['goal.distribute', 'goal.edit', 'alert.edit']);
    expect([...implied.values()].filter((list) => list.length > 0).length).toBeGreaterThan(50);
    for (const row of rows) {
      expect(row).toMatchObject({ systemGroup: true, assignableByCustomer: true });
      expect(row.description).toMatch(/^Allows a (person|publisher) to [a-z].*\.$/);
    }
  });
});
