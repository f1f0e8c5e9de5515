import { join, resolve } from 'node:path';
import { RUN_FILES } from '../journal/folder.js';
import { readRun } from '../journal/runs.js';
import { snapshotFromJson } from '../live/file.js';
import { ProblemError, problem } from '../problem/problem.js';
import type { RunRecord } from '../rollback/rollback.js';
import { noteInputs } from './ledger.js';
import { checkPlan } from './saved.js';
import type { Environment } from './world.js';

/** Reads what a rollback needs to know of a run. Raises `no-such-run`, `bad-file`. */
export async function readRunRecord(id: string, state: string, world: Environment): Promise<RunRecord> {
  const run = await readRun(resolve(world.cwd, state), id);
  if (run.plan === null || run.before === null) {
    throw new ProblemError(
      problem('bad-file', `run ${id} wrote nothing, so there is nothing to take back`, {
        where: { file: run.path },
      }),
    );
  }
  await noteInputs(
    world,
    Object.values(RUN_FILES).map((file) => join(run.path, file)),
  );
  const { snapshot } = snapshotFromJson(JSON.stringify(run.before), { file: `${run.path}/before.json` });
  return { id, plan: checkPlan(run.plan, `${run.path}/plan.json`), before: snapshot, replay: run.replay };
}
