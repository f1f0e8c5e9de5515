import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  createRole,
  deleteRole,
  getDefaultRole,
  getRoleById,
  getRoleGrants,
  getRoleMembership,
  getRoles,
  printIsToken,
  passwordAuth,
  RoleCrudError,
  roleMembershipAddUsers,
  RoleNotRetrieved,
  RouteError,
  setDefaultRole,
  setRoleGrants,
  tokenAuth,
  updateRoleMetadata,
  whoAmI,
} from '../../src/index.js';
import type { Auth, RouteResponse, WireRole } from '../../src/index.js';
import type { Quirks, Sandbox } from '../../src/sandbox/index.js';
import { openSandbox, serveSandbox } from '../../src/sandbox/index.js';

/**
 * The samples of the two sources, in their order, from TypeScript against a served sandbox: the role routes page of
 * the Python `domolibrary`, and the reference of Domo's Roles Governance API.
 */
describe('the samples of the sources', () => {
  let sandbox: Sandbox;
  let auth: Auth;
  let stop: () => Promise<void>;
  let printed: string[];
  beforeEach(async () => {
    sandbox = await openSandbox();
    const served = await serveSandbox(sandbox);
    auth = tokenAuth({
      instance: 'sandbox',
      baseUrl: served.url,
      accessToken: sandbox.token,
      connection: { sleep: async () => undefined },
    });
    printed = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => printed.push(String(chunk)) > 0);
    stop = async () => {
      jest.restoreAllMocks();
      auth.client().close();
      await served.close();
      await sandbox.close();
    };
  });
  afterEach(() => stop());

  const find = async (name: string): Promise<WireRole> => {
    const role = (await getRoles(auth)).response.find((one) => one.name === name);
    if (!role) throw new Error(`no role ${name}`);
    return role;
  };
  const DONE = { status: 200, isSuccess: true, parentClass: null };
  const WARNING =
    /^😕 weird API issue, but role should have been (?:modified|deleted)\. {2}setting is_success = True\n$/u;

  it('of the Python routes give what they give there', async () => {
    expect(await printIsToken(auth)).toBe(true);
    expect(printed).toEqual(['🎉 token_auth token retrieved from sandbox ⚙️\n']);

    const all = await getRoles(auth);
    expect(all).toMatchObject(DONE);
    expect(all.response.slice(0, 5).map(({ id, name }) => [id, name])).toEqual([
      [1, 'Admin'],
      [2, 'Privileged'],
      [3, 'Editor'],
      [4, 'Participant'],
      [5, 'Social'],
    ]);

    const admin = await getRoleById(auth, 1);
    expect(admin).toMatchObject({ ...DONE, response: { id: 1, name: 'Admin' } });
    const counts: [number | undefined, number | undefined] = [
      admin.response.authorityCount,
      admin.response.userCount,
    ];
    for (const count of counts) expect(count).toEqual(expect.any(Number));

    const grants = await getRoleGrants(auth, 1);
    expect(grants).toMatchObject(DONE);
    expect(grants.response).toContain('authorization.roles');

    const members = await getRoleMembership(auth, 1, { returnRaw: false });
    expect(members.response[0]).toMatchObject({ userId: expect.any(Number), roleId: 1 });
    const raw = await getRoleMembership(auth, 1, { returnRaw: true });
    expect(raw.response.users).toEqual(members.response);

    const made = await createRole(auth, { name: 'dl_test', description: 'made by a sample' });
    expect(made).toMatchObject({ ...DONE, response: { name: 'dl_test', description: 'made by a sample' } });
    expect(await deleteRole(auth, String(made.response.id))).toMatchObject({ status: 204, isSuccess: true });
    await expect(getRoleById(auth, made.response.id)).rejects.toBeInstanceOf(RoleNotRetrieved);

    const before = await getDefaultRole(auth);
    expect(before).toEqual({ ...DONE, response: '2' });
    // What the one gives, the other takes.
    expect(await setDefaultRole(auth, { roleId: before.response })).toMatchObject({ isSuccess: true });

    const role = await find('Data Analyst');
    await updateRoleMetadata(auth, { id: role.id, name: role.name, description: 'last updated today' });
    expect((await find('Data Analyst')).description).toBe('last updated today');

    await setRoleGrants(auth, { roleId: String(role.id), grants: ['user.edit', 'user.invite'] });
    expect([...(await getRoleGrants(auth, role.id)).response].sort()).toEqual(['user.edit', 'user.invite']);

    const [user] = (await getRoleMembership(auth, 4)).response;
    const added = await roleMembershipAddUsers(auth, { roleId: role.id, userIds: [String(user?.userId)] });
    expect(added).toMatchObject({ status: 204, isSuccess: true });
    expect((await getRoleMembership(auth, role.id)).response.map(({ userId }) => userId)).toContain(
      user?.userId,
    );
  });

  it("of Domo's reference give what they give there", async () => {
    const sandboxSource = await find('Data Analyst');
    const made = await createRole(auth, {
      name: 'From a role',
      description: 'By the reference',
      fromRoleId: sandboxSource.id,
    });
    expect(made.response).toMatchObject({ id: expect.any(Number), name: 'From a role' });
    expect((await getRoleGrants(auth, made.response.id)).response).toEqual(
      (await getRoleGrants(auth, sandboxSource.id)).response,
    );
    sandbox.setQuirks({ grantsPatchOnly: true });
    const set = await setRoleGrants(auth, {
      roleId: made.response.id,
      grants: ['dataset.manage', 'dataset.export'],
    });
    expect(set).toMatchObject({ ...DONE, response: { status: 'SUCCESS' } });
    expect((await getRoleMembership(auth, made.response.id)).response).toEqual([]);
  });

  const WRITES: [
    string,
    Partial<Quirks>,
    (options?: { returnRaw: true }) => Promise<RouteResponse<unknown>>,
  ][] = [
    [
      'updateRoleMetadata',
      { updateAnswers400: true },
      async (options) =>
        updateRoleMetadata(
          auth,
          { id: (await find('Data Analyst')).id, name: 'Data Analyst', description: 'x' },
          options,
        ),
    ],
    [
      'setRoleGrants',
      { grantsAnswer400: true },
      async (options) =>
        setRoleGrants(auth, { roleId: (await find('Data Analyst')).id, grants: ['user.edit'] }, options),
    ],
    [
      'deleteRole',
      { deleteAnswers400: true },
      async (options) => deleteRole(auth, (await find('Old Reporting')).id, options),
    ],
  ];

  it.each(WRITES)(
    'that are answered 400 though done succeed with a warning: %s',
    async (_name, quirks, write) => {
      sandbox.setQuirks(quirks);
      expect(await write()).toEqual({
        status: 400,
        response: 'Bad Request',
        isSuccess: true,
        parentClass: null,
      });
      expect(printed).toEqual([expect.stringMatching(WARNING)]);
    },
  );

  it.each(WRITES)('that ask for the raw answer get it, unsettled: %s', async (_name, quirks, write) => {
    sandbox.setQuirks(quirks);
    const answer = await write({ returnRaw: true });
    expect(answer).toEqual({ status: 400, response: 'Bad Request', isSuccess: false, parentClass: null });
    expect(printed).toEqual([]);
  });

  it('that are refused with a 400 raise it, with no warning', async () => {
    const system = { id: 1, name: 'Root', description: '' };
    for (const write of [
      () => updateRoleMetadata(auth, system),
      () => setRoleGrants(auth, { roleId: 1, grants: [] }),
      () => deleteRole(auth, 1),
    ])
      await expect(write()).rejects.toBeInstanceOf(RoleCrudError);
    expect(printed).toEqual([]);
  });

  it('update a role without a description, which keeps its own', async () => {
    const role = await find('Data Analyst');
    await updateRoleMetadata(auth, { id: role.id, name: 'Analyst' });
    expect((await find('Analyst')).description).toBe(role.description);
  });

  it('raise errors with the documented fields, which can be made by hand too', async () => {
    const raised: unknown = await getRoleById(auth, 99, { parentClass: 'Report' }).catch(
      (error: unknown) => error,
    );
    expect(raised).toMatchObject({
      instance: 'sandbox',
      functionName: 'getRoleById',
      status: 404,
      roleId: 99,
      parentClass: 'Report',
      message: expect.stringMatching(/^Report\.getRoleById on sandbox, role 99: /u),
    });
    const own = new RoleCrudError({
      instance: 'acme',
      functionName: 'mine',
      status: 400,
      message: 'no',
      roleId: 7,
      parentClass: 'Mine',
    });
    expect([own.message, own.status, own.problems.length]).toEqual(['Mine.mine on acme, role 7: no', 400, 1]);
  });

  it('raise a refused login as a route error', async () => {
    const wrong = tokenAuth({ instance: 'sandbox', baseUrl: auth.baseUrl, accessToken: 'WRONG' });
    await expect(getRoles(wrong)).rejects.toBeInstanceOf(RoleNotRetrieved);
    expect(await printIsToken(wrong, { tokenName: 'mine' })).toBe(false);
    expect(printed).toEqual(['🚧 failed to retrieve mine token from sandbox\n']);
    wrong.client().close();
    const person = passwordAuth({
      instance: 'sandbox',
      baseUrl: auth.baseUrl,
      username: 'root@acme.com',
      password: 'WRONG',
    });
    for (const call of [() => getRoles(person), () => deleteRole(person, 99), () => whoAmI(person)])
      await expect(call()).rejects.toBeInstanceOf(RouteError);
    person.client().close();
  });

  it.each([
    NaN,
    -1,
    0,
    1.5,
    2 ** 53,
    Infinity,
    'x',
    '',
    ' 1',
    '01',
    '1e3',
    '-1',
    '9'.repeat(17),
    '../settings',
  ])('refuse the id %j before anything is sent', async (id) => {
    const calls = [
      () => getRoleById(auth, id),
      () => getRoleGrants(auth, id),
      () => getRoleMembership(auth, id),
      () => createRole(auth, { name: 'A', fromRoleId: id }),
      () => deleteRole(auth, id),
      () => setDefaultRole(auth, { roleId: id }),
      () => setDefaultRole(auth, { roleId: 2, allowlist: [id] }),
      () => updateRoleMetadata(auth, { id, name: 'A' }),
      () => setRoleGrants(auth, { roleId: id, grants: [] }),
      () => roleMembershipAddUsers(auth, { roleId: id, userIds: [] }),
      () => roleMembershipAddUsers(auth, { roleId: 4, userIds: [id] }),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ problems: [{ code: 'usage' }] });
    expect(sandbox.log()).toEqual([]);
  });

  it('take the ids of an instance that sends them as text', async () => {
    sandbox.setQuirks({ idsAsText: true });
    const role = await find('Data Analyst');
    expect(role.id).toEqual(expect.any(Number));
    expect((await getRoleGrants(auth, role.id)).response.length).toBeGreaterThan(0);
  });

  it('show with debugApi the address, headers and body, and no secret', async () => {
    const lines: string[] = [];
    const debugApi = (line: string): void => void lines.push(line);
    await setRoleGrants(
      auth,
      { roleId: (await find('Data Analyst')).id, grants: ['user.edit'] },
      { debugApi },
    );
    expect(lines[0]).toMatch(
      /^setRoleGrants: PUT http:\/\/\S+\/authorities: 200, .*headers \{.*\}, body \["user\.edit"\]$/u,
    );
    expect(lines.join()).not.toContain(sandbox.token);
  });
});
