import { describe, expect, it } from '@jest/globals';
import { ANALYST, FINANCE, ROLES, SEARCH, serve, type Served } from './support.js';

interface People {
  totalCount: number;
  totalFilteredCount: number;
  users: { userId: number; displayName: string; email: string | null; roleId: number }[];
}

const people = async (call: Served['call'], roleId: number, query = ''): Promise<People> =>
  (await call('GET', `${ROLES}/${roleId}/users${query}`)).body as People;

describe('the people of a role', () => {
  it('are returned in pages that declare their total', async () => {
    const { call } = await serve();
    const first = await people(call, 4, '?limit=5');
    const rest = await people(call, 4, '?offset=5&limit=5');
    expect([first.totalCount, first.users.length, rest.users.length]).toEqual([8, 5, 3]);
    const ids = [...first.users, ...rest.users].map((user) => user.userId);
    expect(new Set(ids).size).toBe(8);
  });

  it('are fifty per page by default', async () => {
    const { call, sandbox } = await serve();
    for (let n = 0; n < 60; n += 1) {
      sandbox.edit({ edit: 'add-user', displayName: `New ${n}`, email: `new${n}@acme.com`, roleId: 5 });
    }
    const page = await people(call, 5);
    expect([page.totalCount, page.users.length]).toEqual([63, 50]);
  });

  it('can be searched and sorted', async () => {
    const { call } = await serve();
    const found = await people(call, ANALYST, '?search=AN');
    expect([found.totalCount, found.totalFilteredCount]).toEqual([5, 1]);
    expect(found.users[0]?.displayName).toBe('Ana Silva');
    const down = await people(call, ANALYST, '?sort=email&ascending=false');
    expect(down.users.map((user) => user.email)).toEqual(
      ['yara', 'will', 'vera', 'uma', 'ana'].map((name) => `${name}@acme.com`),
    );
  });

  it('include pending, support and system accounts, but not deleted ones', async () => {
    const { call } = await serve();
    const names = (await people(call, 1)).users.map((user) => user.displayName);
    expect(names).toEqual(expect.arrayContaining(['Nils Arden', 'Domo Support', 'Domo System']));
    expect(names).not.toContain('Gone Person');
    expect((await call('GET', `${ROLES}/1`)).body).toMatchObject({ userCount: names.length });
  });

  it('are moved from their old role, by ids as numbers or strings', async () => {
    const { call } = await serve();
    const [a, b] = (await people(call, FINANCE)).users.map((user) => user.userId);
    const answer = await call('PUT', `${ROLES}/${ANALYST}/users`, [a, String(b)]);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await people(call, FINANCE)).totalCount).toBe(2);
    expect((await people(call, ANALYST)).users.map((user) => user.userId)).toEqual(
      expect.arrayContaining([a, b]),
    );
  });

  it.each([
    ['an unknown person', [1_345_408_854, 77]],
    ['a deleted person', ['Gone Person']],
    ['an invalid id', [1_345_408_854, 'x']],
    ['a fraction', [1.5]],
    ['no list', { userIds: [] }],
  ])('refuse a whole batch with %s', async (_what, batch) => {
    const { call, sandbox } = await serve();
    const before = sandbox.state();
    const gone = before.users.find((user) => user.deleted)?.id;
    const body = Array.isArray(batch)
      ? batch.map((entry) => (entry === 'Gone Person' ? gone : entry))
      : batch;
    expect((await call('PUT', `${ROLES}/${FINANCE}/users`, body)).status).toBe(400);
    expect(sandbox.state().users).toEqual(before.users);
  });

  it.each(['limit=-1', 'limit=x', 'offset=1.5', 'offset=99999999999999999999'])(
    'refuse the page %s',
    async (query) => {
      const { call } = await serve();
      expect((await call('GET', `${ROLES}/4/users?${query}`)).status).toBe(400);
    },
  );
});

interface Found {
  count: number;
  users: {
    id: number;
    displayName: string;
    emailAddress: string;
    roleId: number;
    attributes: { key: string; values: unknown[] }[];
  }[];
}

const search = async (call: Served['call'], body: unknown): Promise<Found> =>
  (await call('POST', SEARCH, body)).body as Found;

describe('user search', () => {
  it('returns all people page by page, with the requested attributes only', async () => {
    const { call, sandbox } = await serve();
    const all: Found['users'] = [];
    for (let offset = 0; offset < 40; offset += 16) {
      const page = await search(call, {
        limit: 16,
        offset,
        showCount: true,
        count: false,
        attributes: ['roleId', 'isPending'],
      });
      expect(page.count).toBe(40);
      all.push(...page.users);
    }
    expect(all.map((user) => user.id).sort()).toEqual(
      sandbox
        .state()
        .users.map((user) => user.id)
        .sort(),
    );
    for (const user of all) expect(user.attributes.map(({ key }) => key)).toEqual(['roleId', 'isPending']);
    expect(all[0]?.attributes[0]).toEqual({ key: 'roleId', values: [all[0]?.roleId] });
  });

  it.each([
    ['everyone when nothing is left out', {}, 40],
    ['everyone who is not deleted', { includeDeleted: false }, 39],
    ['no support accounts', { includeDeleted: false, includeSupport: false }, 38],
    ['flags as text', { includeDeleted: 'false', includeSupport: 'false' }, 38],
    ['only the deleted', { onlyDeleted: true }, 1],
    ['some ids', { ids: [1_345_408_000, '1345408038', 77] }, 2],
    [
      'an id filter',
      { filters: [{ field: 'id', filterType: 'value', values: ['1345408000'], operator: 'EQ' }] },
      1,
    ],
    [
      'all but one role',
      { filters: [{ field: 'roleId', filterType: 'value', values: [1], operator: 'NE' }] },
      33,
    ],
    ['a part of an address', { filters: [{ filterType: 'text', field: 'emailAddress', text: 'AN' }] }, 2],
    [
      'several addresses',
      { filters: [{ filterType: 'text', field: 'emailAddress', text: 'Ana@acme.com  bo@acme.com x@y.z' }] },
      2,
    ],
    ['a name of two words', { filters: [{ filterType: 'text', text: 'ana silva' }] }, 1],
    ['a text in any field', { filters: [{ filterType: 'text', text: 'silva' }] }, 1],
    [
      'two filters at once',
      {
        filters: [
          { filterType: 'text', text: 'a' },
          { field: 'roleId', filterType: 'value', values: [ANALYST] },
        ],
      },
      5,
    ],
  ])('finds %s', async (_what, body, count) => {
    const { call } = await serve();
    const found = await search(call, { limit: 100, ...body });
    expect([found.count, found.users.length]).toEqual([count, count]);
  });

  it('sorts', async () => {
    const { call } = await serve();
    const found = await search(call, { limit: 2, sort: { field: 'displayName', order: 'DESC' } });
    expect(found.users.map((user) => user.displayName)).toEqual(['Zoe Berg', 'Yara Haddad']);
  });

  it('shows a change between two pages', async () => {
    const { call, sandbox } = await serve();
    await search(call, { limit: 5 });
    sandbox.edit({ edit: 'add-user', displayName: 'New', email: 'new@acme.com' });
    expect((await search(call, { limit: 5, offset: 5 })).count).toBe(41);
  });

  it.each([
    [{ limit: 'x' }],
    [{ limit: -1 }],
    [{ filters: {} }],
    [{ filters: [null] }],
    [{ filters: [{ filterType: 'magic' }] }],
    [{ filters: [{ filterType: 'value', field: 'id' }] }],
    [{ filters: [{ filterType: 'value', field: 'id', values: [1], operator: 'LIKE' }] }],
    [{ ids: ['x'] }],
    [{ attributes: [1] }],
    [{ includeDeleted: 'maybe' }],
    [{ sort: 'displayName' }],
    [[]],
    ['text'],
    [null],
  ])('refuses %j', async (body) => {
    const { call } = await serve();
    expect((await call('POST', SEARCH, JSON.stringify(body))).status).toBe(400);
  });

  it('does not read attributes of the JavaScript prototype', async () => {
    const { call } = await serve();
    const found = await search(call, { limit: 1, attributes: ['constructor', '__proto__', 'toString'] });
    expect(found.users[0]?.attributes).toEqual([]);
  });
});

describe('users one by one', () => {
  const identity = '/api/identity/v1/users';

  it('are all in both lists, except for deleted ones', async () => {
    const { call } = await serve();
    expect((await call('GET', '/api/content/v2/users')).body).toHaveLength(39);
    const { users } = (await call('GET', `${identity}?parts=DETAILED`)).body as Found;
    expect(users).toHaveLength(39);
    expect(users[0]?.attributes.map(({ key }) => key)).toContain('isActive');
  });

  it.each([[{ roleId: FINANCE }], [{ attributes: [{ key: 'roleId', values: [String(FINANCE)] }] }]])(
    'change their role by PATCH %j',
    async (body) => {
      const { call } = await serve();
      const answer = await call('PATCH', `${identity}/1345408854`, body);
      expect(answer.status).toBe(200);
      expect((answer.body as Found['users'][number]).attributes).toContainEqual({
        key: 'roleId',
        values: [FINANCE],
      });
      expect((await people(call, FINANCE)).totalCount).toBe(5);
    },
  );

  it('get the default role if they are added without one', async () => {
    const { call, sandbox } = await serve();
    sandbox.edit({ edit: 'set-default-role', roleId: 5 });
    const made = await call('POST', identity, { displayName: 'New', emailAddress: 'new@acme.com' });
    expect([made.status, (made.body as { roleId: number }).roleId]).toEqual([200, 5]);
    expect((await call('POST', identity, { displayName: 'New', emailAddress: 'NEW@acme.com' })).status).toBe(
      400,
    );
  });

  it('can be deleted', async () => {
    const { call } = await serve();
    expect((await call('DELETE', `${identity}/1345408854`)).status).toBe(200);
    expect((await call('GET', `${identity}/1345408854`)).status).toBe(404);
    expect((await people(call, ANALYST)).totalCount).toBe(4);
  });

  it.each([
    [{}],
    [{ roleId: 77 }],
    [{ roleId: 'x' }],
    [{ displayName: '' }],
    [{ department: { $set: 1 } }],
    [{ attributes: {} }],
    [{ attributes: [{ key: 'roleId' }] }],
  ])('refuse the change %j', async (body) => {
    const { call, sandbox } = await serve();
    const before = sandbox.state();
    expect((await call('PATCH', `${identity}/1345408854`, body)).status).toBe(400);
    expect(sandbox.state()).toEqual(before);
  });
});
