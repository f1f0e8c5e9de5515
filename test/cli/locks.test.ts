import { readdirSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { acquireLock } from '../../src/journal/lock.js';
import { openUserLocks } from '../../src/journal/lock-folder.js';
import { openLedger } from '../../src/shell/ledger.js';
import type { Outcome } from '../../src/apply/outcome.js';
import { askYes } from '../../src/cli/ask.js';
import { openProgress } from '../../src/shell/progress.js';
import type { Environment } from '../../src/shell/environment.js';
import type { Plan } from '../../src/plan/plan.js';
import type { Stage } from '../support/cli.js';
import { inEnvironment, runWithin } from '../support/in-process.js';
import { manifest, stageForFile, writesOf } from './support.js';
import { targetOf } from '../support/cli.js';

const CHANGES = manifest('defaultRole: Participant\n');
const LOCKS = '.local/state/domo-roles/locks';

describe('a command that is stopped', () => {
  const held = stageForFile();

  it.each(['plan', 'apply', 'drift', 'doctor'])(
    'ends the wait for a busy instance at once (%s)',
    async (verb) => {
      const { stage } = held;
      await stage.write('domo-roles.yaml', CHANGES);
      const stop = new AbortController();
      const busy = (): Promise<Response> => {
        setImmediate(() => stop.abort());
        return Promise.resolve(new Response('{}', { status: 503, headers: { 'retry-after': '20' } }));
      };
      const start = Date.now();
      const { code } = await runWithin([verb, ...(verb === 'apply' ? ['--yes'] : [])], {
        ...{ cwd: stage.folder, env: { ...targetOf(stage), HOME: stage.folder } },
        ...{ signal: stop.signal, fetchFor: () => busy },
      });
      expect(code).toBe(1);
      expect(Date.now() - start).toBeLessThan(15_000);
    },
  );
});

describe('an apply that is stopped while it reads', () => {
  const held = stageForFile();

  const lost = (): Promise<Response> =>
    Promise.reject(Object.assign(new Error('lost'), { code: 'ECONNRESET' }));
  const answered = (status: number) => (): Promise<Response> =>
    Promise.resolve(new Response('{}', { status }));

  describe.each([
    ['a manifest', ['apply', '--yes']],
    ['a saved plan', ['apply', 'plan.json', '--yes']],
    ['a rollback', ['rollback', 'RUN', '--yes']],
  ])('of %s', (_, verb) => {
    it.each([
      ['the connection is lost', lost],
      ['the request fails', answered(502)],
      ['the token is rejected', answered(401)],
      ['no answer comes', () => new Promise<Response>(() => undefined)],
    ])('ends with 1 and says that nothing was written: %s', async (_, fails) => {
      const { stage } = held;
      await stage.write('domo-roles.yaml', CHANGES);
      await stage.run('plan', '--out', 'plan.json');
      const [run = ''] = verb.includes('RUN') ? await runOfApply(stage) : [];
      const stop = new AbortController();
      let reads = 0;
      const fetchFor = () => (request: Request) => {
        reads += 1;
        if (reads < 3) return stage.sandbox.fetch(request);
        stop.abort();
        return fails();
      };
      stage.sandbox.clearLog();
      const ended = await runWithin(
        verb.map((word) => (word === 'RUN' ? run : word)),
        { cwd: stage.folder, env: { ...targetOf(stage), HOME: stage.folder }, signal: stop.signal, fetchFor },
      );
      expect([ended.code, ended.stderr]).toEqual([
        1,
        'interrupted  interrupted before anything was written\n\n1 error\n',
      ]);
      expect(writesOf(stage)).toEqual([]);
      expect(await readdir(join(stage.folder, LOCKS))).toEqual([]);
    });
  });

  async function runOfApply(stage: Stage): Promise<string[]> {
    expect((await stage.run('apply', '--yes')).code).toBe(0);
    return readdir(join(stage.folder, '.domo-roles/runs'));
  }
});

describe('the lock of an apply', () => {
  const held = stageForFile();

  /** Acquires the lock as another run would. */
  const taken = async () => {
    const { stage } = held;
    const folder = await openUserLocks(join(stage.folder, LOCKS));
    return acquireLock(folder, { address: stage.url, instance: 'sandbox-served', now: Date.now() });
  };

  it('excludes runs from other folders, whichever address they use for the instance', async () => {
    const { stage } = held;
    await stage.write('elsewhere/domo-roles.yaml', CHANGES);
    const lock = await taken();
    const other = () =>
      runWithin(['apply', '--yes', '--instance', 'another-name'], {
        cwd: join(stage.folder, 'elsewhere'),
        env: { ...targetOf(stage), HOME: stage.folder },
      });
    const refused = await other();
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('--wait-for-lock');
    expect(writesOf(stage)).toEqual([]);
    await lock.release();
    expect((await other()).code).toBe(0);
    expect(await readdir(join(stage.folder, LOCKS))).toEqual([]);
  });

  it('is waited for as long as --wait-for-lock allows', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', CHANGES);
    const lock = await taken();
    const late = await stage.run('apply', '--yes', '--wait-for-lock', '1');
    expect(late.code).toBe(4);
    expect(late.stderr).toContain('waiting up to 1 s');
    // The other run ends as soon as this one waits.
    let text = '';
    const stderr = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (text === '') void lock.release();
        text += chunk.toString('utf8');
        done();
      },
    });
    const ended = await runWithin(['apply', '--yes', '--wait-for-lock', '86400'], {
      cwd: stage.folder,
      env: targetOf(stage),
      stderr,
      skipWaits: true,
    });
    expect(ended.code).toBe(0);
    expect(text).toContain('waiting up to 86400 s: another apply on sandbox-served is running');
  });

  it('is not needed for a plan, a rehearsal or a refusal', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', CHANGES);
    await taken();
    expect((await stage.run('plan')).code).toBe(0);
    expect((await stage.run('apply', '--dry-run')).code).toBe(0);
    expect((await stage.run('apply')).stderr).toContain('not-confirmed');
  });

  it.each([
    ['cannot be created', async (folder: string) => writeFile(join(folder, '.local'), '')],
    [
      'is a link',
      async (folder: string) => {
        await mkdir(join(folder, '.local/state'), { recursive: true });
        await mkdir(join(folder, 'trap'));
        await symlink(join(folder, 'trap'), join(folder, '.local/state/domo-roles'));
      },
    ],
  ])('is kept under --state with a warning when the user’s folder %s', async (_name, spoil) => {
    const { stage } = held;
    await spoil(stage.folder);
    await stage.write('domo-roles.yaml', CHANGES);
    const ended = await stage.run('apply', '--yes', '--state', 'state', '--format', 'json');
    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(/^warning: .* the lock is kept in .*state\/locks, .*\n$/u);
    expect(await readdir(join(stage.folder, 'state'))).toContain('locks');
    const outcome = JSON.parse(ended.stdout) as Outcome;
    expect(`warning: ${outcome.warnings.at(-1)?.message}\n`).toBe(ended.stderr);
    expect(outcome.warnings.at(-1)?.code).toBe('lock-elsewhere');
    const [run = ''] = await readdir(join(stage.folder, 'state/runs'));
    const kept = await readFile(join(stage.folder, 'state/runs', run, 'outcome.json'), 'utf8');
    expect((JSON.parse(kept) as Outcome).warnings).toEqual(outcome.warnings);
  });

  it('causes a warning in the outcome when it cannot be removed', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', CHANGES);
    const folder = await openUserLocks(join(stage.folder, LOCKS));
    const stop = stage.sandbox.onWrite(() => {
      for (const file of readdirSync(folder)) writeFileSync(join(folder, file), 'no holder');
    });
    const ended = await stage.run('apply', '--yes', '--format', 'json');
    stop();
    expect(ended.code).toBe(0);
    const { warnings } = JSON.parse(ended.stdout) as Outcome;
    expect(warnings.at(-1)).toMatchObject({
      code: 'lock-stays',
      message: expect.stringContaining('the lock stays behind: '),
    });
    expect(ended.stderr).toBe(`warning: ${warnings.at(-1)?.message}\n`);
  });

  it('is kept in the folder of an embedded instance', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', CHANGES);
    const seen: string[][] = [];
    for (const box of ['one', 'two', './one']) {
      const folder = await openUserLocks(join(stage.folder, LOCKS));
      const ended = await runWithin(['apply', '--yes', '--sandbox', box], { cwd: stage.folder });
      expect(ended.code).toBe(0);
      seen.push(await readdir(folder));
    }
    expect(seen).toEqual([[], [], []]);
  });
});

describe('a terminal in CI', () => {
  const terminal = (): Writable & { isTTY: boolean } =>
    Object.assign(new Writable({ write: (_chunk, _encoding, done) => done() }), { isTTY: true });
  const inCi = <T>(env: Record<string, string>, work: (environment: Environment) => Promise<T>): Promise<T> =>
    inEnvironment({ cwd: '/', env, stdout: terminal(), stderr: terminal() }, (given) =>
      work({ ...given, stdin: Object.assign(new PassThrough(), { isTTY: true }), ledger: openLedger() }),
    );

  it.each(['1', 'true', 'yes', 'woodpecker'])('is not prompted with CI=%s', async (CI) => {
    await inCi({ CI }, async (given) => {
      await expect(askYes({ summary: { changes: 1 } } as Plan, given, true)).rejects.toMatchObject({
        refusals: [{ code: 'not-confirmed' }],
      });
      const progress = await openProgress(given, 1);
      expect(given.stderr.writableLength).toBe(0);
      progress.stop();
    });
  });

  it.each(['', '0', 'false', 'FALSE'])('is treated as a normal terminal with CI=%j', async (CI) => {
    await inCi({ CI }, async (given) => {
      const stop = new AbortController();
      const asked = askYes({ summary: { changes: 1 } } as Plan, { ...given, signal: stop.signal }, true);
      setTimeout(() => stop.abort(), 5);
      await expect(asked).rejects.toMatchObject({ problems: [{ code: 'interrupted' }] });
    });
  });
});

describe('the confirmation prompt of an apply', () => {
  const held = stageForFile();

  /** An apply at a terminal: what it wrote on stderr, and where to answer. */
  function applyAtTerminal(stdout?: Writable, ...flags: string[]) {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    let text = '';
    const stderr = Object.assign(
      new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          text += chunk.toString('utf8');
          done();
        },
      }),
      // Like the stderr of a process, it stays open when the question closes its streams.
      { isTTY: true, end: () => undefined },
    );
    const ended = runWithin(['apply', ...flags], {
      cwd: held.stage.folder,
      env: targetOf(held.stage),
      stdin,
      stderr,
      ...(stdout ? { stdout } : {}),
    });
    return { ended, stdin, stderr: () => text };
  }

  it.each([
    ['n', 4],
    ['y', 0],
  ])('does not hold the lock while it waits: %s', async (answer, code) => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', CHANGES);
    const { ended, stdin, stderr } = applyAtTerminal();
    while (!stderr().includes('Write 1 change')) await new Promise((resolve) => setTimeout(resolve, 10));
    const folder = await openUserLocks(join(stage.folder, LOCKS));
    expect(await readdir(folder)).toEqual([]);
    const other = await acquireLock(folder, { address: stage.url, instance: 'other', now: Date.now() });
    await other.release();
    stdin.write(`${answer}\n`);
    expect((await ended).code).toBe(code);
    expect(writesOf(stage).length).toBe(code === 0 ? 1 : 0);
  });

  it('ends when its terminal is closed', async () => {
    await held.stage.write('domo-roles.yaml', CHANGES);
    const { ended, stdin, stderr } = applyAtTerminal();
    while (!stderr().includes('Write 1 change')) await new Promise((resolve) => setTimeout(resolve, 10));
    stdin.end();
    expect((await ended).code).toBe(1);
    expect(stderr()).toContain('interrupted');
    expect(writesOf(held.stage)).toEqual([]);
  });

  it('follows the plan on stderr with --format json, so that stdout stays one document', async () => {
    await held.stage.write('domo-roles.yaml', CHANGES);
    const { ended, stdin, stderr } = applyAtTerminal(undefined, '--format', 'json');
    while (!stderr().includes('Write 1 change')) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(stderr().indexOf('1 change to apply')).toBeGreaterThanOrEqual(0);
    expect(stderr().indexOf('1 change to apply')).toBeLessThan(stderr().indexOf('Write 1 change'));
    stdin.write('y\n');
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'outcome', summary: { done: 1 } });
  });

  it.each(['ENOSPC', 'EPIPE'])('is skipped when the plan could not be shown: %s', async (failure) => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', CHANGES);
    const broken = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error(failure), { code: failure })),
    });
    const { ended, stderr } = applyAtTerminal(broken);
    expect((await ended).code).toBe(1);
    expect(stderr()).toContain('the plan could not be shown on stdout');
    expect(stderr()).not.toContain('Write 1 change');
    expect(writesOf(stage)).toEqual([]);
  });
});
