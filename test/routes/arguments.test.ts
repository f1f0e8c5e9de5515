import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createRole,
  deleteRole,
  getRoleById,
  getRoleGrants,
  getRoleMembership,
  getRoles,
  passwordAuth,
  printIsToken,
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
import type { Auth, WireRole } from '../../src/index.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { openServed, type Served } from './served.js';

describe('the routes of the package', () => {
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

  it('raise errors with the documented fields; callers can create such errors too', async () => {
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

  it('accept ids as text, as some instances send them', async () => {
    sandbox.setQuirks({ idsAsText: true });
    const role = await find('Data Analyst');
    expect(role.id).toEqual(expect.any(Number));
    expect((await getRoleGrants(auth, role.id)).response.length).toBeGreaterThan(0);
  });

  it('print the address, headers and body with debugApi, and no secret', async () => {
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
