import { existsSync } from 'node:fs';
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { runWithin } from '../support/in-process.js';
import { manifest, stageForFile, writesOf } from './support.js';
import { BIN } from '../support/built.js';
import { targetOf } from '../support/cli.js';

const CHANGES = manifest('defaultRole: Participant\nroles:\n  New Role:\n    grants: [dataset.export]\n');

/** Every command whose result goes to stdout, with its exit code on success. */
const PRINTING: readonly [argv: string[], exit: number][] = [
  [['init', '--folder', 'made'], 0],
  [['validate'], 0],
  [['validate', '--format', 'json'], 0],
  [['validate', 'wrong.yaml', '--format', 'json'], 3],
  [['plan'], 0],
  [['plan', '--detailed-exitcode', '--format', 'json'], 2],
  [['plan', 'refused.yaml'], 4],
  [['apply', '--dry-run'], 0],
  [['apply', '--format', 'json'], 4],
  [['drift'], 2],
  [['report', 'plan.json'], 0],
  [['export'], 0],
  [['get', 'roles'], 0],
  [['who-can', 'dataset.export'], 0],
  [['can', 'eva@acme.com', 'authorization.roles'], 2],
  [['diff', 'live', 'snapshot.json'], 0],
  [['doctor'], 0],
  [['runs'], 0],
  [['rollback', 'RUN'], 0],
  [['sandbox', 'show'], 0],
  [['schema'], 0],
  [['completion', 'bash'], 0],
  [['--version'], 0],
  [['plan', '--help'], 0],
  [[], 0],
];

/** Every file that a command can write. `X` is an unusable path; `good` must still be written. */
const FILES: readonly (readonly string[])[] = [
  ['plan', '--out', 'X', '--report', 'html=good'],
  ['plan', '--report', 'markdown=X', '--out', 'good'],
  ['plan', 'refused.yaml', '--out', 'X', '--report', 'json=good'],
  ['drift', '--out', 'X', '--report', 'html=good'],
  ['drift', '--report', 'junit=X', '--out', 'good'],
  ['report', 'plan.json', '--report', 'sarif=X', '--report', 'html=good'],
  ['export', '--out', 'X'],
  ['export', '--format', 'snapshot', '--out', 'X'],
  ['export', '--format', 'html', '--out', 'X'],
  ['export', '--split', '--out', 'X'],
  ['export', '--members-files', '--out', 'X'],
  ['init', '--folder', 'X'],
  ['rollback', 'RUN', '--out', 'X'],
];

/** Paths where even root cannot write. */
const BROKEN: readonly [name: string, place: string][] = [
  ['below a file', 'file/below'],
  ['in a folder of the system', '/proc/none/such'],
  ['on a full disk', '/dev/full'],
];

/** A stream that accepts nothing. */
function failing(code: string): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })),
  });
}

describe('an output that cannot be written', () => {
  const held = stageForFile();

  /** A folder with all files in the tables. `RUN` is replaced by the id of a run. */
  async function prepare(argv: readonly string[]): Promise<string[]> {
    const { stage } = held;
    await stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    await stage.write('wrong.yaml', manifest('defaultRol: Participant\n'));
    await stage.write('refused.yaml', manifest('roles:\n  Finance Viewer: { grants: [user.edit] }\n'));
    await stage.write('file', '');
    await within('export', '--format', 'snapshot', '--out', 'snapshot.json');
    await within('plan', '--out', 'plan.json');
    if (!argv.includes('RUN')) return [...argv];
    await within('apply', '--yes');
    const [run = ''] = await readdir(join(stage.folder, '.domo-roles/runs'));
    return argv.map((word) => (word === 'RUN' ? run : word));
  }

  const within = (...argv: string[]) =>
    runWithin(argv, { cwd: held.stage.folder, env: targetOf(held.stage) });

  it.each(PRINTING.map(([argv, exit]) => [argv.join(' '), argv, exit] as const))(
    'changes nothing when the reader of stdout leaves, and exits with 1 on a full disk: `%s`',
    async (_name, argv, exit) => {
      const words = await prepare(argv);
      const base = { cwd: held.stage.folder, env: targetOf(held.stage) };
      expect(await runWithin(words, base)).toMatchObject({ code: exit });
      await rm(join(held.stage.folder, 'made'), { recursive: true, force: true });
      expect(await runWithin(words, { ...base, stdout: failing('EPIPE') })).toMatchObject({ code: exit });
      await rm(join(held.stage.folder, 'made'), { recursive: true, force: true });
      const full = await runWithin(words, { ...base, stdout: failing('ENOSPC') });
      expect(full.code).toBe(1);
      expect(full.stderr).toContain('warning: stdout could not be written (ENOSPC)\n');
      await rm(join(held.stage.folder, 'made'), { recursive: true, force: true });
      for (const code of ['EPIPE', 'ENOSPC']) {
        expect(await runWithin(words, { ...base, stderr: failing(code) })).toMatchObject({ code: exit });
        await rm(join(held.stage.folder, 'made'), { recursive: true, force: true });
      }
    },
  );

  it.each(
    FILES.flatMap((argv) => BROKEN.map(([name, place]) => [argv.join(' '), name, argv, place] as const)),
  )(
    'exits with 1, prints one line per file and writes everything else: `%s` %s',
    async (_name, _where, argv, place) => {
      const words = (await prepare(argv)).map((word) =>
        word === 'X' ? place : word.replace(/=X$/u, `=${place}`),
      );
      const ended = await within(...words);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(/could not be written \(E[A-Z]+\)/u);
      expect(ended.stderr).not.toMatch(/\n\s+at |internal/u);
      expect(writesOf(held.stage).length).toBe(argv.includes('RUN') ? 1 : 0);
      // Without their only file, export and init have nothing to print.
      if (!argv.includes('export') && !argv.includes('init')) expect(ended.stdout).not.toBe('');
      if (argv.join(' ').includes('good'))
        expect((await stat(join(held.stage.folder, 'good'))).size).toBeGreaterThan(100);
    },
  );

  it('still leaves one JSON document on stdout', async () => {
    await prepare([]);
    const ended = await within('plan', '--format', 'json', '--out', 'file/below');
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ kind: 'plan' });
  });

  it.each([
    ['stdout', { stdout: failing('ENOSPC') }],
    ['stderr', { stderr: failing('ENOSPC') }],
    ['a closed pipe', { stdout: failing('EPIPE'), stderr: failing('EPIPE') }],
  ] as const)('does not change the exit code of an apply: %s', async (_name, streams) => {
    const { stage } = held;
    for (const format of ['text', 'json']) {
      await stage.sandbox.reset();
      await stage.write('domo-roles.yaml', CHANGES);
      const ended = await runWithin(['apply', '--yes', '--format', format], {
        cwd: stage.folder,
        env: targetOf(stage),
        ...streams,
      });
      expect(ended.code).toBe(0);
      expect(stage.sandbox.state().roles.some(({ name }) => name === 'New Role')).toBe(true);
    }
  });

  it('does not change the exit code of a rollback that wrote, and the message names what is missing', async () => {
    const words = await prepare(['rollback', 'RUN', '--yes', '--out', 'file/below']);
    const ended = await within(...words);
    expect(ended).toMatchObject({
      code: 0,
      stderr: 'warning: file/below could not be written (ENOTDIR)\n',
    });
    expect(held.stage.sandbox.state().settings.defaultRoleId).toBe(2);
  });

  it.each([
    ['below a file', 'file/state'],
    ['in a folder of the system', '/proc/none'],
    ['a device', '/dev/full'],
  ])('prevents writes to the instance when the state folder is %s', async (_name, state) => {
    const { stage } = held;
    await stage.write('file', '');
    await stage.write('domo-roles.yaml', CHANGES);
    const ended = await within('apply', '--yes', '--format', 'json', '--state', state);
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ kind: 'error', problems: [{ code: 'bad-file' }] });
    expect(writesOf(stage)).toEqual([]);
  });
});

const FULL = existsSync('/dev/full') ? it : it.skip;

describe('a process', () => {
  const held = stageForFile();

  async function shell(script: string): Promise<{ code: number; stdout: string; stderr: string }> {
    const { execa } = await import('execa');
    const { stage } = held;
    const ended = await execa('bash', ['-c', `set -o pipefail; ${script}`], {
      cwd: stage.folder,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: stage.folder,
        ...targetOf(stage),
        RUN: `${process.execPath} ${BIN}`,
      },
      extendEnv: false,
      reject: false,
      stripFinalNewline: false,
    });
    return { code: ended.exitCode ?? -1, stdout: ended.stdout, stderr: ended.stderr };
  }

  FULL.each([
    ['$RUN --version >/dev/full', 1, 'stdout could not be written (ENOSPC)'],
    ['$RUN --help >/dev/full', 1, 'stdout could not be written (ENOSPC)'],
    ['$RUN plan --format json >/dev/full', 1, 'stdout could not be written (ENOSPC)'],
    ['$RUN plan --out /dev/full', 1, '/dev/full could not be written (ENOSPC)'],
    ['$RUN plan 2>/dev/full >/dev/null', 0, ''],
    ['$RUN nonsense 2>/dev/full', 1, ''],
    ['$RUN plan --verbose 2>/dev/full >/dev/null', 0, ''],
    ['$RUN plan --format html | true', 0, ''],
    ['$RUN --help | true', 0, ''],
    ['$RUN export | head -c 1 >/dev/null', 0, ''],
    ['$RUN plan nonsense.yaml 2>&1 | true', 1, ''],
    ['$RUN plan --out /dev/stdout --report html=/dev/stdout >/dev/null', 0, ''],
    ['$RUN plan --out /dev/null --report html=/dev/null >/dev/null', 0, ''],
    ['$RUN apply --yes --format json >/dev/full', 0, 'stdout could not be written (ENOSPC)'],
  ])('%s ends with %d and no stack trace', async (script, code, word) => {
    await held.stage.write('domo-roles.yaml', CHANGES);
    const ended = await shell(script);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(word);
    expect(ended.stderr).not.toMatch(/\n\s+at |internal|node:/u);
    const isApply = script.includes('apply');
    expect(held.stage.sandbox.state().roles.some(({ name }) => name === 'New Role')).toBe(isApply);
  });

  it('replaces a file completely or not at all', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', CHANGES);
    await stage.write('plan.json', 'the old plan\n');
    const ended = await shell('ulimit -f 1; $RUN plan --out plan.json >/dev/null');
    expect(ended).toMatchObject({ code: 1, stderr: 'warning: plan.json could not be written (EFBIG)\n' });
    expect(await readFile(join(stage.folder, 'plan.json'), 'utf8')).toBe('the old plan\n');
    expect((await readdir(stage.folder)).filter((name) => name.startsWith('plan.json'))).toEqual([
      'plan.json',
    ]);
  });

  it('reports that stdout accepted only part of the output', async () => {
    await held.stage.write('domo-roles.yaml', CHANGES);
    const ended = await shell('ulimit -f 1; $RUN plan --format html > page.html');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('stdout could not be written (EFBIG)');
  });
});
