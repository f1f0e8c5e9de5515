import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createRole,
  deleteRole,
  getDefaultRole,
  getRoleById,
  getRoleGrants,
  getRoleMembership,
  getRoles,
  printIsToken,
  RoleCrudError,
  roleMembershipAddUsers,
  RoleNotRetrieved,
  setDefaultRole,
  setRoleGrants,
  updateRoleMetadata,
} from '../../src/index.js';
import type { Auth, RouteResponse, WireRole } from '../../src/index.js';
import type { Quirks, Sandbox } from '../../src/sandbox/index.js';
import { openServed, type Served } from './served.js';

/**
 * The samples of the two sources, in their order, from TypeScript against a served sandbox: the role routes page of
 * the Python `domolibrary`, and the reference of Domo's Roles Governance API.
 */
describe('the samples of the sources', () => {
  let served: Served;
  let auth: Auth;
  let sandbox: Sandbox;
  let printed: string[];
  beforeEach(async () => {
    served = await openServed();
    ({ auth, sandbox, printed } = served);
  });
  afterEach(() => served.close());
  const find = async (name: string): Promise<WireRole> => served.find(name);
  const DONE = { status: 200, isSuccess: true, parentClass: null };
  const WARNING =
    /^😕 weird API issue, but role should have been (?:modified|deleted)\. {2}setting is_success = True\n$/u;

  it('of the Python routes return the documented results', async () => {
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
    // One route accepts what the other returns.
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

  it("of Domo's reference return the documented results", async () => {
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
    'that are answered 400 although done succeed with a warning: %s',
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

  it.each(WRITES)(
    'with returnRaw return the refusal without reading back: %s',
    async (_name, quirks, write) => {
      sandbox.setQuirks(quirks);
      const answer = await write({ returnRaw: true });
      expect(answer).toEqual({ status: 400, response: 'Bad Request', isSuccess: false, parentClass: null });
      expect(printed).toEqual([]);
    },
  );

  it('that are refused with a 400 raise it without a warning', async () => {
    const system = { id: 1, name: 'Root', description: '' };
    for (const write of [
      () => updateRoleMetadata(auth, system),
      () => setRoleGrants(auth, { roleId: 1, grants: [] }),
      () => deleteRole(auth, 1),
    ])
      await expect(write()).rejects.toBeInstanceOf(RoleCrudError);
    expect(printed).toEqual([]);
  });

  it('that update a role without a description keep its own', async () => {
    const role = await find('Data Analyst');
    await updateRoleMetadata(auth, { id: role.id, name: 'Analyst' });
    expect((await find('Analyst')).description).toBe(role.description);
  });
});
