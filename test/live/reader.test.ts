import { afterEach, describe, expect, it } from '@jest/globals';
import { openReader } from '../../src/live/open-reader.js';
import type { LiveReader } from '../../src/live/reader.js';
import { openRoutes } from '../../src/routes/index.js';
import { allQuirks, makeState, openSandbox, parseFaults, type Quirks } from '../../src/sandbox/index.js';
import { problemOf } from '../http/server.js';
import { ANALYST, OLD_REPORTING, openWorld, WAYS, type World } from '../routes/world.js';

let world: World;
afterEach(() => world.close());

const readerOf = ({ routes }: World, pageSize?: number): LiveReader =>
  openReader(routes, { instance: 'sandbox', sandbox: true, ...(pageSize ? { pageSize } : {}) });

describe.each(WAYS)('a reader, %s,', (way) => {
  it('reads roles, matrix, settings and the acting person in four requests', async () => {
    world = await openWorld(way, { routes: { readOnly: true } });
    const core = await readerOf(world).readCore();
    expect(world.requests()).toHaveLength(4);
    expect(core).toMatchObject({
      instance: 'sandbox',
      sandbox: true,
      me: { id: 1345408000, email: 'root@acme.com', name: 'Root Keeper' },
      people: null,
      defaultRoleId: 2,
      allowlist: 'off',
    });
    expect(core.roles.map(({ id }) => id)).toEqual([...core.roles.map(({ id }) => id)].sort((a, b) => a - b));
    for (const role of world.sandbox.state().roles) {
      const read = core.roles.find(({ id }) => id === role.id);
      expect(read?.grants).toEqual([...role.authorities].sort());
      expect(read).toMatchObject({ name: role.name, grantCount: role.authorities.length });
    }
    expect(core.catalogue.find(({ grant }) => grant === 'authorization.roles')).toMatchObject({
      group: 'COMPANY',
      adminLevel: true,
      dependsOn: ['ui.admin'],
    });
  });

  it('reads all people with their kinds, and leaves out deleted accounts', async () => {
    world = await openWorld(way, { routes: { readOnly: true } });
    const people = await readerOf(world).readPeople();
    expect(people.scope).toBe('all');
    const users = world.sandbox.state().users.filter(({ deleted, isSupport }) => !deleted && !isSupport);
    expect(people.list.map(({ id }) => id)).toEqual(users.map(({ id }) => id).sort((a, b) => a - b));
    for (const user of users) {
      expect(people.list.find(({ id }) => id === user.id)).toEqual({
        id: user.id,
        email: user.email === null ? null : user.email.toLowerCase(),
        name: user.displayName,
        roleId: user.roleId,
        kind: user.isSystemUser ? 'system' : user.isPending ? 'pending' : 'active',
      });
    }
  });

  it('reads the same under every quirk, except for parts that a quirk hides', async () => {
    world = await openWorld(way);
    const plain = { ...(await readerOf(world).readCore()), people: await readerOf(world).readPeople() };
    world.sandbox.setQuirks({ ...allQuirks(), nullAttributes: false });
    const odd = { ...(await readerOf(world).readCore()), people: await readerOf(world).readPeople() };
    expect(odd.people).toEqual(plain.people);
    expect(odd.allowlist).toBe('unreadable');
    expect(odd.roles.map(({ grantCount, ...role }) => [role, (grantCount ?? 0) - 1])).toEqual(
      plain.roles.map(({ grantCount, ...role }) => [role, grantCount]),
    );
    expect(odd.catalogue.map(({ grant }) => grant)).toEqual(plain.catalogue.map(({ grant }) => grant));
    expect(odd.catalogue.every(({ adminLevel }) => adminLevel === null)).toBe(true);
  });

  it('reads administrators by the roles that hold the grant, without reading all people', async () => {
    world = await openWorld(way, { routes: { readOnly: true } });
    const reader = readerOf(world);
    const core = await reader.readCore();
    world.sandbox.clearLog();
    const admins = await reader.readAdmins(core);
    expect(world.requests()).toEqual([
      'GET /api/authorization/v1/roles/1/users 200',
      'POST /api/identity/v1/users/search 200',
    ]);
    expect(admins.scope).toBe('admins');
    expect(admins.list).toEqual((await reader.readPeople()).list.filter(({ roleId }) => roleId === 1));
  });

  it('finds the accounts that user search hides in the list of the role', async () => {
    world = await openWorld(way);
    const reader = readerOf(world);
    const { list } = await reader.readPeople();
    const hidden = await reader.readHiddenMembers(
      [1],
      list.filter(({ roleId }) => roleId === 1),
    );
    expect(hidden).toEqual([
      { id: 1345409409, email: 'support@domo.com', name: 'Domo Support', roleId: 1, kind: 'support' },
    ]);
    world.sandbox.clearLog();
    expect(
      await reader.readHiddenMembers(
        [ANALYST],
        list.filter(({ roleId }) => roleId === ANALYST),
      ),
    ).toEqual([]);
    expect(world.requests()).toHaveLength(1);
    expect(await reader.readRoleMembers(1)).toEqual(
      [...list.filter(({ roleId }) => roleId === 1), ...hidden].map(({ id }) => id).sort((a, b) => a - b),
    );
  });

  it('reads people by id, including hidden accounts, and leaves out unknown ids', async () => {
    world = await openWorld(way);
    const reader = readerOf(world);
    const { list } = await reader.readPeople();
    const some = list.slice(3, 6);
    expect(await reader.readPeopleByIds(some.map(({ id }) => id))).toEqual(some);
    const odd = await reader.readPeopleByIds([1345409409, 1345408000, 77]);
    expect(odd.map(({ id, kind }) => [id, kind])).toEqual([
      [1345408000, 'active'],
      [1345409409, 'support'],
    ]);
    expect(await reader.readPeopleByIds([])).toEqual([]);
  });

  it('reads a list of grants, the roles, or the matrix by itself', async () => {
    world = await openWorld(way);
    const reader = readerOf(world);
    const core = await reader.readCore();
    const analyst = core.roles.find(({ id }) => id === ANALYST);
    expect(await reader.readRoleGrants(ANALYST)).toEqual(analyst?.grants);
    expect(await reader.readRoles()).toEqual(core.roles.map(({ grants, ...role }) => (grants ? role : null)));
    expect((await reader.readMatrix()).get(ANALYST)).toEqual(analyst?.grants);
    expect(await reader.readRoleMembers(OLD_REPORTING)).toEqual([]);
  });

  it.each<[string, Partial<Quirks>, number[] | 'off' | 'unreadable']>([
    ['on', {}, [2, 5]],
    ['with ids as text', { idsAsText: true }, [2, 5]],
    ['absent', { settingsAbsent: true }, 'unreadable'],
    ['write-only', { settingsWriteOnly: true }, 'unreadable'],
  ])('reads settings that are %s', async (_, quirks, allowlist) => {
    world = await openWorld(way, { quirks });
    await world.routes.setRoleSettings({ defaultRoleId: 2, allowlistRoleIds: [5, 2] });
    expect(await readerOf(world).readSettings()).toEqual({ defaultRoleId: 2, allowlist });
  });
});

describe('pages of people', () => {
  it.each([
    [1_000, 0, 1],
    [10, 0, 4],
    [1_000, 7, 6],
    [5, 7, 8],
  ])('asked for by %i and capped at %i make %i requests', async (pageSize, userPageCap, requests) => {
    world = await openWorld('in-process', { quirks: { userPageCap } });
    const { list } = await readerOf(world, pageSize).readPeople();
    expect(list).toHaveLength(38);
    expect(world.requests()).toHaveLength(requests);
  });

  it('take ceil(people / page) requests on a large instance', async () => {
    world = await openWorld('in-process', { quirks: { userPageCap: 200 } });
    await world.sandbox.reset(makeState({ roles: 50, people: 3_000 }));
    world.sandbox.clearLog();
    const { list } = await readerOf(world).readPeople();
    const listed = world.sandbox.state().users.filter(({ deleted, isSupport }) => !deleted && !isSupport);
    expect(list).toHaveLength(listed.length);
    expect(world.requests()).toHaveLength(Math.ceil(listed.length / 200));
  });

  it.each(['readPeople', 'readRoleMembers'] as const)(
    'that were cut short are an error: %s',
    async (method) => {
      const quirks = { userPageCap: 7, memberPageCap: 2 };
      for (const fault of [{ nth: 2 }, { nth: 3 }, { times: 0 }]) {
        world = await openWorld('in-process', { quirks, faults: [{ name: 'short-list', ...fault }] });
        const problem = await problemOf(readerOf(world)[method](ANALYST));
        expect(problem.code).toBe('short-list');
      }
    },
  );

  it('of which the first is short are read completely, as smaller pages', async () => {
    world = await openWorld('in-process', { faults: [{ name: 'short-list', value: 3 }] });
    expect((await readerOf(world).readPeople()).list).toHaveLength(38);
    expect(world.requests()).toHaveLength(2);
  });

  it('are read again if the total changes once, and are an error if it keeps changing', async () => {
    world = await openWorld('in-process', {
      quirks: { userPageCap: 10 },
      faults: [{ name: 'moving-total', nth: 2 }],
    });
    expect((await readerOf(world).readPeople()).list).toHaveLength(38);
    world.sandbox.setFaults([{ name: 'moving-total', times: 0 }]);
    expect((await problemOf(readerOf(world).readPeople())).code).toBe('short-list');
  });
});

describe('an instance that ignores filters', () => {
  it('returns all people instead of administrators, and reports that in the scope', async () => {
    world = await openWorld('in-process');
    const deaf: World['routes'] = {
      ...world.routes,
      searchUsers: ({ ids, ...search }, options) => world.routes.searchUsers(ids ? search : search, options),
    };
    const reader = openReader(deaf, { instance: 'sandbox', sandbox: true });
    const allPeople = await reader.readPeople();
    world.sandbox.clearLog();
    expect(await reader.readAdmins(await reader.readCore())).toEqual(allPeople);
    expect(world.requests()).toHaveLength(4 + 2);
    expect(await reader.readPeopleByIds([1345408000])).toHaveLength(1);
    expect(
      await reader.readHiddenMembers(
        [ANALYST],
        allPeople.list.filter(({ roleId }) => roleId === ANALYST),
      ),
    ).toEqual([]);
  });
});

describe('an incomplete list of roles', () => {
  it('is an error if it lacks a role of the matrix, even when it is read again', async () => {
    const sandbox = await openSandbox();
    const routes = openRoutes({
      instance: 'sandbox',
      baseUrl: 'http://127.0.0.1',
      auth: { accessToken: sandbox.token },
      fetch: (request) => sandbox.fetch(request),
    });
    const reader = openReader(routes, { instance: 'sandbox', sandbox: true });
    sandbox.setFaults(parseFaults('short-list=5;path=/roles$;times=1'));
    expect((await reader.readCore()).roles).toHaveLength(10);
    sandbox.setFaults(parseFaults('short-list=5;path=/roles$;times=9'));
    await expect(reader.readCore()).rejects.toMatchObject({ problems: [{ code: 'short-list' }] });
    await sandbox.close();
  });
});
