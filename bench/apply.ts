import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { applyPlan } from '../src/apply/apply.js';
import { openRun } from '../src/journal/folder.js';
import { readSnapshot } from '../src/reconcile/read-live-state.js';
import { connect, load, planOf, TODAY } from './connect.js';
import { measure, task } from './measure.js';

/** Applies a plan with its journal on disk, as the command does. The plan is made before the measurement. */
const { reader, writer, close } = connect(task());
const loaded = await load(task());
const snapshot = await readSnapshot(reader, loaded, { now: TODAY });
const plan = planOf(loaded, snapshot);
const folder = await mkdtemp(join(tmpdir(), 'domo-roles-bench-run-'));
const run = await openRun(join(folder, '.domo-roles'), plan, { now: Date.now(), random: () => '00000001' });
await measure(async () => {
  const outcome = await applyPlan({
    plan,
    reader,
    writer,
    journal: run,
    clock: { now: Date.now, sleep: (ms) => sleep(ms) },
    runId: run.id,
  });
  return {
    moved: plan.summary.peopleMoved,
    changes: plan.changes.length,
    done: outcome.changes.filter(({ status }) => status === 'done').length,
  };
});
await run.close();
close();
await rm(folder, { recursive: true, force: true });
