import { nothingToDo } from '../apply/outcome.js';
import type { Outcome } from '../apply/outcome.js';
import { recheck } from '../apply/recheck/recheck.js';
import { requestsFor } from '../apply/requests-for-change.js';
import { unfinishedCreates } from '../journal/unfinished.js';
import { refusal } from '../model/refusal.js';
import type { Refusal } from '../model/refusal.js';
import type { Snapshot } from '../model/snapshot.js';
import { refuseUnknownRules } from '../plan/guards/allow.js';
import type { Plan } from '../plan/plan.js';
import { passedEnds } from '../plan/saved/passed-ends.js';
import { refuseUnknownSubjects, policyWithFile } from '../plan/saved/policy-over-plan.js';
import type { PolicyInput } from '../plan/saved/policy-over-plan.js';
import { verifyPlan } from '../plan/saved/verify-plan.js';
import { sealPlan } from '../plan/seal-plan.js';
import { categoryOf } from '../problem/codes.js';
import { ProblemError, problem, usageError } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import type { Connection } from './connect.js';
import { refuse } from './errors.js';
import type { ManifestInput } from './load-manifest.js';
import { withLock } from './lock.js';
import { outcomeWithout } from './own-paths.js';
import { planManifest } from './plan-manifest.js';
import type { PlanningOptions } from './plan-manifest.js';
import { readSnapshotForPlan } from './read-live-state.js';
import { runPlan, withFindings } from './run-plan.js';
import type { RunRequest } from './run-plan.js';
import { timeOf } from './runtime.js';
import type { Runtime } from './runtime.js';
import type { RoleId } from '../model/ids.js';

/** An answer to the question whether to apply a plan: only `false` is a no. */
type Answer = boolean | undefined | void;

/** Options of an apply. */
export interface ApplyRequest extends PlanningOptions, RunRequest {
  /** A policy file to apply to a saved plan; for a manifest, pass it to `readManifest`. */
  policy?: PolicyInput | undefined;
  /** Called with a plan that is not refused, before `confirm`. */
  onPlan?: ((plan: Plan) => void | Promise<void>) | undefined;
  /**
   * Asks for confirmation; `false`, or an error that it throws, ends the run before the first write. Not called for an
   * empty plan. Default: confirmed in advance.
   */
  confirm?: ((plan: Plan) => Answer | Promise<Answer>) | undefined;
}

/** A plan that is not refused, the live state that it was checked against, and the refusals that `allow` lifted. */
export interface AcceptedPlan {
  plan: Plan;
  /** The plan to show, with the policy in force under a policy file. Default: `plan`. */
  shown?: Plan;
  snapshot: Snapshot;
  allowed: Plan['allowed'];
}

/** The result of an apply. */
export interface Applied {
  plan: Plan;
  outcome: Outcome;
}

/**
 * Applies a manifest:
 *
 *   read live state ─> plan ─> refuse ─> ask ─> lock ─> compare again ─> write, read back ─> outcome
 *
 * @throws Refused with every refusal, before any write.
 */
export async function applyManifest(
  manifest: ManifestInput,
  connection: Connection,
  request: ApplyRequest,
): Promise<Applied> {
  return applyAccepted(() => acceptManifest(manifest, connection, request), connection, request);
}

/** Applies a saved plan without reading a manifest: the plan is verified against live state and this run's `allow`. */
export async function applySavedPlan(
  plan: Plan,
  connection: Connection,
  request: ApplyRequest,
): Promise<Applied> {
  return applyAccepted(() => acceptSavedPlan(plan, connection, request), connection, request);
}

/** Accepts a plan, asks for confirmation and performs it; the common path of every apply and rollback. */
export async function applyAccepted(
  accept: () => Promise<AcceptedPlan>,
  connection: Connection,
  request: ApplyRequest,
): Promise<Applied> {
  const findings: Problem[] = [];
  let sent = false;
  const onSent = (): void => {
    sent = true;
    request.onSent?.();
  };
  const noted: ApplyRequest = { ...request, findings, onSent };
  const apply = async (): Promise<Applied> => {
    const accepted = await accept();
    const { plan, shown = plan, allowed } = accepted;
    await request.onPlan?.(shown);
    if (plan.changes.length === 0 || (request.confirm && isLive(accepted)))
      return { plan: shown, outcome: nothingToDo({ ...shown, allowed }, timeOf(request.runtime)) };
    const run = (): Promise<Outcome> => runPlan(accepted, connection, noted);
    if (!request.confirm) return { plan: shown, outcome: await run() };
    if ((await request.confirm(shown)) === false)
      refuse([refusal('not-confirmed', 'the confirmation was declined', { hint: 'nothing was written' })]);
    // Ask without holding the lock. Changes made meanwhile are detected just before the first write.
    return { plan: shown, outcome: await withLock(connection, noted, run) };
  };
  // Without a question, plan under the lock, so that no other run writes in between.
  const applied = await (request.confirm ? apply() : withLock(connection, noted, apply)).catch(
    (error: unknown) => {
      throw request.runtime.signal.aborted && !sent ? asInterrupted(error) : error;
    },
  );
  // A lock that could not be released shows only after everything else.
  const outcome = withFindings(applied.outcome, applied.plan, findings);
  return { ...applied, outcome: outcomeWithout(request.roots ?? [], outcome) };
}

/** Are all changes live already, as after an apply of the same saved plan? Then there is nothing to ask about. */
function isLive({ plan, snapshot }: AcceptedPlan): boolean {
  const { stale, already } = recheck(plan, snapshot, null);
  return stale.length === 0 && plan.changes.every(({ id }) => already.has(id));
}

/**
 * The error of a run that was stopped before its first write. The failure that ended it follows from the stop, so only its
 * refusals and problems of the manifest are kept.
 */
function asInterrupted(error: unknown): unknown {
  if (!(error instanceof ProblemError)) return error;
  const kept = error.problems.filter(({ code }) => categoryOf(code) !== 'runtime');
  const interrupted = problem('interrupted', 'interrupted before anything was written');
  return new ProblemError([interrupted, ...kept], { cause: error });
}

/** Plans a manifest, taking unfinished roles of interrupted runs into account, and raises its refusals. */
export async function acceptManifest(
  manifest: ManifestInput,
  connection: Connection,
  { runtime, state, ...options }: PlanningOptions & Pick<RunRequest, 'runtime' | 'state'>,
): Promise<AcceptedPlan> {
  const { allow, reason, impactLimit, onlyExpired } = options;
  const { plan, snapshot } = await planManifest(manifest, connection, {
    runtime,
    allow,
    reason,
    impactLimit,
    onlyExpired,
    unfinished: (live) => unfinishedStarts(state, live),
  });
  refuse(plan.refusals, plan.policyFile);
  return { plan, snapshot, allowed: plan.allowed };
}

/** Options of judging a saved plan. */
type JudgeOptions = Pick<ApplyRequest, 'allow' | 'policy' | 'onlyExpired'> & {
  runtime: Runtime;
  reason?: string | null | undefined;
};

/** Reads live state for a saved plan, verifies the plan and raises its refusals. Saved allowances do not count. */
export async function acceptSavedPlan(
  plan: Plan,
  connection: Connection,
  options: JudgeOptions,
): Promise<AcceptedPlan> {
  const { refusals, accepted } = await judgeSavedPlan(plan, connection, options);
  refuse(refusals, accepted.shown.policyFile);
  return accepted;
}

/** The same without raising: the refusals that remain. */
export async function judgeSavedPlan(
  plan: Plan,
  connection: Connection,
  { runtime, allow = new Map(), reason = null, policy, onlyExpired = false }: JudgeOptions,
): Promise<{ refusals: readonly Refusal[]; accepted: AcceptedPlan & { shown: Plan } }> {
  if (onlyExpired)
    throw usageError('only-expired goes with a manifest, not with a saved plan', {
      what: '--only-expired',
      hint: 'make the plan with it: `plan --only-expired --out plan.json`',
    });
  // Ends are judged by the start time of the run.
  const ended = passedEnds(plan, timeOf(runtime));
  const inForce = policyWithFile(plan, policy);
  refuseUnknownRules(allow, inForce.rules);
  const snapshot = await readSnapshotForPlan(connection.reader, plan, inForce);
  const options = { requestsFor, allow, reason, policy, version: runtime.version };
  const { refusals, allowed, judged } = verifyPlan(plan, snapshot, options);
  if (policy) refuseUnknownSubjects(judged, snapshot);
  const accepted = { plan, shown: withAllowed(judged, allowed), snapshot, allowed };
  return { refusals: [...ended, ...refusals], accepted };
}

/** The plan as this run allows it. The refusals and allowances in the file are those of the run that made it. */
function withAllowed(plan: Plan, allowed: Plan['allowed']): Plan {
  const hasNone = [plan.refusals, plan.allowed, allowed].every((list) => list.length === 0);
  return hasNone ? plan : sealPlan({ ...plan, refusals: [], allowed });
}

/** Live roles that an interrupted run created and did not finish, with the grants that they should have started with. */
export async function unfinishedStarts(
  state: string,
  snapshot: Snapshot,
): Promise<ReadonlyMap<RoleId, readonly string[]>> {
  const starts = new Map<RoleId, readonly string[]>();
  for (const left of await unfinishedCreates(state, snapshot.instance)) {
    const role = snapshot.roles.find((one) =>
      left.roleId === null ? one.name === left.name && !left.knownIds.has(one.id) : one.id === left.roleId,
    );
    if (role) starts.set(role.id, left.start);
  }
  return starts;
}
