import type { ApplyOptions } from '../../src/apply/options.js';
import { DEFAULT_LIMITS } from '../../src/apply/options.js';
import { recheck } from '../../src/apply/recheck/recheck.js';
import { startRun } from '../../src/apply/run.js';
import type { ApplyRun } from '../../src/apply/run.js';
import type { JournalEntry } from '../../src/journal/entry.js';
import type { Change } from '../../src/plan/change.js';
import type { ApplyWorld } from './apply-world.js';
import { changesOn, planOf } from './plans-for-apply.js';
import { RUN_ID } from './state-folder.js';

export type Write = (on: ReturnType<typeof changesOn>) => Change;

/** A run of these changes just before its first write, for tests of single steps. */
export async function runOf(
  world: ApplyWorld,
  writes: readonly Write[],
  options: Partial<ApplyOptions> = {},
): Promise<{ run: ApplyRun; changes: readonly Change[]; entries: () => JournalEntry[] }> {
  const live = await world.snapshot();
  const plan = planOf(
    live,
    writes.map((write) => write(changesOn(live))),
  );
  const entries: JournalEntry[] = [];
  const journal = { append: async (entry: JournalEntry) => void entries.push(entry) };
  const { reader, writer, clock } = world;
  const run = startRun(
    { plan, reader, writer, clock, journal, runId: RUN_ID, ...options },
    { ...DEFAULT_LIMITS, concurrency: 1, ...options.limits },
    { live, found: recheck(plan, live, options.resume ?? null) },
  );
  return { run, changes: plan.changes, entries: () => entries };
}

/** One write of each kind, in the order in which a plan has them. */
export const ONE_OF_EACH: readonly [Change['kind'], Write][] = [
  ['role.create', (on) => on.create('Copy', { from: 'Analyst' })],
  ['role.update', (on) => on.update('Analyst', 'Scientist')],
  ['grants.set', (on) => on.grants('Analyst', ['a.view'])],
  ['members.move', (on) => on.move('Writer', [10, 13])],
  ['defaultRole.set', (on) => on.setDefault('Social')],
  ['allowlist.set', (on) => on.allowlist(['Analyst', 'Social'], 'Participant')],
  ['role.delete', (on) => on.remove('Ring A')],
];
