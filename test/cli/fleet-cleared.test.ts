import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readFleetPlans } from '../../src/reconcile/fleet/saved-plans.js';
import { filesBelow, openFleetStage, statuses } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';

const stages: FleetStage[] = [];
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});

async function open(): Promise<FleetStage> {
  const stage = await openFleetStage(['acme', 'globex']);
  stages.push(stage);
  return stage;
}

/** The first line of the log of a run. */
async function headerIn(stage: FleetStage, out: string): Promise<Record<string, unknown>> {
  const [line = ''] = (await readFile(join(stage.folder, out, 'fleet.jsonl'), 'utf8')).split('\n');
  return JSON.parse(line) as Record<string, unknown>;
}

/** What a kill leaves of the run before, at each step of clearing its folder. */
const STEPS: readonly [string, readonly string[]][] = [
  ['after the log was replaced', []],
  ['after the document was deleted', ['fleet.json']],
  ['while the instances were deleted', ['fleet.json', 'instances/acme']],
  ['after the instances were deleted', ['fleet.json', 'instances']],
];

/** Makes the folder of a finished run that of one that starts like another run, and was killed at a step of clearing it. */
async function killAt(
  stage: FleetStage,
  out: string,
  { like, deleted }: { like: string; deleted: readonly string[] },
): Promise<void> {
  const header = { ...(await headerIn(stage, like)), clearing: true };
  await writeFile(join(stage.folder, out, 'fleet.jsonl'), `${JSON.stringify(header)}\n`);
  for (const name of deleted) await rm(join(stage.folder, out, name), { recursive: true });
}

describe.each(STEPS)('a run that was killed %s of the run before', (_when, deleted) => {
  it('of plans has no plans of the run before', async () => {
    const stage = await open();
    await stage.fleet('plan', '--out', 'plans');
    await stage.fleet('plan', '--out', 'next');
    await killAt(stage, 'plans', { like: 'next', deleted });
    for (const [verb, ...args] of [
      ['apply', 'plans', '--yes', '--out', 'applied'],
      ['report', 'plans'],
    ] as const) {
      const ended = await (verb === 'apply' ? stage.fleet : stage.offline)(verb, ...args);
      expect([verb, ended.code]).toEqual([verb, 1]);
      expect(ended.stderr).toContain('the run in "plans" was interrupted');
      expect(ended.stderr).toContain('fleet plan --resume plans');
    }
    await expect(readFleetPlans(join(stage.folder, 'plans'))).rejects.toThrow('interrupted');
    const merged = await stage.offline('merge', 'plans', '--out', 'merged');
    expect([merged.code, statuses(await stage.document('merged'))]).toEqual([
      1,
      ['acme not-started', 'globex not-started'],
    ]);
    expect((await stage.document('merged')).groups).toEqual([]);
    const files = [...(await filesBelow(join(stage.folder, 'merged'))).keys()].sort();
    expect(files).toEqual(['fleet.json', 'fleet.jsonl', 'instances']);
    const failed = await stage.fleet('plan', '--failed-from', 'plans', '--out', 'again');
    expect([failed.code, statuses(await stage.document('again'))]).toEqual([
      0,
      ['acme changes', 'globex changes'],
    ]);
    const resumed = await stage.fleet('plan', '--resume', 'plans');
    expect([resumed.code, statuses(await stage.document('plans'))]).toEqual([
      0,
      ['acme changes', 'globex changes'],
    ]);
    expect(await headerIn(stage, 'plans')).not.toHaveProperty('clearing');
  });

  it('of an apply does not undo the apply before', async () => {
    const stage = await open();
    await stage.fleet('apply', '--yes', '--out', 'applied');
    await cp(join(stage.folder, 'applied'), join(stage.folder, 'next'), { recursive: true });
    await killAt(stage, 'applied', { like: 'next', deleted });
    const undone = await stage.fleet('rollback', 'applied', '--yes', '--out', 'undone');
    expect([undone.code, statuses(await stage.document('undone'))]).toEqual([
      0,
      ['acme clean', 'globex clean'],
    ]);
    const again = await stage.fleet('apply', '--yes', '--out', 'applied');
    expect([again.code, statuses(await stage.document('applied'))]).toEqual([
      0,
      ['acme clean', 'globex clean'],
    ]);
    expect(await headerIn(stage, 'applied')).not.toHaveProperty('clearing');
  });

  it('of snapshots has no snapshots of the run before', async () => {
    const stage = await open();
    await stage.fleet('export', '--format', 'snapshot', '--out', 'shots');
    await stage.fleet('export', '--format', 'snapshot', '--out', 'next');
    await killAt(stage, 'shots', { like: 'next', deleted });
    for (const [verb, flag] of [
      ['plan', '--snapshots'],
      ['compare', '--snapshots'],
      ['init', '--from'],
    ] as const) {
      const args = verb === 'compare' ? ['--base', 'base.yaml'] : [];
      const ended = await stage.offline(verb, flag, 'shots', ...args);
      expect([verb, ended.code]).toEqual([verb, 1]);
      expect(ended.stderr).toContain('the export was interrupted');
    }
  });
});
