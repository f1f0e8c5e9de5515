import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FleetLogLine } from '../../src/reconcile/fleet/fleet-log.js';
import { inventoryOf, openFleetStage, rowOf, statuses } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';
import { EVERYTHING, IGNORES_START, pictureOf, smallInstance, startIn } from '../support/survival.js';
import type { Running } from '../support/survival.js';

const NAMES = ['alpha', 'beta', 'gamma', 'delta'];

/** Writes to one instance. */
const WRITES = 19;

let stage: FleetStage;
afterEach(() => stage.close());

/** A canary and three after it, two at a time, each of which needs every kind of change. */
async function openFleet(): Promise<void> {
  const option = { clock: Date.now, state: smallInstance(), quirks: IGNORES_START };
  stage = await openFleetStage(NAMES, Object.fromEntries(NAMES.map((name) => [name, option])));
  await stage.write('base.yaml', EVERYTHING);
  await stage.write(
    'fleet.yaml',
    inventoryOf(
      { alpha: '{ labels: { tier: canary } }', beta: '{}', gamma: '{}', delta: '{}' },
      'waves: [{ name: canary, where: [tier=canary] }]\n',
    ),
  );
}

const target = (): string[] => ['--base-url', `${stage.url}/{name}`, '--tokens', 'tokens.json'];

const apply = (...args: string[]): Running =>
  startIn(stage.folder, ['fleet', 'apply', '--yes', '--at-once', '2', ...args, ...target()]);

/** The lines of a run's log. The last line may be truncated. */
async function linesOf(out: string): Promise<FleetLogLine[]> {
  const text = await readFile(join(stage.folder, out, 'fleet.jsonl'), 'utf8');
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as FleetLogLine];
    } catch {
      return [];
    }
  });
}

/** Calls back at the nth write over all instances, with the names written to so far. */
function atWrite(nth: number, moment: 'before' | 'after', act: () => void): Set<string> {
  const written = new Set<string>();
  let writes = 0;
  for (const [name, sandbox] of stage.sandboxes)
    sandbox.onWrite(() => {
      written.add(name);
      if ((writes += 1) !== nth) return;
      if (moment === 'before') act();
      else sandbox.after(1, act);
    });
  return written;
}

describe('a fleet apply that is killed', () => {
  let wanted: unknown = null;

  it.each([
    ['in the canary, before its first write is answered', 1, 'before'],
    ['in the canary, after its first write', 1, 'after'],
    ['at the end of the canary', WRITES, 'before'],
    ['at the beginning of the wave after it', WRITES + 1, 'after'],
    ['while two instances are written to', 2 * WRITES, 'before'],
    ['when two are done', 3 * WRITES + 1, 'after'],
    ['at its last write', 4 * WRITES, 'before'],
  ] as const)('%s has a correct log, and --resume reaches the same end state', async (_when, nth, moment) => {
    await openFleet();
    const run = apply('--out', 'out');
    const written = atWrite(nth, moment, () => void run.child.kill('SIGKILL'));
    expect((await run.ended).signal).toBe('SIGKILL');

    const lines = await linesOf('out');
    const begun = new Set(lines.flatMap((line) => (line.event === 'begin' ? [line.instance] : [])));
    const done = lines.flatMap((line) => (line.event === 'end' ? [line.row] : []));
    // Every instance that was written to had started, and every successful one has all changes.
    expect([...written].filter((name) => !begun.has(name))).toEqual([]);
    expect(done.map(({ status }) => status).filter((status) => status !== 'done')).toEqual([]);
    const sandboxOf = (name: string) => {
      const sandbox = stage.sandboxes.get(name);
      if (!sandbox) throw new Error(name);
      return sandbox;
    };
    const requestsBefore = new Map(NAMES.map((name) => [name, sandboxOf(name).log().length]));

    const resumed = await stage.fleetIn(
      { now: Date.now, skipWaits: false },
      'apply',
      '--resume',
      'out',
      '--yes',
    );
    expect([resumed.code, resumed.stderr.includes('warning')]).toEqual([0, false]);
    const document = await stage.document('out');
    expect(document.summary).toMatchObject({ instances: 4, exit: 0 });
    wanted ??= pictureOf(sandboxOf('alpha'));
    for (const name of NAMES) {
      expect(pictureOf(sandboxOf(name))).toEqual(wanted);
      const isDone = done.some(({ instance }) => instance === name);
      expect(['done', ...(written.has(name) ? ['clean'] : [])]).toContain(rowOf(document, name).status);
      // The row lists an interrupted attempt. Finished instances are not read again.
      const cut = begun.has(name) && !isDone ? ['incomplete true'] : [];
      expect(rowOf(document, name).attempts.map(({ status, sent }) => `${status} ${sent}`)).toEqual(cut);
      if (isDone) expect(sandboxOf(name).log().length).toBe(requestsBefore.get(name));
    }
    expect(await stage.fleet('plan', '--out', 'after', '--detailed-exitcode')).toMatchObject({ code: 0 });
  });
});

describe('a fleet rollback that is killed', () => {
  it.each([
    ['before its first write is answered', 1, 'before'],
    ['in the middle of an instance', 7, 'after'],
    ['while a role is recreated', 12, 'after'],
    ['between instances', WRITES, 'after'],
    ['in the last wave', 3 * WRITES + 5, 'before'],
  ] as const)('%s reaches the same end state when it is run again', async (_when, nth, moment) => {
    await openFleet();
    const before = [...stage.sandboxes.values()].map(pictureOf);
    expect((await apply('--out', 'out').ended).code).toBe(0);
    const undo = (): Running =>
      startIn(stage.folder, ['fleet', 'rollback', 'out', '--yes', '--at-once', '1', ...target()]);
    const run = undo();
    atWrite(nth, moment, () => void run.child.kill('SIGKILL'));
    expect((await run.ended).signal).toBe('SIGKILL');

    expect((await undo().ended).code).toBe(0);
    expect([...stage.sandboxes.values()].map(pictureOf)).toEqual(before);
    expect(statuses(await stage.document('out-rollback')).every((row) => row.endsWith(' done'))).toBe(true);
  });
});

describe('a fleet apply that is stopped by Ctrl-C', () => {
  it('finishes the instances in progress, starts no others, writes its document and exits with 5', async () => {
    await openFleet();
    const run = apply('--out', 'out');
    atWrite(3, 'before', () => void run.child.kill('SIGINT'));
    const ended = await run.ended;
    expect([ended.code, ended.signal]).toEqual([5, null]);
    expect(ended.stderr).toContain('stopping: no more instances start');
    expect(statuses(await stage.document('out'))).toEqual([
      'alpha done',
      'beta not-started',
      'delta not-started',
      'gamma not-started',
    ]);
  });

  it('twice stops immediately and can be resumed', async () => {
    await openFleet();
    stage.sandboxes.get('alpha')?.setFaults([{ name: 'hung-after-write', method: 'PUT', times: 1 }]);
    const run = apply('--out', 'out', '--timeout', '600');
    const written = atWrite(1, 'before', () => {
      run.child.kill('SIGINT');
      setTimeout(() => run.child.kill('SIGINT'), 300);
    });
    expect((await run.ended).code).toBe(130);
    const begun = (await linesOf('out')).flatMap((line) => (line.event === 'begin' ? [line.instance] : []));
    expect([begun, [...written]]).toEqual([['alpha'], ['alpha']]);
    stage.sandboxes.get('alpha')?.setFaults([]);
    const resumed = apply('--resume', 'out');
    expect((await resumed.ended).code).toBe(0);
  });
});

describe('a reader that closes stdout', () => {
  it('changes neither the exit code nor the document', async () => {
    await openFleet();
    const run = apply('--out', 'out', '--format', 'json');
    run.child.stdout?.destroy();
    expect((await run.ended).code).toBe(0);
    expect((await stage.document('out')).summary).toMatchObject({ done: 4, exit: 0 });
  });
});
