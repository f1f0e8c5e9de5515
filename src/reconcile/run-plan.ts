import { join } from 'node:path';
import { applyPlan } from '../apply/apply.js';
import type { JournalSink } from '../apply/options.js';
import type { Outcome } from '../apply/outcome.js';
import { StalePlanError, staleRefusal } from '../apply/recheck/stale-plan.js';
import { requestsFor } from '../apply/requests-for-change.js';
import type { LiveWriter } from '../apply/writer.js';
import { RUN_FILES, openRun } from '../journal/folder.js';
import type { RunFolder } from '../journal/folder.js';
import { readResume } from '../journal/runs.js';
import { snapshotToJson } from '../live/snapshot-file.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Allow } from '../plan/guards/allow.js';
import { toPlanWarning } from '../plan/plan-warnings.js';
import type { Plan } from '../plan/plan.js';
import { policyWithFile } from '../plan/saved/policy-over-plan.js';
import type { PolicyInput } from '../plan/saved/policy-over-plan.js';
import { verifyPlan } from '../plan/saved/verify-plan.js';
import { usageError, warning } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import { ignoringErrors, openSafely } from './callbacks.js';
import type { Progress } from './callbacks.js';
import type { Connection } from './connect.js';
import { Refused, refuse } from './errors.js';
import type { LockRequest } from './lock.js';
import { outcomeWithout } from './own-paths.js';
import { timeOf } from './runtime.js';
import type { Runtime } from './runtime.js';

/** Options of a run. */
export interface RunRequest extends LockRequest {
  allow?: Allow | undefined;
  /** A policy file to apply to a saved plan. */
  policy?: PolicyInput | undefined;
  /** The id of the run that this one undoes, for its journal. */
  undoes?: string | undefined;
  /** Concurrent requests. */
  concurrency?: number | undefined;
  /** Opens the progress display for a number of changes. Its errors are ignored, as are those of the next two. */
  openProgress?: ((changes: number) => Promise<Progress>) | undefined;
  /** Called when the first write is sent. From then on the exit code reports what was done. */
  onSent?: (() => void) | undefined;
  /** Called with the path of a file of the run's folder that could not be written. The run continues. */
  onUnwritten?: ((path: string, error: unknown) => void | Promise<void>) | undefined;
  /** Folders of this machine: the outcome names files relative to them. Default: absolute paths. */
  roots?: readonly string[] | undefined;
}

/**
 * Performs a plan and records the run in the state folder. Guards are checked again just before the first write.
 *
 * @throws Refused if the plan is stale or a guard refuses it; no write was sent.
 */
export async function runPlan(
  { plan, shown = plan, allowed }: { plan: Plan; shown?: Plan; allowed: Plan['allowed'] },
  connection: Connection,
  request: RunRequest,
): Promise<Outcome> {
  const writer = writerOf(connection);
  const { runtime, state, policy, allow = new Map() } = request;
  const resume = await readResume(state, plan);
  const run = await openRun(state, plan, { now: runtime.now(), random: runtime.token });
  const { openProgress } = request;
  const progress = await openSafely(openProgress && (async () => openProgress(plan.changes.length)));
  const journal = watchJournal(run, request.undoes);
  // The folder of a run that sent nothing and failed is deleted.
  let isKept = false;
  const unwritten = async (path: string, error: unknown): Promise<void> => {
    const report = async (): Promise<void> => request.onUnwritten?.(path, error);
    await report().catch(() => undefined);
  };
  try {
    const applied = await applyPlan({
      plan,
      allowed,
      reader: connection.reader,
      writer,
      journal: journal.sink,
      clock: runtime,
      runId: run.id,
      resume,
      signal: runtime.signal,
      stopWaiting: request.stopWaiting,
      onProgress: progress.report,
      onSent: () => {
        isKept = true;
        ignoringErrors(() => request.onSent?.());
      },
      limits: limitsOf(connection, request),
      rules: policyWithFile(plan, policy).rules,
      beforeWrite: async (fresh) => {
        refuse(verifyPlan(plan, fresh, { requestsFor, allow, policy, version: runtime.version }).refusals);
        await run.writeBefore(snapshotDocument(fresh, runtime));
      },
    });
    isKept ||= journal.hasEntries();
    if (journal.failure() !== null) {
      request.findings?.push(journalWarning(run));
      await unwritten(join(run.path, RUN_FILES.journal), journal.failure());
    }
    const outcome = outcomeWithout(request.roots ?? [], withFindings(applied, shown, request.findings));
    await run
      .writeOutcome(outcome)
      .catch((error: unknown) => unwritten(join(run.path, RUN_FILES.outcome), error));
    return outcome;
  } catch (error) {
    throw await staleAsRefusal(error, connection, runtime);
  } finally {
    progress.stop();
    // A failed file must not lose the outcome, which is known by now.
    await (isKept ? run.close() : run.discard()).catch((error: unknown) => unwritten(run.path, error));
  }
}

function writerOf({ writer }: Connection): LiveWriter {
  if (writer) return writer;
  const hint = "open it with purpose: 'write'";
  throw usageError('this connection cannot write', { what: 'connection', hint });
}

/** Adds the policy file and warnings of the plan, and the findings of the run, to an outcome. */
export function withFindings(
  outcome: Outcome,
  { warnings, policyFile }: Plan,
  findings: readonly Problem[] = [],
): Outcome {
  const all = [...warnings, ...findings.map(toPlanWarning)];
  return { ...outcome, warnings: all, ...(policyFile ? { policyFile } : {}) };
}

function journalWarning({ path }: RunFolder): Problem {
  const journal = join(path, RUN_FILES.journal);
  return warning('journal-incomplete', `the journal ${journal} could not be completed`, {
    hint: 'free disk space or correct the permissions of the folder; a rollback of this run may be incomplete',
  });
}

function limitsOf({ budgetMs }: Connection, { concurrency }: RunRequest) {
  return {
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(budgetMs === null ? {} : { createMs: budgetMs }),
  };
}

/** Wraps the run's journal to record whether it has entries, and its first failure. */
function watchJournal(
  run: RunFolder,
  undoes: string | undefined,
): {
  sink: JournalSink;
  hasEntries: () => boolean;
  failure: () => unknown;
} {
  let hasEntries = false;
  let failure: unknown = null;
  return {
    sink: {
      append: async (entry) => {
        hasEntries = true;
        const noted = entry.kind === 'begun' && undoes !== undefined ? { ...entry, undoes } : entry;
        await run.append(noted).catch((error: unknown) => {
          failure ??= error;
          throw error;
        });
      },
    },
    hasEntries: () => hasEntries,
    failure: () => failure,
  };
}

/** A snapshot as a document, which can also be planned against. */
function snapshotDocument(snapshot: Snapshot, runtime: Runtime): Snapshot {
  return JSON.parse(snapshotToJson(snapshot, { takenAt: timeOf(runtime) })) as Snapshot;
}

/** A stale plan as a refusal, with who changed what if the audit log can be read. Any other error as it is. */
async function staleAsRefusal(error: unknown, connection: Connection, runtime: Runtime): Promise<unknown> {
  if (!(error instanceof StalePlanError)) return error;
  const stale = staleRefusal(error.fields);
  const { lastChanges } = await import('../drift/last-changes.js');
  const who = await lastChanges(error.fields, connection.routes, runtime.now());
  return new Refused([{ ...stale, items: [...stale.items, ...who] }]);
}
