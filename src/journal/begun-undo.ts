import { runIds } from './folder.js';
import type { StateFolder } from './folder.js';
import { readFirstEntry, readRun } from './runs.js';
import type { StoredRun } from './runs.js';
import { isComplete } from './unfinished.js';

/**
 * The rollback of a run that did not complete, if it is the newest run on the instance: what it left is then what a
 * further rollback finds. Null without one.
 */
export async function findBegunUndo(
  state: StateFolder,
  { id: undone, instance }: { id: string; instance: string },
): Promise<StoredRun | null> {
  for (const id of (await runIds(state)).reverse()) {
    const begun = await readFirstEntry(state, id);
    if (begun?.instance !== instance) continue;
    if (begun.undoes !== undone) return null;
    const run = await readRun(state, id);
    return isComplete(run.replay) ? null : run;
  }
  return null;
}
