import { isCompleted } from '../journal/entry.js';
import { identityProblem } from '../plan/change-id.js';
import { isSameTarget } from '../plan/plan-target.js';
import type { Plan } from '../plan/plan.js';
import { problem, ProblemError, uniqueByMessage } from '../problem/problem.js';
import { applyGroup, groupsOf } from './groups.js';
import { DEFAULT_LIMITS } from './options.js';
import type { ApplyOptions } from './options.js';
import { OUTCOME_FORMAT, summarise } from './outcome.js';
import type { Outcome } from './outcome.js';
import { throwIfCutShort } from './recheck/cut-short.js';
import { readLive } from './recheck/read-live.js';
import { recheck } from './recheck/recheck.js';
import { StalePlanError } from './recheck/stale-plan.js';
import { errorText, record, settle, startRun, stopReason } from './run.js';
import type { ApplyRun } from './run.js';

/**
 * Makes the changes of a plan, in its order, each confirmed by reading back
 * (docs/decisions/0006-read-back-every-write.md).
 *
 * Writes only if live state matches the plan's start or end state, or the state that an earlier run of the same plan
 * left. After the first write this never throws: the outcome has a result for each change. If no write was sent and
 * changes remain, it throws. An empty plan reads nothing.
 *
 * @throws ProblemError if no write was sent: `plan-tampered` (two changes with one id), `stale-plan`
 *   (a `StalePlanError`), `instance-mismatch`, `interrupted`, and any error of reading, sending, the journal or
 *   `beforeWrite`.
 */
export async function applyPlan(options: ApplyOptions): Promise<Outcome> {
  const { plan, clock } = options;
  const startedAt = clock.now();
  throwIfAborted(options);
  throwIfAmbiguous(plan);
  if (plan.changes.length === 0) return outcomeOf({ options, actor: plan.me }, startedAt, []);

  const run = await compareWithLive(options);
  await recordStart(run);
  for (const group of groupsOf(plan.changes)) {
    try {
      await applyGroup(run, group);
    } catch (cause) {
      // An internal error must not hide the writes that were already sent.
      run.halted ??= { reason: errorText(cause), cause };
    }
    throwIfNothingSent(run);
    await settleRest(run, group);
  }
  return finish(run, startedAt);
}

/** Reads live state and refuses a stale plan. Calls `beforeWrite` if there is something to send. */
async function compareWithLive(options: ApplyOptions): Promise<ApplyRun> {
  const { plan, resume = null } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  options.onProgress?.({ kind: 'checking' });
  const live = await readLive(plan, options.reader, {
    resume,
    concurrency: limits.concurrency,
    rules: options.rules ?? plan.policy.rules,
  });
  checkTarget(options, live);
  const found = recheck(plan, live, resume);
  if (found.stale.length > 0) {
    await throwIfCutShort(found.stale, options.reader);
    throw new StalePlanError(found.stale);
  }
  throwIfAborted(options);

  if (plan.changes.some((change) => !found.already.has(change.id))) {
    await options.beforeWrite?.(live);
    throwIfAborted(options);
  }
  return startRun(options, limits, { live, found });
}

async function recordStart(run: ApplyRun): Promise<void> {
  const { plan, runId } = run.options;
  await record(run, {
    kind: 'begun',
    runId,
    instance: plan.instance,
    plan: plan.digest,
    changes: plan.changes.length,
    roleIds: [...run.knownIds].sort((a, b) => a - b),
  });
}

/** Settles changes without a result: `unknown` if a request was sent, else `skipped` with the reason. */
async function settleRest(run: ApplyRun, group: Plan['changes']): Promise<void> {
  for (const change of group) {
    if (run.outcomes.has(change.id)) continue;
    const reason = stopReason(run) ?? 'an error inside domo-roles';
    await settle(run, change, { status: run.sent.has(change.id) ? 'unknown' : 'skipped', reason });
  }
}

async function finish(run: ApplyRun, startedAt: number): Promise<Outcome> {
  const changes = run.options.plan.changes.flatMap((change) => run.outcomes.get(change.id) ?? []);
  if (run.sent.size === 0) throwUnlessComplete(run, changes);
  const left = changes.some((change) => change.status === 'skipped' && change.because === null);
  await record(run, { kind: 'finished', interrupted: left && stopReason(run) !== null });
  return outcomeOf(run, startedAt, changes);
}

function outcomeOf(
  { options, actor }: Pick<ApplyRun, 'options' | 'actor'>,
  startedAt: number,
  changes: Outcome['changes'],
): Outcome {
  return {
    formatVersion: OUTCOME_FORMAT,
    kind: 'outcome',
    runId: options.runId,
    instance: options.plan.instance,
    me: actor,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(options.clock.now()).toISOString(),
    dryRun: options.dryRun ?? false,
    summary: summarise(changes),
    changes,
    missingPeople: options.plan.missingPeople,
    allowed: options.allowed ?? options.plan.allowed,
    accepted: options.plan.accepted,
    owners: options.plan.owners,
    warnings: options.plan.warnings,
  };
}

/** A run that sent nothing has no outcome: it raises the reason instead. */
function throwUnlessComplete(run: ApplyRun, changes: Outcome['changes']): void {
  const failed = changes.filter(({ status }) => !isCompleted(status));
  if (failed.length === 0) return;
  if (run.differences.length > 0) throw new StalePlanError(run.differences);
  const problems = run.obstacles.flatMap((error) => error.problems);
  if (problems.length > 0) throw new ProblemError(uniqueByMessage(problems), { cause: run.obstacles[0] });
  const reasons = failed.flatMap(({ id, reason }) => (reason === null ? [] : [`${id}: ${reason}`]));
  throw new ProblemError(problem('write-failed', `no write was sent: ${reasons.join('; ')}`));
}

/** Before the first write, a stop is an error instead of an outcome. */
function throwIfNothingSent(run: ApplyRun): void {
  if (run.sent.size > 0) return;
  if (run.halted?.cause instanceof Error) throw run.halted.cause;
  const open = run.options.plan.changes.some((change) => !run.already.has(change.id));
  if (open) throwIfAborted(run.options);
}

function throwIfAborted({ signal }: ApplyOptions): void {
  if (!signal?.aborted) return;
  throw new ProblemError(problem('interrupted', 'interrupted before anything was written'));
}

/**
 * Outcome and journal refer to changes by id, so one of two changes with the same id could hide the failure of the
 * other.
 */
function throwIfAmbiguous({ changes }: Plan): void {
  const fault = identityProblem(changes);
  if (fault === null) return;
  throw new ProblemError(
    problem('plan-tampered', `the plan cannot be applied: ${fault}`, { hint: 'make the plan again' }),
  );
}

function checkTarget({ plan, dryRun }: ApplyOptions, live: { instance: string; sandbox: boolean }): void {
  if (dryRun || isSameTarget(plan, live)) return;
  const text = (instance: string, sandbox: boolean): string => (sandbox ? 'the sandbox' : instance);
  throw new ProblemError(
    problem(
      'instance-mismatch',
      `the plan was made for ${text(plan.instance, plan.sandbox)}, not for ${text(live.instance, live.sandbox)}`,
    ),
  );
}
