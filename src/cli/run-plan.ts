import { resolve } from 'node:path';
import { applyPlan } from '../apply/apply.js';
import type { JournalSink } from '../apply/options.js';
import type { Outcome } from '../apply/outcome.js';
import { StalePlanError, staleRefusal } from '../apply/recheck/stale-plan.js';
import { openRun } from '../journal/folder.js';
import type { RunFolder } from '../journal/folder.js';
import { resumeOf } from '../journal/runs.js';
import { snapshotToJson } from '../live/file.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Allow } from '../plan/guards/allow.js';
import type { Plan } from '../plan/plan.js';
import { verifyPlan } from '../plan/saved/verify-plan.js';
import { requestsFor } from '../apply/requests-for-change.js';
import type { Connection } from './connect.js';
import { reportUnwritten } from './deliver.js';
import { openProgress } from './progress.js';
import { Refused } from '../reconcile/errors.js';
import type { Environment } from './world.js';

/** A plan, and what this run allows. */
export interface RunJob {
  plan: Plan;
  allow: Allow;
  /** What the flags of this run let pass, with their reason. */
  allowed: Plan['allowed'];
}

interface RunSetting {
  flags: { state: string; concurrency?: number | undefined };
  world: Environment;
}

/** Performs a plan and keeps its run in the state folder. The guards are judged once more just before the first write. */
export async function runPlan(
  { plan, allow, allowed }: RunJob,
  connection: Connection,
  { flags, world }: RunSetting,
): Promise<Outcome> {
  const { reader, writer } = connection;
  if (!writer) throw new TypeError('this connection cannot write');
  const state = resolve(world.cwd, flags.state);
  const resume = await resumeOf(state, plan);
  const run = await openRun(state, plan, { now: world.now(), random: world.token });
  const progress = await openProgress(world, plan.changes.length);
  const journal = journalOf(run);
  try {
    const outcome = await applyPlan({
      plan,
      allowed,
      reader,
      writer,
      journal: journal.sink,
      clock: { now: world.now, sleep: world.sleep },
      runId: run.id,
      resume,
      signal: world.signal,
      onProgress: progress.tell,
      onSent: () => (world.ledger.sent = true),
      limits: {
        ...(flags.concurrency === undefined ? {} : { concurrency: flags.concurrency }),
        ...(connection.budgetMs === null ? {} : { createMs: connection.budgetMs }),
      },
      beforeWrite: async (fresh) => {
        const refusals = verifyPlan(plan, fresh, { requestsFor, allow }).refusals;
        if (refusals.length > 0) throw new Refused(refusals);
        // As a snapshot document: it can be planned against, too.
        await run.writeBefore(
          JSON.parse(snapshotToJson(fresh, { takenAt: new Date(world.now()).toISOString() })) as Snapshot,
        );
      },
    });
    if (journal.failure() !== null) await reportUnwritten(world, 'the journal', journal.failure());
    await run.writeOutcome(outcome).catch((error: unknown) => reportUnwritten(world, 'outcome.json', error));
    return outcome;
  } catch (error) {
    if (!world.ledger.sent) journal.forget();
    throw await toldError(error, connection, world);
  } finally {
    progress.stop();
    // What became of the changes is known by now, and must not be lost with a file.
    await endRun(run, journal.wrote()).catch((error: unknown) => reportUnwritten(world, run.path, error));
  }
}

/** The run's journal, with what the command must know of it: was it written to, and what went wrong first. */
function journalOf(run: RunFolder): {
  sink: JournalSink;
  wrote: () => boolean;
  failure: () => unknown;
  /** Nothing was sent after all. */
  forget: () => void;
} {
  let wrote = false;
  let failure: unknown = null;
  return {
    sink: {
      append: async (entry) => {
        wrote = true;
        await run.append(entry).catch((error: unknown) => {
          failure ??= error;
          throw error;
        });
      },
    },
    wrote: () => wrote,
    failure: () => failure,
    forget: () => (wrote = false),
  };
}

/** A run that was refused before it wrote anything leaves nothing behind. */
async function endRun(run: RunFolder, wrote: boolean): Promise<void> {
  if (wrote) await run.close();
  else await run.discard();
}

/** A stale plan also says who moved what, where the audit log may be read. */
async function toldError(error: unknown, connection: Connection, world: Environment): Promise<unknown> {
  if (!(error instanceof StalePlanError)) return error;
  const stale = staleRefusal(error.fields);
  const { whoMoved } = await import('../drift/who-moved.js');
  const who = await whoMoved(error.fields, connection.routes, world.now());
  return new Refused([{ ...stale, items: [...stale.items, ...who] }]);
}
