import { describe, expect, it } from '@jest/globals';
import { commandNames, isParent } from '../../src/cli/commands.js';
import { SCHEMA_NAMES } from '../../src/schema/index.js';
import { PLAN_FORMATS } from '../../src/shell/formats.js';
import type { Stage } from '../support/cli.js';
import { checked, manifest, planOf, stageForFile } from './support.js';

/** Every command with a help page: the top, each command, and each of those below it. */
const COMMANDS: readonly (readonly string[])[] = [
  [],
  ...commandNames().flatMap((name) => [
    [name],
    ...(isParent(name) ? commandNames(name).map((below) => [name, below]) : []),
  ]),
];

const CHANGES = manifest('defaultRole: Participant\n');
const NONE = manifest('defaultRole: Privileged\n');
const REFUSED = manifest('roles:\n  Finance Viewer:\n    grants: { mode: additive, add: [user.edit] }\n');
const INVALID = manifest('defaultRol: Participant\n');

const OUTCOMES: readonly [outcome: string, text: string, exit: number, detailed: number][] = [
  ['changes', CHANGES, 0, 2],
  ['no changes', NONE, 0, 0],
  ['refused', REFUSED, 4, 4],
  ['an invalid manifest', INVALID, 3, 3],
];

describe('the output of a plan', () => {
  const held = stageForFile();

  it.each(
    PLAN_FORMATS.flatMap((format) =>
      OUTCOMES.map(([name, text, , exit]) => [format, name, text, exit] as const),
    ),
  )(
    'has the expected exit code and stream and nothing else: %s with %s',
    async (format, name, text, exit) => {
      const { stage } = held;
      await stage.write('domo-roles.yaml', text);
      const ended = await stage.run('plan', '--format', format, '--detailed-exitcode');
      expect(ended.code).toBe(exit);
      if (exit === 3) {
        expect(ended.stderr).toContain('unknown-key');
        if (format === 'json') checked(ended, 'validation');
        else expect(ended.stdout).toBe('');
        return;
      }
      expect(ended.stderr).toBe('');
      // Only problems are annotated.
      expect(ended.stdout === '').toBe(format === 'github' && name !== 'refused');
      expect(ended.stdout).not.toContain('\u001b');
      if (format === 'json') planOf(ended);
      if (format === 'sarif') expect(JSON.parse(ended.stdout)).toMatchObject({ version: '2.1.0' });
      if (format === 'html') expect(ended.stdout).toMatch(/^<!doctype html>/iu);
      if (format === 'junit') expect(ended.stdout).toMatch(/^<\?xml/u);
      if (name === 'refused') expect(ended.stdout).toContain('escalation');
    },
  );

  it.each(OUTCOMES)(
    'has the expected exit code without --detailed-exitcode: %s',
    async (_name, text, exit) => {
      const { stage } = held;
      await stage.write('domo-roles.yaml', text);
      expect((await stage.run('plan')).code).toBe(exit);
    },
  );

  it.each(PLAN_FORMATS)('has exit code 1 without a target: %s', async (format) => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', CHANGES);
    const ended = await stage.runWith({}, 'plan', '--format', format, '--detailed-exitcode');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('no-target');
    if (format === 'json') checked(ended, 'error');
    else expect(ended.stdout).toBe('');
  });

  it('writes several formats at once, each identical to a run with that format alone', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', REFUSED);
    const reports = PLAN_FORMATS.filter((format) => format !== 'json').flatMap((format) => [
      '--report',
      `${format}=out/${format}`,
    ]);
    expect(await stage.run('plan', '--out', 'plan.json', ...reports)).toMatchObject({ code: 4, stderr: '' });
    const alone = await stage.run('plan', '--format', 'markdown');
    const beside = await readBack(stage, 'out/markdown');
    expect(beside).toBe(alone.stdout);
    for (const format of PLAN_FORMATS) {
      const rendered = await stage.run('report', 'plan.json', '--format', format);
      expect(rendered).toMatchObject({ code: 0, stderr: '' });
      if (format === 'json') expect(rendered.stdout).toBe(await readBack(stage, 'plan.json'));
      // The page of a live plan also shows complete roles; a saved plan contains only changes.
      else if (format !== 'html') expect(rendered.stdout).toBe(await readBack(stage, `out/${format}`));
    }
  });

  it('lists every request on stderr with --verbose, without the secret', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', CHANGES);
    const ended = await stage.run('plan', '--verbose', '--format', 'json');
    planOf(ended);
    expect(ended.stderr).toContain('GET /api/authorization/v1/roles 200');
    expect(ended.stderr).not.toContain(stage.sandbox.token);
  });

  it('lists the requests of its changes in text with --verbose, and so do a drift and a report, as their help says', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', CHANGES);
    await stage.run('plan', '--out', 'plan.json');
    const requests = /^Requests.* in order\n {2}defaultRole\.set.*\n {4}PUT \/api\//mu;
    for (const argv of [['plan'], ['drift'], ['report', 'plan.json']]) {
      expect((await stage.run(...argv)).stdout).not.toMatch(requests);
      expect((await stage.run(...argv, '--verbose')).stdout).toMatch(requests);
      const { stdout } = await stage.run(...argv.slice(0, 1), '--help');
      expect(stdout).toMatch(/--verbose.*\bin text,?\s+list (?:those|the requests)\s+of the changes/su);
    }
    const reported = await stage.run('report', 'plan.json', '--verbose');
    expect(reported).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('get', () => {
  const held = stageForFile();

  it.each([
    [['roles'], 'Data Analyst'],
    [['role', 'Data Analyst'], '810756122'],
    [['role', '810756122'], 'Data Analyst'],
    [['grants', 'Data Analyst'], 'dataset.export'],
    [['members', 'Data Analyst'], 'ana@acme.com'],
    [['default-role'], 'Privileged'],
    [['authorities'], 'authorization.roles'],
    [['me'], 'root@acme.com'],
  ])('%j prints the same data as table, JSON and YAML, and only reads', async (args, word) => {
    const { stage } = held;
    for (const format of ['table', 'json', 'yaml']) {
      const ended = await stage.run('get', ...args, '--format', format);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout).toContain(word);
      if (format === 'json')
        expect(JSON.parse(ended.stdout)).toMatchObject({
          formatVersion: 1,
          kind: 'answer',
          question: `get ${args[0]}`,
        });
    }
    expect(
      stage.sandbox.log().every(({ method, path }) => method === 'GET' || path.endsWith('/search')),
    ).toBe(true);
  });

  it('omits support, system and deleted accounts and shows who is pending', async () => {
    const { stdout } = await held.stage.run('get', 'members', 'Admin');
    expect(stdout).toMatch(/nils@acme\.com.*pending/u);
    for (const word of ['support@domo.com', 'gone@acme.com', 'Domo System'])
      expect(stdout).not.toContain(word);
  });
});

describe('help and schemas', () => {
  const held = stageForFile();

  it.each(COMMANDS.map((words) => [words]))('have an example in --help of %j', async (words) => {
    const ended = await held.stage.runWith({}, ...words, '--help');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const [, examples = ''] = ended.stdout.split('Examples:\n');
    const [own = ''] = examples.split('\n\n');
    // A command is on one line, however long: it can be pasted.
    expect(own.trimEnd()).toMatch(/^(?: {2}# \S.*\n {2}domo-roles .*(?:\n|$))+$/u);
  });

  it.each([
    [['can'], 'user', 'grant', 'manifest'],
    [['who-can'], 'grant', 'manifest'],
    [['fleet', 'show'], 'name', 'inventory'],
    [['get'], 'subject', 'name', 'manifest'],
  ])('list the arguments of %j in the order in which they are given', async (words, ...names) => {
    const { stdout } = await held.stage.runWith({}, ...words, '--help');
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) {2}/gmu)].map(([, name]) => name);
    expect(listed.slice(0, names.length)).toEqual(names);
  });

  it('list every command that has its own page', async () => {
    const { stdout } = await held.stage.runWith({}, '--help');
    for (const [name] of COMMANDS) if (name) expect(stdout).toContain(`domo-roles ${name} `);
  });

  it.each(SCHEMA_NAMES)('print the schema of %s', async (name) => {
    const ended = await held.stage.runWith({}, 'schema', name);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
    });
  });
});

async function readBack(stage: Stage, file: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(`${stage.folder}/${file}`, 'utf8');
}
