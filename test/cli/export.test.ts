import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readCsv } from '../support/read-csv.js';
import { ID, manifest, planned, stageForFile } from './support.js';

const held = stageForFile();

function fileOf(name: string): Promise<string> {
  return readFile(join(held.stage.folder, name), 'utf8');
}

describe('a partial export', () => {
  it('is valid and plans no changes', async () => {
    const { stage } = held;
    const flags = ['--only', 'Data Analyst', '--only', 'Finance Viewer', '--without', 'members,descriptions'];
    expect(await stage.run('export', ...flags, '--out', 'roles.yaml')).toMatchObject({ code: 0 });
    const text = await fileOf('roles.yaml');
    expect(text).not.toMatch(/^(?:instance|policy|defaultRole|allowlist):|^\s*(?:id|members|description):/mu);
    expect(await stage.runWith({}, 'validate', 'roles.yaml')).toMatchObject({ code: 0 });
    expect(await stage.run('plan', 'roles.yaml', '--detailed-exitcode')).toMatchObject({ code: 0 });
    const again = await stage.run('export', ...flags);
    expect(again.stdout).toBe(text);
  });

  it('can be split', async () => {
    const { stage } = held;
    const flags = ['--without', 'allowlist', '--split', '--members-files', '--compact', '--out', '.'];
    expect(await stage.run('export', ...flags)).toMatchObject({ code: 0 });
    expect(await stage.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
    expect(await fileOf('domo-roles/instance.yaml')).not.toContain('policy:');
  });

  it.each([
    [['--without', 'mebmers'], 'did you mean "members"?', 0],
    [['--without', 'policy'], 'valid values: members, grants, descriptions, defaultRole, allowlist', 0],
    [['--only', 'Data Analyts'], 'did you mean "Data Analyst"?', 4],
    [['--only', 'Editor', '--without', 'members'], 'nothing is left to write', 4],
    [['--only', ''], '--only was given an empty value', 0],
    [['--format', 'html', '--only', 'Editor'], '--only cannot be combined with --format html', 0],
    [['--format', 'csv', '--without', 'members'], '--without cannot be combined with --format csv', 0],
    [['--format', 'matrix-csv', '--compact'], '--compact cannot be combined with --format matrix-csv', 0],
    [['--format', 'csv', '--members-files', '--out', '.'], '--members-files cannot be combined with', 0],
    [['--split'], 'several files need a folder', 0],
  ])('is rejected with %j', async (flags, text, leastRequests) => {
    const ended = await held.stage.run('export', ...flags);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain(text);
    expect(held.stage.sandbox.log().length > 0).toBe(leastRequests > 0);
  });
});

describe('an export to several files', () => {
  it('is rejected before the first request if a file is in the place of the folder', async () => {
    const { stage } = held;
    await writeFile(join(stage.folder, 'roles.yaml'), 'x: y\n');
    const ended = await stage.run('export', '--split', '--out', 'roles.yaml', '--force');
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^roles\.yaml {2}bad-file {2}this is a file/u);
    expect(stage.sandbox.log()).toEqual([]);
  });
});

describe('an export over an earlier one', () => {
  it('warns of the file of a role that was deleted since, because a plan would make the role again', async () => {
    const { stage } = held;
    const flags = ['--split', '--out', 'live', '--force'];
    const first = await stage.run('export', ...flags);
    expect(first.stderr).not.toContain('warning');
    stage.sandbox.edit({ edit: 'update-role', roleId: ID.finance, name: 'Renamed' });
    await stage.write('live/domo-roles/policy.yaml', 'apiVersion: domo-roles/v1\nkind: Policy\n');
    const second = await stage.run('export', ...flags);
    expect(second.code).toBe(0);
    expect(second.stderr).toMatch(
      /^warning: live\/domo-roles has files that this export did not write, .*: finance-viewer\.yaml; delete/mu,
    );
  });
});

describe('export as CSV', () => {
  it('lists people with their roles and also writes to a file', async () => {
    const { stage } = held;
    expect(await stage.run('export', '--format', 'csv', '--out', 'people.csv')).toMatchObject({
      code: 0,
      stderr: 'wrote people.csv\n',
    });
    const [head, ...rows] = readCsv(await fileOf('people.csv'));
    expect(head).toEqual(['email', 'name', 'id', 'role', 'account']);
    expect(rows.find(([email]) => email === 'ana@acme.com')?.[3]).toBe('Data Analyst');
    expect((await stat(join(stage.folder, 'people.csv'))).mode & 0o777).toBe(0o600);
    const again = await stage.run('export', '--format', 'csv', '--out', 'people.csv');
    expect(again).toMatchObject({ code: 1 });
    expect(again.stderr).toContain('--force');
  });

  it('shows which role has which grant', async () => {
    const ended = await held.stage.run('export', '--format', 'matrix-csv', '--only', 'Finance Viewer');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const [head = [], row = [], ...more] = readCsv(ended.stdout);
    expect(more).toEqual([]);
    expect(row[head.indexOf('alert.edit')]).toBe('x');
    expect(row[head.indexOf('authorization.roles')]).toBe('');
  });

  it('writes a list of people that a manifest can use as its members file', async () => {
    const { stage } = held;
    stage.sandbox.edit({ edit: 'add-user', displayName: '=1', email: '+eve@acme.com', roleId: ID.analyst });
    const flags = ['--format', 'csv', '--only', 'Data Analyst', '--out', 'analysts.csv'];
    expect(await stage.run('export', ...flags)).toMatchObject({ code: 0 });
    await stage.write(
      'domo-roles.yaml',
      manifest('roles:\n  Data Analyst:\n    members: { mode: exact, file: analysts.csv }\n'),
    );
    const plan = await planned(stage, '--detailed-exitcode');
    expect(plan.changes).toEqual([]);
    expect(plan.refusals).toEqual([]);
  });

  it('contains no cell that a spreadsheet runs as a formula', async () => {
    const { stage } = held;
    stage.sandbox.edit({ edit: 'create-role', name: '=cmd|A1', authorities: ['alert.edit'] });
    stage.sandbox.edit({ edit: 'add-user', displayName: '@SUM("x",\n1)', email: '+eve@acme.com' });
    const matrix = await stage.run('export', '--format', 'matrix-csv');
    expect(readCsv(matrix.stdout).map(([role]) => role)).toContain("'=cmd|A1");
    const people = await stage.run('export', '--format', 'csv');
    const eve = readCsv(people.stdout).find(([email]) => email?.includes('eve'));
    expect(eve?.slice(0, 2)).toEqual(["'+eve@acme.com", '\'@SUM("x",\\n1)']);
  });
});
