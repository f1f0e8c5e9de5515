import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { recordAccess } from '../../src/rehearse/access-history.js';
import type { SandboxAccess } from '../../src/sandbox/index.js';
import { documentOf, openStage, targetOf } from '../support/cli.js';
import type { Ended, Stage } from '../support/cli.js';
import { runWithin } from '../support/in-process.js';
import { EVERYTHING, IGNORES_START, pictureOf, smallInstance, start } from '../support/survival.js';

/** One for each change of the plan, and one that sets the grants a new role should have started with. */
const WRITES = 19;

/** When a run is killed: the write is done, and its response has not arrived yet or has just arrived. */
const MOMENTS = ['before the response', 'after the response'] as const;
type Moment = (typeof MOMENTS)[number];

const CASES = Array.from({ length: WRITES }, (_, index) => index + 1).flatMap((write) =>
  MOMENTS.map((moment): [number, Moment] => [write, moment]),
);

let open: Stage[] = [];
afterEach(async () => {
  for (const stage of open) await stage.close();
  open = [];
});

async function openInstance(state = smallInstance()): Promise<Stage> {
  const stage = await openStage({ state, quirks: IGNORES_START });
  open.push(stage);
  await stage.write('domo-roles.yaml', EVERYTHING);
  return stage;
}

function within(stage: Stage, ...argv: string[]): Promise<Ended> {
  return runWithin(argv, { cwd: stage.folder, env: targetOf(stage), skipWaits: true });
}

/** Applies in a separate process that is killed at its nth write. */
async function killedAt(stage: Stage, at: { write: number; moment: Moment }): Promise<string | null> {
  const run = start(stage, ['apply', '--yes']);
  let writes = 0;
  const kill = (): void => void run.child.kill('SIGKILL');
  const stop = stage.sandbox.onWrite(() => {
    writes += 1;
    if (writes !== at.write) return;
    if (at.moment === 'before the response') kill();
    else stage.sandbox.after(1, kill);
  });
  const { signal } = await run.ended;
  stop();
  return signal;
}

describe('an apply that is killed', () => {
  let wanted: unknown;
  let saved = '';
  beforeAll(async () => {
    const reference = await openInstance();
    let writes = 0;
    reference.sandbox.onWrite(() => (writes += 1));
    expect((await within(reference, 'plan', '--out', 'plan.json')).code).toBe(0);
    saved = await readFile(join(reference.folder, 'plan.json'), 'utf8');
    const ended = await within(reference, 'apply', '--yes', '--format', 'json');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const kinds = documentOf<{ changes: { kind: string }[] }>(ended).changes.map(({ kind }) => kind);
    expect([new Set(kinds).size, writes]).toEqual([7, WRITES]);
    wanted = pictureOf(reference.sandbox);
  });

  it.each(CASES)(
    'after write %i, %s, reaches the same end state when run again, from the manifest or from the saved plan',
    async (write, moment) => {
      const stage = await openInstance();
      const moments: SandboxAccess[] = [stage.sandbox.access()];
      stage.sandbox.onWrite(() => moments.push(stage.sandbox.access()));

      expect(await killedAt(stage, { write, moment })).toBe('SIGKILL');

      const runs = await within(stage, 'runs', '--format', 'json');
      expect(runs).toMatchObject({ code: 0, stderr: '' });
      expect(documentOf(runs)).toMatchObject({ runs: [{ state: 'interrupted', problem: null }] });
      for (const from of ['domo-roles.yaml', 'plan.json']) {
        const again = await openInstance(stage.sandbox.state());
        await cp(join(stage.folder, '.domo-roles'), join(again.folder, '.domo-roles'), { recursive: true });
        await writeFile(join(again.folder, 'plan.json'), saved);
        const accessRecord = recordAccess(moments[0] as SandboxAccess);
        for (const one of moments.slice(1)) accessRecord.record(one);
        again.sandbox.onWrite(() => accessRecord.record(again.sandbox.access()));

        const ended = await within(again, 'apply', from, '--yes', '--format', 'json');

        expect([from, ended.code, ended.stderr]).toEqual([from, 0, '']);
        expect([from, pictureOf(again.sandbox)]).toEqual([from, wanted]);
        expect(accessRecord.excesses()).toEqual([]);
        expect(await within(again, 'plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
      }
    },
  );

  it('before its first write leaves nothing that blocks the next run', async () => {
    const stage = await openInstance();
    const run = start(stage, ['apply', '--yes']);
    stage.sandbox.after(1, () => void run.child.kill('SIGKILL'));
    expect((await run.ended).signal).toBe('SIGKILL');

    expect(await within(stage, 'apply', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(pictureOf(stage.sandbox)).toEqual(wanted);
  });

  it('again and again, one write later each time, still reaches the same end state', async () => {
    const stage = await openInstance();
    const accessRecord = recordAccess(stage.sandbox.access());
    stage.sandbox.onWrite(() => accessRecord.record(stage.sandbox.access()));
    let rounds = 0;
    while ((await killedAt(stage, { write: 1, moment: MOMENTS[rounds % 2] as Moment })) !== null) rounds += 1;

    expect(rounds).toBeGreaterThan(5);
    expect(pictureOf(stage.sandbox)).toEqual(wanted);
    expect(accessRecord.excesses()).toEqual([]);
    const { runs } = documentOf<{ runs: { problem: unknown }[] }>(
      await within(stage, 'runs', '--format', 'json'),
    );
    expect(runs.filter(({ problem }) => problem !== null)).toEqual([]);
  }, 120_000);
});
