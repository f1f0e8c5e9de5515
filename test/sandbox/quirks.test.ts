import { describe, expect, it } from '@jest/globals';
import {
  allQuirks,
  NO_QUIRKS,
  openSandbox,
  parseQuirks,
  QUIRKS,
  type Quirks,
  type SandboxOptions,
} from '../../src/sandbox/index.js';
import {
  ANALYST,
  CATALOGUE,
  DEFAULT_STATE,
  FINANCE,
  inProcess,
  OLD_REPORTING,
  ROLES,
  SEARCH,
  serve,
  type Served,
} from './support.js';

type Row = Record<string, unknown>;
const SETTINGS = `${ROLES}/settings`;

const withQuirks = (quirks: Partial<Quirks>, options: SandboxOptions = {}): Promise<Served> =>
  serve({ ...options, quirks });

describe('400 although the write was done', () => {
  it.each([
    ['updateAnswers400', 'PUT', `${ROLES}/${ANALYST}`, { name: 'Changed' }],
    ['grantsAnswer400', 'PUT', `${ROLES}/${ANALYST}/authorities`, ['alert.edit']],
    ['grantsAnswer400', 'PATCH', `${ROLES}/${ANALYST}/authorities`, ['alert.edit']],
    ['deleteAnswers400', 'DELETE', `${ROLES}/${OLD_REPORTING}`, undefined],
  ] as const)('%s: %s %s', async (quirk, method, path, body) => {
    const { call, sandbox } = await withQuirks({ [quirk]: true });
    const before = sandbox.state().roles;
    const answer = await call(method, path, body);
    expect([answer.status, answer.text]).toEqual([400, 'Bad Request']);
    expect(sandbox.state().roles).not.toEqual(before);
  });

  it('does not turn a real refusal into a success', async () => {
    const { call, sandbox } = await withQuirks({
      updateAnswers400: true,
      grantsAnswer400: true,
      deleteAnswers400: true,
    });
    const writes: unknown[] = [];
    sandbox.onWrite((request) => writes.push(request));
    const before = sandbox.state();
    await call('PUT', `${ROLES}/1`, { name: 'x' });
    await call('PUT', `${ROLES}/${ANALYST}/authorities`, ['no.such']);
    await call('DELETE', `${ROLES}/${ANALYST}`);
    expect(sandbox.state()).toEqual(before);
    expect(writes).toEqual([]);
  });
});

describe('quirks of requests', () => {
  const table: [keyof Quirks, string, string, unknown, number][] = [
    ['grantsPutOnly', 'PATCH', `${ROLES}/${ANALYST}/authorities`, ['alert.edit'], 405],
    ['grantsPutOnly', 'PUT', `${ROLES}/${ANALYST}/authorities`, ['alert.edit'], 200],
    ['grantsPatchOnly', 'PUT', `${ROLES}/${ANALYST}/authorities`, ['alert.edit'], 405],
    ['grantsPatchOnly', 'PATCH', `${ROLES}/${ANALYST}/authorities`, ['alert.edit'], 200],
    ['fromRoleIdRequired', 'POST', ROLES, { name: 'x' }, 400],
    ['fromRoleIdRequired', 'POST', ROLES, { name: 'x', fromRoleId: 5 }, 200],
    ['defaultBySettingsOnly', 'PUT', DEFAULT_STATE, { value: '4' }, 405],
    ['defaultBySettingsOnly', 'GET', DEFAULT_STATE, undefined, 200],
    ['defaultBySettingsOnly', 'PUT', SETTINGS, { defaultRoleId: 4, allowlistRoleIds: null }, 200],
    ['defaultByCustomerStateOnly', 'PUT', SETTINGS, { defaultRoleId: 4, allowlistRoleIds: null }, 404],
    ['defaultByCustomerStateOnly', 'GET', SETTINGS, undefined, 404],
    ['defaultByCustomerStateOnly', 'PUT', DEFAULT_STATE, { value: '4' }, 200],
    ['settingsAbsent', 'GET', SETTINGS, undefined, 404],
    ['settingsAbsent', 'PUT', SETTINGS, { defaultRoleId: 4 }, 200],
    ['settingsWriteOnly', 'GET', SETTINGS, undefined, 405],
    ['settingsWriteOnly', 'PUT', SETTINGS, { defaultRoleId: 4 }, 200],
    ['unknownInstance', 'POST', '/api/content/v2/authentication', {}, 403],
    ['unknownInstance', 'GET', ROLES, undefined, 403],
  ];
  it.each(table)('%s: %s %s %j is %i', async (quirk, method, path, body, status) => {
    const { call } = await withQuirks({ [quirk]: true });
    expect((await call(method, path, body)).status).toBe(status);
  });
});

describe('quirks of responses', () => {
  it.each([
    [{}, undefined, 'Social'],
    [{}, 3, 'Editor'],
    [{ fromRoleIdIgnored: true }, 3, 'Social'],
    [{ startsWithFew: true }, undefined, 4],
    [{ startsWithFew: true }, 3, 'Editor'],
    [{ startsWithFew: true, fromRoleIdIgnored: true }, 3, 4],
    [{ startsEmpty: true }, undefined, 0],
    [{ startsAsDefault: true }, undefined, 'Privileged'],
  ] as const)('%j: a role created from %s starts as %s', async (quirks, fromRoleId, start) => {
    const { call, sandbox } = await withQuirks(quirks);
    const made = (await call('POST', ROLES, { name: 'x', fromRoleId })).body as { id: number };
    const held = (await call('GET', `${ROLES}/${made.id}/authorities`)).body as string[];
    const like = sandbox.state().roles.find((role) => role.name === start);
    expect(like ? held : held.length).toEqual(like ? like.authorities : start);
  });

  it('namesIgnoreCase: a similar name is in use, but a role may change the case of its own name', async () => {
    const { call } = await withQuirks({ namesIgnoreCase: true });
    expect((await call('POST', ROLES, { name: ' data ANALYST' })).status).toBe(400);
    expect((await call('PUT', `${ROLES}/${FINANCE}`, { name: 'data analyst' })).status).toBe(400);
    expect((await call('PUT', `${ROLES}/${ANALYST}`, { name: 'data analyst' })).status).toBe(200);
  });

  it('allowlistNullIgnored: null leaves the list, and a list still replaces it', async () => {
    const { call, sandbox } = await withQuirks({ allowlistNullIgnored: true });
    sandbox.edit({ edit: 'set-allowlist', roleIds: [FINANCE] });
    const before = sandbox.state().settings.allowlistRoleIds;
    await call('PUT', SETTINGS, { defaultRoleId: 2, allowlistRoleIds: null });
    expect(sandbox.state().settings.allowlistRoleIds).toEqual(before);
    await call('PUT', SETTINGS, { defaultRoleId: 2, allowlistRoleIds: [4] });
    expect(sandbox.state().settings.allowlistRoleIds).toEqual([4, 2, 5]);
  });

  it('deleteAnswersBody: the body 1 with a 204, as far as HTTP transports it', async () => {
    const sandbox = await openSandbox({ quirks: { deleteAnswersBody: true } });
    const answer = await inProcess(sandbox)('DELETE', `${ROLES}/${OLD_REPORTING}`);
    expect([answer.status, await answer.text()]).toEqual([204, '1']);
    const { call } = await withQuirks({ deleteAnswersBody: true });
    expect((await call('DELETE', `${ROLES}/${OLD_REPORTING}`)).status).toBe(204);
    expect((await call('GET', `${ROLES}/${OLD_REPORTING}`)).status).toBe(404);
  });

  it('pages have at most as many entries as their cap, and declare the complete total', async () => {
    const { call } = await withQuirks({ userPageCap: 7, memberPageCap: 2 });
    const found = (await call('POST', SEARCH, { limit: 200 })).body as { count: number; users: unknown[] };
    expect([found.count, found.users.length]).toEqual([40, 7]);
    const people = (await call('GET', `${ROLES}/4/users?limit=200`)).body as {
      totalCount: number;
      users: unknown[];
    };
    expect([people.totalCount, people.users.length]).toEqual([8, 2]);
  });

  it('idsAsText: every id in every response is a string, and no other number is', async () => {
    const { call, sandbox } = await withQuirks({ idsAsText: true });
    sandbox.edit({ edit: 'set-allowlist', roleIds: [FINANCE] });
    const answers = [
      await call('GET', ROLES),
      await call('GET', `${ROLES}/${ANALYST}`),
      await call('GET', `${ROLES}/${ANALYST}/users`),
      await call('POST', ROLES, { name: 'x' }),
      await call('GET', SETTINGS),
      await call('GET', CATALOGUE),
      await call('POST', SEARCH, { limit: 3, attributes: ['id', 'roleId', 'hireDate'] }),
      await call('GET', '/api/content/v2/users/me'),
      await call('GET', '/api/audit/v1/user-audits'),
    ];
    const text = answers.map((answer) => answer.text).join('\n');
    expect(text).not.toMatch(/"(id|\w+Id)":\d|"\w*[rR]oleIds":\[\d|"key":"(id|roleId)","values":\[\d/);
    expect(text).toMatch(/"key":"hireDate","values":\[\d/);
    expect((answers[0]?.body as Row[])[0]).toMatchObject({ id: '1', authorityCount: 103 });
  });

  it('attributesAsText: flags are strings', async () => {
    const { call } = await withQuirks({ attributesAsText: true });
    const found = (await call('POST', SEARCH, { limit: 1, attributes: ['isPending', 'roleId'] })).body as {
      users: Row[];
    };
    expect(found.users[0]?.attributes).toEqual([
      { key: 'isPending', values: ['false'] },
      { key: 'roleId', values: ['1'] },
    ]);
  });

  it('authorityCountOneHigher: the count is wrong and the matrix is right', async () => {
    const { call } = await withQuirks({ authorityCountOneHigher: true });
    expect((await call('GET', `${ROLES}/1`)).body).toMatchObject({ authorityCount: 104 });
    expect((await call('GET', `${ROLES}/1/authorities`)).body).toHaveLength(103);
  });

  it('nullAttributes: optional fields are null or missing, the others stay', async () => {
    const { call } = await withQuirks({ nullAttributes: true });
    const people = (await call('GET', `${ROLES}/4/users`)).body as { users: Row[] };
    expect(people.users.some((user) => user.department === null)).toBe(true);
    expect(people.users.some((user) => !('department' in user))).toBe(true);
    for (const user of people.users)
      expect(user).toMatchObject({ roleId: 4, email: expect.stringContaining('@') });
    const found = (await call('POST', SEARCH, { limit: 40, attributes: ['department', 'isPending'] }))
      .body as { users: Row[] };
    expect(JSON.stringify(found.users[0])).toContain('isPending');
    expect(JSON.stringify(found)).not.toContain('Analytics');
  });

  it('olderCatalogue: only the fields of older recordings', async () => {
    const { call } = await withQuirks({ olderCatalogue: true });
    const [row] = (await call('GET', CATALOGUE)).body as Row[];
    expect(Object.keys(row ?? {})).toEqual([
      'authority',
      'title',
      'description',
      'authorityUIGroup',
      'userCount',
      'roleIds',
    ]);
  });

  it('impliedAuthorities: direct and indirect dependencies of the grants are added, if they exist', async () => {
    const { call } = await withQuirks({ impliedAuthorities: true });
    await call('PUT', `${ROLES}/${ANALYST}/authorities`, ['goal.admin', 'content.admin']);
    const held = (await call('GET', `${ROLES}/${ANALYST}/authorities`)).body as string[];
    expect([...held].sort()).toEqual([
      'alert.edit',
      'content.admin',
      'goal.admin',
      'goal.distribute',
      'goal.edit',
    ]);
  });

  it('unknownUsersSkipped: the known people of a batch are moved', async () => {
    const { call } = await withQuirks({ unknownUsersSkipped: true });
    expect((await call('PUT', `${ROLES}/${FINANCE}/users`, [77, 1_345_408_854])).status).toBe(204);
    expect((await call('GET', `${ROLES}/${FINANCE}`)).body).toMatchObject({ userCount: 5 });
    expect((await call('PUT', `${ROLES}/${FINANCE}/users`, ['x'])).status).toBe(400);
  });

  it('readsOpenToAll: roles are read without authority, and not written', async () => {
    const { call, sandbox } = await withQuirks({ readsOpenToAll: true });
    const state = sandbox.state();
    state.tokens.bo = state.users.find((user) => user.email === 'bo@acme.com')?.id ?? 0;
    await sandbox.reset(state);
    expect((await call('GET', ROLES, undefined, 'bo')).status).toBe(200);
    expect((await call('POST', ROLES, { name: 'x' }, 'bo')).status).toBe(403);
  });

  it.each([
    ['errorsAsText', 'text/plain', 'Not Found'],
    ['errorsAsHtml', 'text/html', '<title>404 Not Found</title>'],
  ] as const)('%s', async (quirk, type, part) => {
    const { call } = await withQuirks({ [quirk]: true });
    const answer = await call('GET', `${ROLES}/77`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.text).toContain(part);
  });

  it('networkBlocked: a page with 200, before anything else', async () => {
    const { call } = await withQuirks({ networkBlocked: true });
    const answer = await call('GET', ROLES, undefined, null);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.text).toContain('<title>Domo - Blocked</title>');
    expect(answer.text).toMatch(/<p>[^<]*127\.0\.0\.1[^<]*<\/p>/);
  });

  it('networkRedirected: a 303 to whitelist/blocked', async () => {
    const { call } = await withQuirks({ networkRedirected: true });
    const answer = await call('GET', ROLES);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/auth/whitelist/blocked']);
    expect(answer.text).toContain('whitelist/blocked');
  });
});

describe('time', () => {
  it('lateVisibility: reads show a write only after its milliseconds, and the rules use it at once', async () => {
    let now = 1_000_000;
    const { call, sandbox } = await withQuirks({ lateVisibility: 500 }, { clock: () => now });
    const { id } = (await call('POST', ROLES, { name: 'Late' })).body as { id: number };
    await call('PUT', `${ROLES}/${id}/users`, [1_345_408_854]);
    expect((await call('GET', `${ROLES}/${id}`)).status).toBe(404);
    expect((await call('GET', `${ROLES}/${id}/authorities`)).body).toEqual([]);
    expect((await call('POST', ROLES, { name: 'Late' })).status).toBe(400);
    expect(sandbox.state().roles.some((role) => role.id === id)).toBe(true);
    now += 499;
    expect((await call('GET', `${ROLES}/${ANALYST}`)).body).toMatchObject({ userCount: 5 });
    now += 1;
    expect((await call('GET', `${ROLES}/${id}`)).body).toMatchObject({ userCount: 1 });
    expect((await call('GET', `${ROLES}/${ANALYST}`)).body).toMatchObject({ userCount: 4 });
  });

  it('slowAnswers: the response is delayed, until its client disconnects', async () => {
    const sandbox = await openSandbox({ quirks: { slowAnswers: 3_600_000 } });
    const leave = new AbortController();
    const headers = { 'x-domo-developer-token': sandbox.token };
    const answer = sandbox.fetch(new Request(`http://sandbox${ROLES}`, { headers, signal: leave.signal }));
    leave.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the list of quirks', () => {
  it('has a unique name, a switch and a description for every quirk', () => {
    expect(QUIRKS.map((quirk) => quirk.key).sort()).toEqual(Object.keys(NO_QUIRKS).sort());
    expect(new Set(QUIRKS.map((quirk) => quirk.name)).size).toBe(QUIRKS.length);
    for (const quirk of QUIRKS) expect(quirk.description.length).toBeGreaterThan(20);
  });

  it('is parsed from names and values', () => {
    expect(parseQuirks('')).toEqual({});
    expect(parseQuirks('grants-put-only, late-visibility=20,slow-answers')).toEqual({
      grantsPutOnly: true,
      lateVisibility: 20,
      slowAnswers: 5,
    });
    expect(parseQuirks('all,slow-answers=0')).toEqual({ ...allQuirks(), slowAnswers: 0 });
  });

  it.each([
    ['grants-puts-only', 'unknown quirk "grants-puts-only"; valid quirks: update-answers-400'],
    ['__proto__', 'unknown quirk "__proto__"'],
    ['grants-put-only=3', 'takes no value'],
    ['late-visibility=soon', 'must be a whole number of ms'],
    ['late-visibility=-1', 'must be a whole number of ms'],
    ['grants-put-only,grants-patch-only', 'grants-patch-only contradicts grants-put-only'],
    ['all,settings-write-only', 'settings-write-only contradicts settings-absent'],
  ])('refuses %s', (text, message) => {
    expect(() => parseQuirks(text)).toThrow(message);
  });

  it('leaves a working instance with all of them on', async () => {
    const { call, sandbox } = await withQuirks({ ...allQuirks(), lateVisibility: 0 });
    const made = await call('POST', ROLES, { name: 'New', description: '', fromRoleId: '3' });
    const { id } = made.body as { id: string };
    expect(typeof id).toBe('string');
    await call('PUT', `${ROLES}/${id}`, { name: 'Newer', description: 'x' });
    await call('PUT', `${ROLES}/${id}/authorities`, ['dataset.admin']);
    await call('PUT', `${ROLES}/${id}/users`, ['1345408854', 77]);
    await call('PUT', SETTINGS, { defaultRoleId: id, allowlistRoleIds: [] });
    await call('DELETE', `${ROLES}/${OLD_REPORTING}`);
    const state = sandbox.state();
    const role = state.roles.find((candidate) => String(candidate.id) === id);
    expect(role).toMatchObject({ name: 'Newer', authorities: ['dataset.admin', 'dataset.manage'] });
    expect(state.users.find((user) => user.id === 1_345_408_854)?.roleId).toBe(role?.id);
    expect(state.settings.defaultRoleId).toBe(role?.id);
    expect(state.roles.some((candidate) => candidate.id === OLD_REPORTING)).toBe(false);
  });
});
