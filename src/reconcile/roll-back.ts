import { findBegunUndo } from '../journal/begun-undo.js';
import { deletedLater } from '../journal/deleted-later.js';
import { isAbsent } from '../journal/files.js';
import { RUN_FILES, runIds, runsFolder } from '../journal/folder.js';
import { readProbeRun } from '../journal/probe-run.js';
import { readRun } from '../journal/runs.js';
import type { StoredRun } from '../journal/runs.js';
import { snapshotFromJson } from '../live/snapshot-file.js';
import type { Snapshot } from '../model/snapshot.js';
import { digestOf } from '../plan/digest.js';
import { refuseUnknownRules } from '../plan/guards/allow.js';
import type { Plan } from '../plan/plan.js';
import { policyWithFile } from '../plan/saved/policy-over-plan.js';
import { toPlanWarning } from '../plan/plan-warnings.js';
import { sealPlan } from '../plan/seal-plan.js';
import { ProblemError, problem, warning } from '../problem/problem.js';
import type { UndoneRun } from '../rollback/context.js';
import { readForRollback, rollbackPlan } from '../rollback/rollback.js';
import { isRecord } from '../model/record.js';
import type { ChangeId } from '../plan/change-id.js';
import type { RunRecord } from '../rollback/rollback.js';
import { applyAccepted, judgeSavedPlan } from './apply-plan.js';
import type { AcceptedPlan, Applied, ApplyRequest } from './apply-plan.js';
import type { Connection } from './connect.js';
import { Refused, refuse } from './errors.js';
import { planOptions } from './plan-manifest.js';
import type { Planned, PlanningOptions } from './plan-manifest.js';
import { checkPlan, inspectSaved, otherMakerOf } from './saved-documents.js';

/** Plans how to undo a run. Later changes to the same objects are refusals of the plan. */
export async function planRollback(
  run: RunRecord,
  connection: Connection,
  { runtime, policy, ...options }: RollbackRequest,
): Promise<Planned> {
  const planned = await planUndo(run, connection, { runtime, policy, ...options });
  const begun = begunUndoOf(run, planned);
  if (!begun) return planned;
  const { refusals, accepted } = await judgeSavedPlan(begun.plan, connection, {
    runtime,
    policy,
    ...options,
  });
  return { plan: asContinued(accepted.shown, begun.id, refusals), snapshot: accepted.snapshot };
}

type RollbackRequest = PlanningOptions &
  Pick<ApplyRequest, 'runtime' | 'policy'> &
  Pick<UndoneRun, 'earlier'>;

async function planUndo(
  run: RunRecord,
  connection: Connection,
  { runtime, policy, earlier, ...options }: RollbackRequest,
): Promise<Planned> {
  const made = planOptions(options, runtime);
  refuseUnknownRules(made.allow, rulesOfUndo(run, policy));
  const live = await readForRollback(connection.reader, run);
  const plan = rollbackPlan({ ...made, run, earlier, live, policy });
  return { plan, snapshot: live };
}

/** The rules that the rollback of a run is judged by; if it began before, also those of its plan. */
export function rulesOfUndo({ plan, begunUndo }: RunRecord, policy: ApplyRequest['policy']): NamedRules {
  const plans = begunUndo ? [plan, begunUndo.plan] : [plan];
  return plans.flatMap((one) => policyWithFile(one, policy).rules);
}

type NamedRules = readonly { name: string }[];

/**
 * The rollback to finish with its own plan: one that did not finish and left what cannot be told from a later change,
 * such as a temporary name or a role without its grants.
 */
function begunUndoOf({ begunUndo }: RunRecord, { plan }: Planned): RunRecord['begunUndo'] {
  return plan.refusals.some(({ code }) => code === 'stale-plan') ? begunUndo : undefined;
}

function asContinued(plan: Plan, id: string, refusals: Plan['refusals']): Plan {
  const note = warning(
    'rollback-continued',
    `rollback ${id} of this run did not finish: its plan is finished`,
  );
  return sealPlan({ ...plan, refusals, warnings: [...plan.warnings, toPlanWarning(note)] });
}

/**
 * Undoes a run: plans, refuses or asks, and applies like any plan. `onRollback` receives the plan even if it is refused.
 *
 * @throws Refused with every refusal, before any write.
 */
export async function applyRollback(
  run: RunRecord,
  connection: Connection,
  request: ApplyRequest & { onRollback?: (planned: Planned) => void | Promise<void> },
): Promise<Applied> {
  const accept = async () => {
    const planned = await planUndo(run, connection, request);
    const begun = begunUndoOf(run, planned);
    if (begun) return continueUndo(begun, connection, request);
    await request.onRollback?.(planned);
    refuse(planned.plan.refusals, planned.plan.policyFile);
    return { ...planned, allowed: planned.plan.allowed };
  };
  return applyAccepted(accept, connection, { ...request, undoes: run.id });
}

async function continueUndo(
  { id, plan }: NonNullable<RunRecord['begunUndo']>,
  connection: Connection,
  request: Parameters<typeof applyRollback>[2],
): Promise<AcceptedPlan> {
  const { refusals, accepted } = await judgeSavedPlan(plan, connection, request);
  const shown = asContinued(accepted.shown, id, refusals);
  await request.onRollback?.({ plan: shown, snapshot: accepted.snapshot });
  refuse(refusals, shown.policyFile);
  return { ...accepted, shown };
}

/** Every run of a state folder that wrote, newest first. An unreadable run is an error, because it may have written. */
export async function readRunRecords(state: string): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for (const id of (await runIds(state)).reverse()) {
    if (await readProbeRun(state, id)) continue;
    if (hasWritten(await readRun(state, id))) records.push(await readRunRecord(id, state));
  }
  return records;
}

/** Does a state folder, which is opened before the first write, show that all of its runs were stopped before theirs? */
export async function stoppedBeforeWriting(state: string): Promise<boolean> {
  if (await isAbsent(runsFolder(state))) return false;
  for (const id of await runIds(state)) {
    const { before, outcome, entries } = await readRun(state, id);
    if (before !== null || outcome !== null || entries.length > 0) return false;
  }
  return true;
}

/**
 * Reads the record of a run for a rollback. `state` is the absolute path of the state folder.
 *
 * @throws ProblemError `no-such-run`, `bad-file`.
 */
export async function readRunRecord(id: string, state: string): Promise<RunRecord> {
  const run = await readRun(state, id);
  if (await readProbeRun(state, run.id)) {
    throw new ProblemError(
      problem('bad-file', `run ${id} is a probe, which leaves nothing to undo`, {
        where: { file: run.path },
        hint: 'doctor --probe --yes deletes what a stopped probe left',
      }),
    );
  }
  const journal = `${run.path}/${RUN_FILES.journal}`;
  if (run.outcome !== null && run.entries.length === 0)
    throw notOfRun(journal, `the journal of run ${id} is missing`);
  if (isJournalCut(run))
    throw notOfRun(journal, `the journal of run ${id} lacks changes that its outcome lists as done`);
  const plan = checkPlanOfRun(run);
  if (!hasWritten(run)) return { id, plan, before: null, replay: run.replay };
  const at = { id: run.id, instance: plan.instance };
  const undo = await findBegunUndo(state, at);
  const begunUndo = undo ? { id: undo.id, plan: checkPlanOfRun(undo) } : undefined;
  return {
    ...{ id, plan, before: checkStateOfRun(run), replay: run.replay, begunUndo },
    deletedLater: await deletedLater(state, at),
  };
}

/** Did this run start to write? Its first entry then names the state before it, unless an earlier version wrote it. */
function hasWritten({ before, entries, replay }: StoredRun): boolean {
  const [begun] = entries;
  if (begun?.kind !== 'begun') return false;
  return (
    before !== null || begun.before !== undefined || [...replay.changes.values()].some(({ sent }) => sent)
  );
}

/** Does the journal know nothing of a change that the outcome has as done? Each is in the journal before it is sent. */
function isJournalCut({ outcome, replay }: StoredRun): boolean {
  const { changes } = (outcome ?? {}) as { changes?: unknown };
  return (
    Array.isArray(changes) &&
    changes
      .filter(isRecord)
      .some(({ id, status }) => status === 'done' && !replay.changes.has(id as ChangeId))
  );
}

/** The live state before the run. From another one, a rollback would restore what never was. */
function checkStateOfRun({ id, path, before, entries }: StoredRun): Snapshot {
  const file = `${path}/${RUN_FILES.before}`;
  const [begun] = entries;
  const digest = begun?.kind === 'begun' ? begun.before : undefined;
  if (before === null) throw notOfRun(file, `the state before run ${id} is missing`);
  if (digest !== undefined && digest !== digestOf(before))
    throw notOfRun(
      file,
      `this is not the state before run ${id}: the file was changed after the run wrote it`,
    );
  return snapshotFromJson(JSON.stringify(before), { file }).snapshot;
}

/** The plan that the run performed. In another one, changes to undo may be missing. */
function checkPlanOfRun({ id, path, plan: stored, entries }: StoredRun): Plan {
  const file = `${path}/${RUN_FILES.plan}`;
  if (stored === null) throw notOfRun(file, `the plan of run ${id} is missing`);
  const plan = checkedPlan(stored, file);
  const [begun] = entries;
  if (begun?.kind !== 'begun' || begun.plan === plan.digest) return plan;
  throw notOfRun(file, `this is not the plan of run ${id}, which its journal names`);
}

/** The plan, checked like a saved one. That of a run cannot be made again. */
function checkedPlan(stored: unknown, file: string): Plan {
  try {
    const plan = checkPlan(stored, file);
    refuse(inspectSaved(plan));
    return plan;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const other = otherMakerOf(stored);
    const hint = other === null ? RESTORE_HINT : `undo the run with domo-roles ${other}, or by a manifest`;
    throw new Refused(error.refusals.map((one) => ({ ...one, hint })));
  }
}

const RESTORE_HINT =
  'restore the run folder from a copy, use the version that wrote it, or undo the run by a manifest';

function notOfRun(file: string, message: string): ProblemError {
  const hint = 'restore the run folder from a copy, or undo the run by a manifest';
  return new ProblemError(problem('bad-file', message, { where: { file }, hint }));
}
