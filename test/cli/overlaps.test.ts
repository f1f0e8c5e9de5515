import { cp, link, mkdir, mkdtemp, readFile, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { SandboxState } from '../../src/sandbox/index.js';
import { manifest, stageForFile } from './support.js';

/** Outputs that would overwrite an input, with the input that must remain. */
const INPUT_AS_OUTPUT: readonly [argv: string[], input: string][] = [
  [['plan', '--out', 'domo-roles.yaml'], 'domo-roles.yaml'],
  [['plan', '--out', './sub/../domo-roles.yaml'], 'domo-roles.yaml'],
  [['plan', '--out', 'symlink.yaml'], 'domo-roles.yaml'],
  [['plan', '--out', 'hard-link.yaml'], 'domo-roles.yaml'],
  [['plan', '--report', 'markdown=domo-roles.yaml'], 'domo-roles.yaml'],
  [['plan', '--out', 'base.yaml'], 'base.yaml'],
  [['plan', '--report', 'html=members.txt'], 'members.txt'],
  [['plan', '--out', '.env'], '.env'],
  [['plan', '--token-file', 'token', '--out', 'token'], 'token'],
  [['plan', '--against', 'snapshot.json', '--out', 'snapshot.json'], 'snapshot.json'],
  [['plan', '--sandbox', 'box', '--out', 'box/sandbox.json'], 'box/sandbox.json'],
  [['drift', '--out', 'domo-roles.yaml'], 'domo-roles.yaml'],
  [['drift', '--report', 'json=symlink.yaml'], 'domo-roles.yaml'],
  [['drift', '--against', 'snapshot.json', '--out', 'snapshot.json'], 'snapshot.json'],
  [['report', 'plan.json', '--report', 'html=plan.json'], 'plan.json'],
  [['export', '--force', '--token-file', 'token', '--out', 'token'], 'token'],
  [['export', '--force', '--out', '.env'], '.env'],
  [
    ['export', '--force', '--split', '--token-file', 'out/domo-roles/editor.yaml', '--out', 'out'],
    'out/domo-roles/editor.yaml',
  ],
  [['init', '--force', '--folder', 'made', '--token-file', 'made/domo-roles.yaml'], 'made/domo-roles.yaml'],
  [['rollback', 'RUN', '--out', '.domo-roles/runs/RUN/plan.json'], '.domo-roles/runs/RUN/plan.json'],
  [
    ['rollback', 'RUN', '--yes', '--out', '.domo-roles/runs/RUN/before.json'],
    '.domo-roles/runs/RUN/before.json',
  ],
];

/** Outputs that would overwrite each other. */
const SAME_OUTPUTS: readonly string[][] = [
  ['plan', '--out', 'same', '--report', 'html=same'],
  ['plan', '--report', 'html=same', '--report', 'markdown=./same'],
  ['plan', '--out', 'dangling', '--report', 'html=not-there-yet'],
  ['plan', '--out', 'linked/new/file', '--report', 'html=sub/new/file'],
  ['drift', '--out', 'same', '--report', 'html=same'],
  ['drift', '--report', 'html=same', '--report', 'markdown=same'],
  ['report', 'plan.json', '--report', 'html=same', '--report', 'markdown=same'],
];

describe('an output', () => {
  const held = stageForFile();

  // The commands create these files once; each test gets a copy.
  let made: { copy: string; state: SandboxState; run: string } | null = null;
  afterAll(() => rm(made?.copy ?? join(tmpdir(), 'none'), { recursive: true, force: true }));

  async function prepare(): Promise<string> {
    const { stage } = held;
    if (made) {
      await cp(made.copy, stage.folder, { recursive: true, verbatimSymlinks: true });
      await stage.sandbox.reset(made.state);
    } else {
      const run = await makeFolder();
      const copy = await mkdtemp(join(tmpdir(), 'domo-roles-test-'));
      await cp(stage.folder, copy, { recursive: true, verbatimSymlinks: true });
      made = { copy, state: stage.sandbox.state(), run };
    }
    await rm(join(stage.folder, 'hard-link.yaml'), { force: true });
    await link(join(stage.folder, 'domo-roles.yaml'), join(stage.folder, 'hard-link.yaml'));
    stage.sandbox.clearLog();
    return made.run;
  }

  async function makeFolder(): Promise<string> {
    const { stage } = held;
    const { folder } = stage;
    await stage.write(
      'domo-roles.yaml',
      manifest(
        'extends: [base.yaml]\nroles:\n  Data Analyst:\n    members: { mode: additive, file: members.txt }\n',
      ),
    );
    await stage.write('base.yaml', manifest('defaultRole: Participant\n'));
    await stage.write('members.txt', 'ana@acme.com\n');
    await stage.write('.env', 'SOMETHING=else\n');
    for (const file of ['token', 'out/domo-roles/editor.yaml', 'made/domo-roles.yaml'])
      await stage.write(file, `${stage.sandbox.token}\n`);
    await mkdir(join(folder, 'sub'));
    await symlink('domo-roles.yaml', join(folder, 'symlink.yaml'));
    await symlink('not-there-yet', join(folder, 'dangling'));
    await symlink('sub', join(folder, 'linked'));
    await stage.run('get', 'roles');
    await stage.run('sandbox', 'reset', '--folder', 'box');
    await stage.run('export', '--format', 'snapshot', '--out', 'snapshot.json');
    expect((await stage.run('plan', '--out', 'plan.json')).stderr).toBe('');
    expect((await stage.run('apply', '--yes')).code).toBe(0);
    const [run = ''] = await readdir(join(folder, '.domo-roles/runs'));
    return run;
  }

  it.each(INPUT_AS_OUTPUT)(
    'of %j that would overwrite %s is a usage error before the first request',
    async (argv, input) => {
      const { stage } = held;
      const run = await prepare();
      const named = (word: string): string => word.replace('RUN', run);
      const before = await readFile(join(stage.folder, named(input)));
      const ended = await stage.run(...argv.map(named));
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain('usage');
      expect(ended.stderr).toContain('which this run reads');
      // Some file names are known only after the instance has been read.
      if (!argv.includes('--split')) expect(stage.sandbox.log()).toEqual([]);
      expect(await readFile(join(stage.folder, named(input)))).toEqual(before);
    },
  );

  it.each(SAME_OUTPUTS.map((argv) => [argv]))(
    'that is also another output of %j is a usage error before the first request',
    async (argv) => {
      const { stage } = held;
      await prepare();
      const ended = await stage.run(...argv);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain('would both write');
      expect(stage.sandbox.log()).toEqual([]);
    },
  );

  it('may be the same device or stream more than once', async () => {
    const { stage } = held;
    await prepare();
    for (const place of ['/dev/null', '/dev/stdout', '/dev/stderr'])
      expect(await stage.run('plan', '--out', place, '--report', `html=${place}`)).toMatchObject({ code: 0 });
  });

  it.each([
    [['plan', '--out', '/dev/stdout'], '--out'],
    [['plan', '--report', 'json=/proc/self/fd/1'], '--report json'],
    [['drift', '--report', 'html=/dev/fd/1'], '--report html'],
    [['doctor', '--probe', '--out', '/dev/stdout'], '--out'],
  ])('of %j on stdout cannot be combined with --format json', async (argv, flag) => {
    const { stage } = held;
    await prepare();
    const ended = await stage.run(...argv, '--format', 'json');
    expect([ended.code, stage.sandbox.log()]).toEqual([1, []]);
    expect(ended.stderr).toContain(`${flag} would write to stdout`);
    expect(JSON.parse(ended.stdout)).toMatchObject({ kind: 'error' });
    expect((await stage.run(...argv, '--format', 'text')).code).toBe(0);
  });

  it('may replace the output of an earlier run', async () => {
    const { stage } = held;
    await prepare();
    for (const out of ['plan.json', 'snapshot.json', 'dangling'])
      expect(await stage.run('plan', '--out', out)).toMatchObject({ code: 0, stderr: '' });
    // A link is replaced, not followed.
    expect(await readFile(join(stage.folder, 'dangling'), 'utf8')).toContain('"kind": "plan"');
    expect(await readdir(stage.folder)).not.toContain('not-there-yet');
  });
});
