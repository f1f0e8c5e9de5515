import { afterEach, describe, expect, it } from '@jest/globals';
import {
  getRoleMembership,
  RoleCrudError,
  RoleNotRetrieved,
  setRoleGrants,
  tokenAuth,
} from '../../src/routes/index.js';
import { makeState } from '../../src/sandbox/index.js';
import { ANALYST, OLD_REPORTING, openWorld, WAYS, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const ROLES = '/api/authorization/v1/roles';

describe.each(WAYS)('a route, %s,', (way) => {
  it('lists all roles', async () => {
    world = await openWorld(way);
    const answer = await world.routes.getRoles({ parentClass: 'Report' });
    expect(answer).toMatchObject({ status: 200, isSuccess: true, parentClass: 'Report' });
    expect(answer.response.find(({ id }) => id === ANALYST)).toMatchObject({
      name: 'Data Analyst',
      authorityCount: 12,
      userCount: 5,
    });
  });

  it('reads one role, and reports a role that does not exist', async () => {
    world = await openWorld(way);
    expect((await world.routes.getRoleById(ANALYST)).response).toMatchObject({ name: 'Data Analyst' });
    const error: unknown = await world.routes
      .getRoleById(99, { parentClass: 'X' })
      .catch((raised: unknown) => raised);
    expect(error).toBeInstanceOf(RoleNotRetrieved);
    expect(error).toMatchObject({
      name: 'RoleNotRetrieved',
      instance: 'sandbox',
      functionName: 'getRoleById',
      status: 404,
      roleId: 99,
      parentClass: 'X',
      problems: [{ code: 'not-found' }],
    });
  });

  it('reads the grants of a role, and distinguishes an empty role from a missing one', async () => {
    world = await openWorld(way);
    const { response } = await world.routes.getRoleGrants(ANALYST);
    expect(response).toHaveLength(12);
    expect(response).toContain('content.card.edit');
    await expect(world.routes.getRoleGrants(99)).rejects.toMatchObject({
      name: 'RoleNotRetrieved',
      functionName: 'getRoleGrants',
      status: 200,
      message: 'getRoleGrants on sandbox, role 99: there is no role 99 on sandbox',
      problems: [{ code: 'not-found' }],
    });
    await world.routes.setRoleGrants({ roleId: OLD_REPORTING, grants: [] });
    expect((await world.routes.getRoleGrants(OLD_REPORTING)).response).toEqual([]);
  });

  it('reads the people of a role, raw or as a list, and distinguishes an empty role from a missing one', async () => {
    world = await openWorld(way, { quirks: { memberPageCap: 2 } });
    const list = await world.routes.getRoleMembership(ANALYST);
    expect(list.response).toHaveLength(5);
    expect(world.requests()).toHaveLength(3);
    const raw = await world.routes.getRoleMembership(ANALYST, { returnRaw: true });
    expect(raw.response).toEqual({ totalCount: 5, totalFilteredCount: 5, users: list.response });
    for (const returnRaw of [true, false]) {
      const { response } = await getRoleMembership(world.routes.auth, ANALYST, { returnRaw });
      expect(response).toEqual((await world.routes.getRoleMembership(ANALYST, { returnRaw })).response);
      expect(Array.isArray(response)).toBe(!returnRaw);
    }
    expect((await world.routes.getRoleMembership(OLD_REPORTING)).response).toEqual([]);
    await expect(world.routes.getRoleMembership(99)).rejects.toMatchObject({
      name: 'RoleNotRetrieved',
      functionName: 'getRoleMembership',
      problems: [{ code: 'not-found' }],
    });
  });

  it('creates a role with the grants of another one', async () => {
    world = await openWorld(way);
    const { response } = await world.routes.createRole({
      name: 'New',
      description: 'It',
      fromRoleId: ANALYST,
    });
    expect(response).toMatchObject({ name: 'New', description: 'It' });
    const grants = (await world.routes.getRoleGrants(Number(response.id))).response;
    expect(grants).toEqual((await world.routes.getRoleGrants(ANALYST)).response);
  });

  it('creates a role that starts with a few grants', async () => {
    world = await openWorld(way);
    const { response } = await world.routes.createRole({ name: 'New' });
    expect((await world.routes.getRoleGrants(Number(response.id))).response.length).toBeGreaterThan(0);
  });

  it('raises the message of the instance', async () => {
    world = await openWorld(way);
    const error: unknown = await world.routes
      .createRole({ name: 'Data Analyst' })
      .catch((raised: unknown) => raised);
    expect(error).toBeInstanceOf(RoleCrudError);
    expect(error).toMatchObject({
      functionName: 'createRole',
      roleId: null,
      problems: [{ code: 'http-error' }],
    });
  });

  it('sets the name and description of a role', async () => {
    world = await openWorld(way);
    await world.routes.updateRoleMetadata({ id: ANALYST, name: 'Analyst', description: 'Now' });
    expect((await world.routes.getRoleById(ANALYST)).response).toMatchObject({
      name: 'Analyst',
      description: 'Now',
    });
  });

  it('sets grants as the complete list', async () => {
    world = await openWorld(way);
    await world.routes.setRoleGrants({ roleId: ANALYST, grants: ['dataset.export', 'content.card.edit'] });
    expect([...(await world.routes.getRoleGrants(ANALYST)).response].sort()).toEqual([
      'content.card.edit',
      'dataset.export',
    ]);
  });

  it.each<[string, string[], string[], boolean]>([
    ['with their dependencies', ['dataset.admin'], ['dataset.admin', 'dataset.manage'], true],
    ['with another grant', ['dataset.export'], ['dataset.export', 'audit'], false],
    ['with one missing', ['dataset.export', 'audit'], ['dataset.export'], false],
    ['exactly', ['audit'], ['audit'], true],
    ['as an empty list', [], [], true],
    ['with a grant although none was wanted', [], ['audit'], false],
  ])('settles a 400 to grants that are set %s', async (_, grants, live, isDone) => {
    world = await openWorld(way, { quirks: { grantsAnswer400: true } });
    await world.routes.setRoleGrants({ roleId: ANALYST, grants: live }, { settle: false }).catch(() => null);
    const { routes, sandbox } = world;
    const auth = tokenAuth({
      instance: 'acme',
      baseUrl: 'http://127.0.0.1',
      accessToken: sandbox.token,
      connection: {
        sleep: async () => undefined,
        // Answers every write with 400 and does not change the list.
        fetch: async (request) =>
          request.method === 'GET' ? sandbox.fetch(request) : Response.json({}, { status: 400 }),
      },
    });
    const done = setRoleGrants(auth, { roleId: ANALYST, grants }, { print: () => undefined });
    await (isDone
      ? expect(done).resolves.toMatchObject({ isSuccess: true, status: 400 })
      : expect(done).rejects.toMatchObject({ name: 'RoleCrudError', status: 400 }));
    expect((await routes.getRoleGrants(ANALYST)).response.toSorted()).toEqual(live.toSorted());
  });

  it('accepts a 400 of an instance that adds the dependencies of grants', async () => {
    world = await openWorld(way, { quirks: { grantsAnswer400: true, impliedAuthorities: true } });
    const answer = await world.routes.setRoleGrants(
      { roleId: ANALYST, grants: ['dataset.admin'] },
      { print: () => undefined },
    );
    expect(answer).toMatchObject({ isSuccess: true, status: 400 });
    expect((await world.routes.getRoleGrants(ANALYST)).response.length).toBeGreaterThan(1);
  });

  it('moves people to a role with their ids as numbers', async () => {
    world = await openWorld(way);
    const [one, two] = (await world.routes.getRoleMembership(ANALYST)).response.map(({ userId }) =>
      Number(userId),
    );
    world.sandbox.clearLog();
    const answer = await world.routes.roleMembershipAddUsers({
      roleId: OLD_REPORTING,
      userIds: [two ?? 0, one ?? 0],
    });
    expect(answer).toMatchObject({ status: 204, isSuccess: true });
    expect(world.sandbox.log()[0]).toMatchObject({ body: [one ?? 0, two ?? 0].sort((a, b) => a - b) });
    expect((await world.routes.getRoleMembership(ANALYST)).response).toHaveLength(3);
  });

  it('deletes a role, with or without a response body', async () => {
    world = await openWorld(way, { quirks: { deleteAnswersBody: true } });
    expect((await world.routes.deleteRole(OLD_REPORTING)).isSuccess).toBe(true);
    await expect(world.routes.deleteRole(OLD_REPORTING)).rejects.toMatchObject({
      name: 'RoleCrudError',
      status: 404,
    });
  });

  it('raises a 400 that was done if settle is false', async () => {
    world = await openWorld(way, { quirks: { deleteAnswers400: true } });
    await expect(world.routes.deleteRole(OLD_REPORTING, { settle: false })).rejects.toMatchObject({
      name: 'RoleCrudError',
      status: 400,
    });
    await expect(world.routes.getRoleById(OLD_REPORTING)).rejects.toBeInstanceOf(RoleNotRetrieved);
  });

  it('reads the catalogue, the settings and the acting person', async () => {
    world = await openWorld(way);
    const { response } = await world.routes.getAuthorities();
    expect(response.find(({ authority }) => authority === 'authorization.roles')).toMatchObject({
      roleIds: [1],
    });
    expect((await world.routes.getRoleSettings()).response).toEqual({
      defaultRoleId: 2,
      allowlistRoleIds: null,
    });
    expect((await world.routes.whoAmI()).response).toMatchObject({ displayName: 'Root Keeper' });
    expect((await world.routes.getDefaultRole()).response).toBe('2');
  });

  it('searches people page by page', async () => {
    world = await openWorld(way);
    const asked = { offset: 0, limit: 3, includeDeleted: false, includeSupport: false };
    const { response } = await world.routes.searchUsers({ ...asked, emailContains: 'ROOT@' });
    expect(response).toMatchObject({ count: 1, users: [{ emailAddress: 'root@acme.com' }] });
    expect((await world.routes.searchUsers(asked)).response.users).toHaveLength(3);
  });

  it('reads each person that is found, however long the page', async () => {
    world = await openWorld(way, { state: makeState({ roles: 10, people: 2_000 }) });
    const asked = { offset: 0, limit: 5_000, includeDeleted: false, includeSupport: false };
    const { users: sent, count } = (await world.routes.searchUsers(asked)).response;
    expect(sent).toHaveLength(count);
    expect(JSON.stringify(sent).length).toBeGreaterThan(200_000);
    const { response } = await world.routes.searchUsers(asked, {
      readUser: ({ emailAddress }) => emailAddress,
    });
    expect(response).toEqual({ count, users: sent.map(({ emailAddress }) => emailAddress) });
  });

  it('reads the audit log, completely or up to a limit', async () => {
    world = await openWorld(way);
    for (const name of ['A', 'B', 'C', 'D', 'E']) {
      await world.routes.updateRoleMetadata({ id: ANALYST, name, description: '' });
    }
    const query = { start: 0, end: Date.now() + 1_000, pageSize: 2, objectType: 'ROLE' };
    const all = (await world.routes.getAuditLog(query)).response;
    expect(all.length).toBeGreaterThanOrEqual(5);
    expect(all[0]).toMatchObject({ objectType: 'ROLE', objectId: expect.anything() });
    expect((await world.routes.getAuditLog({ ...query, most: 3 })).response).toEqual(all.slice(0, 3));
  });

  it('prints in one line whether the instance accepts the token', async () => {
    world = await openWorld(way);
    const lines: string[] = [];
    const print = (line: string): void => void lines.push(line);
    expect(await world.routes.printIsToken({ print })).toBe(true);
    world.sandbox.setQuirks({ unknownInstance: true });
    await expect(world.routes.printIsToken({ print })).rejects.toMatchObject({
      problems: [{ code: 'forbidden' }],
    });
    const wrong = await openWorld(way, { routes: { auth: { accessToken: 'WRONG-TOKEN' } } });
    expect(await wrong.routes.printIsToken({ print })).toBe(false);
    await wrong.close();
    expect(lines).toEqual([
      '🎉 token_auth token retrieved from sandbox ⚙️',
      '🚧 failed to retrieve token_auth token from sandbox',
    ]);
    expect(lines.join()).not.toContain('WRONG-TOKEN');
  });
});

describe.each(WAYS)('a blocked network, %s,', (way) => {
  it.each([{ networkBlocked: true }, { networkRedirected: true }])(
    'is its own error for every route: %j',
    async (quirks) => {
      world = await openWorld(way, { quirks });
      const { routes } = world;
      const works = [
        () => routes.getRoles(),
        () => routes.getRoleGrants(ANALYST),
        () => routes.getAuthorities(),
        () => routes.whoAmI(),
        () => routes.setRoleGrants({ roleId: ANALYST, grants: [] }),
        () => routes.deleteRole(ANALYST),
      ];
      for (const work of works) {
        await expect(work()).rejects.toMatchObject({ problems: [{ code: 'blocked-network' }] });
      }
      expect(world.sandbox.log()).toHaveLength(works.length);
    },
  );
});

describe('debugApi', () => {
  it('prints each request with its caller, and no secret', async () => {
    world = await openWorld('in-process');
    const lines: string[] = [];
    const askForRoles = async (): Promise<unknown> =>
      world.routes.getRoles({ debugApi: (line) => lines.push(line) });
    const askThroughAnother = async (): Promise<unknown> =>
      world.routes.getRoleGrants(99, { debugApi: (line) => lines.push(line), debugNumStacksToDrop: 1 });
    const another = async (): Promise<unknown> => askThroughAnother();
    await askForRoles();
    await another().catch(() => undefined);
    expect(lines).toEqual([
      expect.stringMatching(
        /^getRoles: GET https:\/\/sandbox.domo.com\/api\/authorization\/v1\/roles: 200, \d+ ms, called by (?:Object\.)?askForRoles \(.*routes\.test\.ts.*"x-domo-developer-token":"\[secret\]"/,
      ),
      expect.stringMatching(
        /^getRoleGrants: GET .*\/99\/authorities: 200, \d+ ms, called by (?:Object\.)?another \(/,
      ),
      expect.stringContaining(`getRoleGrants: GET https://sandbox.domo.com${ROLES}: 200`),
      expect.stringContaining(`getRoleGrants: GET https://sandbox.domo.com${ROLES}/99/exists: 200`),
    ]);
    expect(lines.join()).not.toContain(world.sandbox.token);
  });
});
