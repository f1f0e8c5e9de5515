import { describe, expect, it } from '@jest/globals';
import { makeState } from '../../src/sandbox/index.js';
import { ANALYST, CATALOGUE, FINANCE, OLD_REPORTING, ROLES, serve } from './support.js';

type Row = Record<string, unknown>;

describe('the role list', () => {
  it('shows system and custom roles with their counts, not paged', async () => {
    const { call } = await serve({ state: makeState({ roles: 120, people: 3 }) });
    const { status, body } = await call('GET', ROLES);
    const roles = body as Row[];
    expect(status).toBe(200);
    expect(roles).toHaveLength(125);
    expect(roles.slice(0, 5).map((role) => [role.id, role.name])).toEqual([
      [1, 'Admin'],
      [2, 'Privileged'],
      [3, 'Editor'],
      [4, 'Participant'],
      [5, 'Social'],
    ]);
    expect(Object.keys(roles[0] ?? {}).sort()).toEqual(
      ['authorityCount', 'created', 'description', 'id', 'modified', 'name', 'userCount'].sort(),
    );
  });

  it('shows each role like the request for one role', async () => {
    const { call } = await serve();
    const list = (await call('GET', ROLES)).body as Row[];
    const one = await call('GET', `${ROLES}/${ANALYST}`);
    expect(one.body).toEqual(list.find((role) => role.id === ANALYST));
  });

  it.each([
    ['GET', `${ROLES}/77`, undefined],
    ['PUT', `${ROLES}/77`, { name: 'x' }],
    ['DELETE', `${ROLES}/77`, undefined],
    ['PUT', `${ROLES}/77/authorities`, ['alert.edit']],
    ['PATCH', `${ROLES}/77/authorities`, ['alert.edit']],
    ['PUT', `${ROLES}/77/users`, []],
    ['GET', `${ROLES}/abc`, undefined],
    ['GET', `${ROLES}/%E0%A4%A`, undefined],
  ])('answers %s %s with 404 for a role that does not exist', async (method, path, body) => {
    const { call } = await serve();
    expect((await call(method, path, body)).status).toBe(404);
  });

  it('answers the grants and the people of an unknown role with an empty 200, and has an endpoint for existence', async () => {
    const { call } = await serve();
    const grants = await call('GET', `${ROLES}/77/authorities`);
    expect([grants.status, grants.body]).toEqual([200, []]);
    const people = await call('GET', `${ROLES}/77/users`);
    expect([people.status, people.body]).toEqual([200, { totalCount: 0, totalFilteredCount: 0, users: [] }]);
    expect((await call('GET', `${ROLES}/77/exists`)).text).toBe('false');
    expect((await call('GET', `${ROLES}/${ANALYST}/exists`)).text).toBe('true');
  });
});

describe('creating, changing and deleting roles', () => {
  it('starts a new role with the grants of another one', async () => {
    const { call } = await serve();
    const made = await call('POST', ROLES, { name: 'Copy', description: 'a copy', fromRoleId: 4 });
    expect([made.status, Object.keys(made.body as Row)]).toEqual([200, ['id', 'name', 'description']]);
    const { id } = made.body as { id: number };
    expect(String(id)).toMatch(/^\d{8,10}$/);
    const grants = (await call('GET', `${ROLES}/${id}/authorities`)).body;
    expect(grants).toEqual((await call('GET', `${ROLES}/4/authorities`)).body);
  });

  it('starts a new role without a source with the grants of Social', async () => {
    const { call } = await serve();
    const { id } = (await call('POST', ROLES, { name: 'Plain', description: '' })).body as { id: number };
    const grants = (await call('GET', `${ROLES}/${id}/authorities`)).body;
    expect(grants).toEqual((await call('GET', `${ROLES}/5/authorities`)).body);
    expect((await call('GET', `${ROLES}/${id}`)).body).toMatchObject({ authorityCount: 2, userCount: 0 });
  });

  it('changes name and description', async () => {
    const { call } = await serve();
    const answer = await call('PUT', `${ROLES}/${ANALYST}`, {
      id: ANALYST,
      name: 'Analyst',
      description: 'New',
    });
    expect([answer.status, answer.body]).toEqual([200, { status: 'SUCCESS', message: '' }]);
    expect((await call('GET', `${ROLES}/${ANALYST}`)).body).toMatchObject({
      name: 'Analyst',
      description: 'New',
    });
  });

  it.each(['PUT', 'PATCH'])('replaces the whole list of grants by %s', async (method) => {
    const { call } = await serve();
    const answer = await call(method, `${ROLES}/${ANALYST}/authorities`, [
      'alert.edit',
      'dataset.export',
      'alert.edit',
    ]);
    expect([answer.status, answer.body]).toEqual([200, { status: 'SUCCESS', message: '' }]);
    expect((await call('GET', `${ROLES}/${ANALYST}/authorities`)).body).toEqual([
      'alert.edit',
      'dataset.export',
    ]);
    expect((await call('GET', `${ROLES}/${ANALYST}`)).body).toMatchObject({ authorityCount: 2 });
  });

  it('accepts a held grant that the catalogue does not list', async () => {
    const { call, sandbox } = await serve();
    const state = sandbox.state();
    state.roles.find((role) => role.id === ANALYST)?.authorities.push('beta.feature');
    await sandbox.reset(state);
    const put = (list: string[]) => call('PUT', `${ROLES}/${ANALYST}/authorities`, list);
    expect((await put(['beta.feature', 'alert.edit'])).status).toBe(200);
    expect((await put(['alert.edit'])).status).toBe(200);
    expect((await put(['beta.feature', 'alert.edit'])).status).toBe(400);
  });

  it('deletes a role without members', async () => {
    const { call } = await serve();
    const { id } = (await call('POST', ROLES, { name: 'Short-lived' })).body as { id: number };
    const answer = await call('DELETE', `${ROLES}/${id}`);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await call('GET', `${ROLES}/${id}`)).status).toBe(404);
  });

  it.each([
    ['a system role is edited', 'PUT', `${ROLES}/1`, { name: 'Boss' }],
    ['a system role is given grants', 'PUT', `${ROLES}/4/authorities`, ['alert.edit']],
    ['a system role is deleted', 'DELETE', `${ROLES}/5`, undefined],
    ['a role with people is deleted', 'DELETE', `${ROLES}/${ANALYST}`, undefined],
    ['a grant is unknown', 'PUT', `${ROLES}/${ANALYST}/authorities`, ['alert.edit', 'no.such']],
    [
      'a grant depends on a feature that is off',
      'PUT',
      `${ROLES}/${ANALYST}/authorities`,
      ['tasks.private.admin'],
    ],
    ['grants are not a list', 'PUT', `${ROLES}/${ANALYST}/authorities`, { 0: 'alert.edit' }],
    ['a grant is not text', 'PUT', `${ROLES}/${ANALYST}/authorities`, [7]],
    ['a new name is in use', 'POST', ROLES, { name: 'Editor' }],
    ['another name is in use', 'PUT', `${ROLES}/${ANALYST}`, { name: 'Finance Viewer' }],
    ['a name is blank', 'POST', ROLES, { name: '  ' }],
    ['a name is missing', 'POST', ROLES, { description: 'x' }],
    ['a description is not text', 'POST', ROLES, { name: 'x', description: 7 }],
    ['a role is created from an unknown one', 'POST', ROLES, { name: 'x', fromRoleId: 77 }],
    ['path and body disagree', 'PUT', `${ROLES}/${ANALYST}`, { id: FINANCE, name: 'x' }],
  ])('refuses with 400 and changes nothing if %s', async (_what, method, path, body) => {
    const { call, sandbox } = await serve();
    const before = sandbox.state();
    const answer = await call(method, path, body);
    expect([answer.status, (answer.body as Row).statusReason]).toEqual([400, 'Bad Request']);
    expect(sandbox.state()).toEqual(before);
  });

  it('accepts names that differ only in case', async () => {
    const { call } = await serve();
    expect((await call('POST', ROLES, { name: 'data analyst' })).status).toBe(200);
  });

  it('frees the name of a role that is renamed or deleted', async () => {
    const { call } = await serve();
    await call('PUT', `${ROLES}/${OLD_REPORTING}`, { name: 'Newer' });
    expect((await call('POST', ROLES, { name: 'Old Reporting' })).status).toBe(200);
    await call('DELETE', `${ROLES}/${OLD_REPORTING}`);
    expect((await call('POST', ROLES, { name: 'Newer' })).status).toBe(200);
  });
});

describe('the catalogue', () => {
  it('has the whole matrix of roles and grants', async () => {
    const { call } = await serve();
    const rows = (await call('GET', CATALOGUE)).body as { authority: string; roleIds: number[] }[];
    for (const role of (await call('GET', ROLES)).body as { id: number; authorityCount: number }[]) {
      const held = rows.filter((row) => row.roleIds.includes(role.id)).map((row) => row.authority);
      const own = (await call('GET', `${ROLES}/${role.id}/authorities`)).body as string[];
      expect(held.sort()).toEqual([...own].sort());
      expect(role.authorityCount).toBe(held.length);
    }
  });

  it('leaves out authorities whose feature is off', async () => {
    const { call, sandbox } = await serve();
    const listed = ((await call('GET', CATALOGUE)).body as { authority: string }[]).map(
      (row) => row.authority,
    );
    expect(listed).toHaveLength(107);
    expect(sandbox.state().authorities).toHaveLength(110);
    expect(listed).not.toContain('marketplace.listing.publisher');
  });

  it('has all its fields, and a name for each of its groups', async () => {
    const { call } = await serve();
    const rows = (await call('GET', CATALOGUE)).body as Row[];
    const groups = (await call('GET', '/api/authorization/v1/authority/groups')).body as Row;
    for (const row of rows) {
      expect(Object.keys(row)).toEqual([
        'authority',
        'title',
        'description',
        'authorityUIGroup',
        'userCount',
        'roleIds',
        'dependsOnAuthorities',
        'implicitAuthorities',
        'dependsOnFeature',
        'adminLevel',
        'assignableByCustomer',
        'systemGroup',
      ]);
      expect(typeof groups[String(row.authorityUIGroup)]).toBe('string');
    }
    expect(groups.DATA).toBe('Data');
  });
});
