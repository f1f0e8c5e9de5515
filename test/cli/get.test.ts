import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readCsv } from '../support/read-csv.js';
import { ID, checked, manifest, stageForFile } from './support.js';

const held = stageForFile();

const MANIFEST = manifest(`roles:
  Data Analyst:
    grants:
      from: [Participant]
      add: [dataset.export]
    members: { mode: additive, users: [ana@acme.com] }
`);

/** Subjects with their arguments, the head of their CSV, and a cell of their JSON and of their CSV. */
const SUBJECTS: readonly [string[], string[], unknown][] = [
  [
    ['roles'],
    ['id', 'name', 'description', 'grants', 'members', 'default', 'allowlisted'],
    expect.arrayContaining([
      expect.objectContaining({ id: ID.analyst, name: 'Data Analyst', default: false }),
    ]),
  ],
  [
    ['role', 'Data Analyst'],
    ['id', 'name', 'description', 'members', 'default', 'grants'],
    expect.objectContaining({ id: ID.analyst, grants: expect.arrayContaining(['dataset.export']) }),
  ],
  [['grants', 'Data Analyst'], ['grant', 'title'], expect.arrayContaining(['dataset.export'])],
  [
    ['members', String(ID.analyst)],
    ['id', 'email', 'name', 'pending'],
    expect.arrayContaining([expect.objectContaining({ email: 'ana@acme.com', pending: false })]),
  ],
  [
    ['people'],
    ['id', 'email', 'name', 'role', 'pending'],
    expect.arrayContaining([expect.objectContaining({ email: 'ana@acme.com', role: 'Data Analyst' })]),
  ],
  [
    ['person', 'ANA@acme.com', 'domo-roles.yaml'],
    ['id', 'email', 'name', 'role', 'grant', 'title', 'file', 'line'],
    expect.objectContaining({
      role: 'Data Analyst',
      entries: [expect.objectContaining({ file: 'domo-roles.yaml', line: 8 })],
      grants: expect.arrayContaining([
        { grant: 'dataset.export', title: 'Export DataSet', file: 'domo-roles.yaml', line: 7 },
        { grant: 'alert.edit', title: 'Use Alerts', file: 'domo-roles.yaml', line: 6 },
        { grant: 'dataset.manage', title: 'Edit DataSet', file: null, line: null },
      ]),
    }),
  ],
  [['default-role'], ['id', 'name'], { id: expect.any(Number), name: expect.any(String) }],
  [
    ['authorities'],
    ['grant', 'group', 'title', 'adminLevel', 'dependsOn', 'features'],
    expect.arrayContaining([expect.objectContaining({ grant: 'dataset.export', title: 'Export DataSet' })]),
  ],
  [['me'], ['id', 'email', 'name', 'role'], expect.objectContaining({ role: 'Admin' })],
];

describe.each(SUBJECTS)('get %j', (words, head, answer) => {
  it('prints the same data in every format', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', MANIFEST);
    const asked = async (format: string): Promise<string> => {
      const ended = await stage.run('get', ...words, '--format', format);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      return ended.stdout;
    };
    const document = checked<{ question: string; answer: unknown }>(
      { code: 0, stdout: await asked('json'), stderr: '' },
      'answer',
    );
    expect(document).toMatchObject({ question: `get ${words[0] ?? ''}`, answer });
    expect(parse(await asked('yaml'))).toEqual(document.answer);
    const [csvHead, ...rows] = readCsv(await asked('csv'));
    expect(csvHead).toEqual(head);
    const { grants } = document.answer as { grants?: unknown[] };
    const perGrant = words[0] === 'person' ? grants : document.answer;
    expect(rows).toHaveLength(Array.isArray(perGrant) ? perGrant.length : 1);
    for (const row of rows) expect(row).toHaveLength(head.length);
    expect((await asked('table')).split('\n').length).toBeGreaterThan(1);
  });
});

describe('get', () => {
  it('person shows where the manifest defines the membership', async () => {
    await held.stage.write('domo-roles.yaml', MANIFEST);
    const { stdout } = await held.stage.run('get', 'person', 'ana@acme.com', 'domo-roles.yaml');
    expect(stdout).toMatch(/^role {2,}Data Analyst$/mu);
    expect(stdout).toMatch(/^Data Analyst .*domo-roles\.yaml:8$/mu);
    expect(stdout).toMatch(/^dataset\.export {2,}Export DataSet {2,}domo-roles\.yaml:7$/mu);
    expect(stdout).toMatch(/^dataset\.manage {2,}Edit DataSet {2,}-$/mu);
    const uma = await held.stage.run('get', 'person', 'uma@acme.com', 'domo-roles.yaml');
    expect(uma.stdout).toMatch(/^listed in {2,}no entry of the manifest$/mu);
    const alone = await held.stage.run('get', 'person', 'ana@acme.com');
    expect(alone.stdout).not.toContain('manifest');
  });

  it.each<[string, string, string | null]>([
    ['ana@acme.com', 'Data Analyst', 'Data Engineer (the same role, renamed)'],
    ['zoe@acme.com', 'Data Engineer', 'Data Engineer (another role, which gets this name)'],
    ['dan@acme.com', 'Editor', 'Data Engineer'],
    ['cleo@acme.com', 'Editor', null],
  ])('person %s shows which role is planned if two roles swap their names', async (who, role, planned) => {
    const swap = manifest(`roles:
  Data Analyst: { id: ${ID.engineer}, members: { mode: additive, users: [amir@acme.com] } }
  Data Engineer: { id: ${ID.analyst}, members: { mode: additive, users: [zoe@acme.com, dan@acme.com] } }
`);
    await held.stage.write('domo-roles.yaml', swap);
    const { stdout } = await held.stage.run('get', 'person', who, 'domo-roles.yaml');
    expect(/^role {2,}(.*)$/mu.exec(stdout)?.[1]).toBe(role);
    expect(/^planned role {2,}(.*)$/mu.exec(stdout)?.[1] ?? null).toBe(planned);
  });

  it('members explains why it lists fewer than the instance counts', async () => {
    const { stdout, stderr } = await held.stage.run('get', 'members', 'Admin', '--format', 'json');
    const { answer } = checked<{ answer: unknown[] }>({ code: 0, stdout, stderr: '' }, 'answer');
    const listed = answer.length;
    const roles = await held.stage.run('get', 'roles', '--format', 'csv');
    const admin = readCsv(roles.stdout).find(([, name]) => name === 'Admin');
    const counted = Number(admin?.[4]);
    expect(counted).toBeGreaterThan(listed);
    expect(stderr).toBe(
      `note: the instance counts ${counted} accounts in this role; support and system accounts are not listed\n`,
    );
    expect(await held.stage.run('get', 'members', 'Data Analyst')).toMatchObject({ code: 0, stderr: '' });
  });

  it('writes no formula, and one line per row', async () => {
    const { stage } = held;
    const name = '=HYPERLINK("https://evil.example"),\n"x"';
    stage.sandbox.edit({ edit: 'add-user', displayName: name, email: '-eve@acme.com', roleId: ID.analyst });
    stage.sandbox.edit({ edit: 'update-role', roleId: ID.finance, name: '@Finance', description: '+1' });
    const people = readCsv((await stage.run('get', 'people', '--format', 'csv')).stdout);
    const eve = people.find(([, email]) => email === "'-eve@acme.com");
    expect(eve?.slice(2)).toEqual([`'${name.replace('\n', '\\n')}`, 'Data Analyst', 'false']);
    const roles = readCsv((await stage.run('get', 'roles', '--format', 'csv')).stdout);
    expect(roles.find(([id]) => id === String(ID.finance))?.slice(1, 3)).toEqual(["'@Finance", "'+1"]);
    const table = await stage.run('get', 'people');
    expect(table.stdout).toContain('=HYPERLINK("https://evil.example"),\\n"x"');
  });

  it.each([
    [['person'], 'get person requires a person'],
    [['people', 'ana@acme.com'], 'get people takes no further argument'],
    [['role', 'Editor', 'domo-roles.yaml'], 'get role takes no further argument'],
    [['person', 'anna@acme.com'], 'did you mean "ana@acme.com"?'],
    [['person', '17'], 'there is no person with id "17"'],
    [['person', 'Bo Jansen'], 'use an address or an id; `domo-roles get people` lists them'],
    [['peple'], 'get does not accept "peple"'],
    [['people', '--format', 'xml'], '--format does not accept "xml"'],
    [['people', '--format', 'cvs'], 'did you mean "csv"?'],
    [['people', '--format', 'html'], 'valid values: table, json, yaml, csv'],
  ])('%j fails with an error that explains what to do', async (words, text) => {
    const ended = await held.stage.run('get', ...words);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain(text);
  });

  it('person with a wrong manifest shows its problems', async () => {
    await held.stage.write('domo-roles.yaml', manifest('roles:\n  A:\n    grants: [alert.edti]\n'));
    const ended = await held.stage.run('get', 'person', 'ana@acme.com', 'domo-roles.yaml');
    expect(ended).toMatchObject({ code: 3, stdout: '' });
    expect(ended.stderr).toContain('did you mean');
  });

  it.each(['people', 'person'])('%s is offered by completion', async (subject) => {
    const offered = await held.stage.runWith({}, '--get-yargs-completions', 'domo-roles', 'get', '');
    expect(offered.stdout.split('\n')).toContain(subject);
  });
});

describe('a question by title', () => {
  it.each([
    [['who-can', 'Export DataSet'], 0, { question: 'who-can', grant: 'dataset.export' }],
    [
      ['can', 'ana@acme.com', 'export dataset'],
      0,
      { question: 'can', grant: 'dataset.export', answer: true },
    ],
    [['can', 'bo@acme.com', 'Edit DataSet'], 2, { grant: 'dataset.manage', answer: false }],
  ])('%j', async (words, code, document) => {
    const ended = await held.stage.run(...words, '--format', 'json');
    expect(ended).toMatchObject({ code, stderr: '' });
    expect(checked(ended, 'answer')).toMatchObject(document);
  });

  it('suggests the probably intended value', async () => {
    const ended = await held.stage.run('who-can', 'Export DataSte');
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('did you mean "Export DataSet" (dataset.export)?');
  });
});

describe('diff of a part', () => {
  it('compares the roles of two instances without their people and settings', async () => {
    const { stage } = held;
    await stage.run('export', '--format', 'snapshot', '--out', 'dev.json');
    const moved = stage.sandbox.state().users.find(({ email }) => email === 'bo@acme.com');
    stage.sandbox.edit({ edit: 'move-users', roleId: ID.analyst, userIds: [moved?.id ?? 0] });
    stage.sandbox.edit({ edit: 'set-grants', roleId: ID.finance, authorities: ['alert.edit', 'audit'] });
    const differ = await stage.run('diff', 'dev.json', 'live', '--without', 'members', '--format', 'json');
    expect(differ.code).toBe(2);
    expect(checked(differ, 'answer')).toMatchObject({
      people: [],
      roles: { changed: [{ role: 'Finance Viewer', grants: { onlyB: ['audit'] } }] },
    });
    const flags = ['--only', 'Data Analyst', '--only', 'Data Engineer'];
    expect(await stage.run('diff', 'dev.json', 'live', ...flags, '--without', 'members')).toMatchObject({
      code: 0,
    });
    expect((await stage.run('diff', 'dev.json', 'live', ...flags)).stdout).toContain(
      'bo@acme.com: Participant → Data Analyst',
    );
  });

  it.each([
    [['--only', 'Data Analyts'], 'did you mean "Data Analyst"?'],
    [['--without', 'peple'], 'valid values: members, grants, descriptions, defaultRole, allowlist'],
  ])('is rejected with %j', async (flags, text) => {
    const ended = await held.stage.run('diff', 'live', 'live', ...flags);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain(text);
  });
});
