import { identityProblem } from '../plan/change-id.js';
import type { Plan } from '../plan/plan.js';
import { problem, ProblemError } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import { readLive } from './recheck/read-live.js';
import { groupsOf } from './parallel.js';
import { applyGroup } from './groups.js';
import { DEFAULT_LIMITS } from './options.js';
import type { ApplyOptions } from './options.js';
import { OUTCOME_FORMAT, summarise } from './outcome.js';
import type { Outcome } from './outcome.js';
import { recheck } from './recheck/recheck.js';
import { record, settle, startRun, stopReason, errorText } from './run.js';
import type { ApplyRun } from './run.js';
import { StalePlanError } from './recheck/stale-plan.js';

/**
 * Performs a plan: its changes, in its order, each confirmed by reading back (docs/decisions/0006-read-back-every-write.md).
 *
 * Nothing is written unless live state is as the plan saw it, as the plan ends it, or as an earlier run of
 * the same plan left it. Once a write was sent this never throws: the outcome says of each change what
 * became of it. Where none was sent and something is left to do, it always throws. An empty plan reads
 * nothing.
 *
 * @throws ProblemError where no write was sent: `plan-tampered` (two changes with one id), `stale-plan`
 *   (a `StalePlanError`), `instance-mismatch`, `interrupted`, whatever reading, sending, the journal or `beforeWrite` raises.
 */
export async function applyPlan(options: ApplyOptions): Promise<Outcome> {
  const { plan, clock } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const startedAt = clock.now();
  throwIfAborted(options);
  throwIfAmbiguous(plan);
  if (plan.changes.length === 0) return outcomeOf(options, startedAt, []);

  options.onProgress?.({ kind: 'checking' });
  const resume = options.resume ?? null;
  const fresh = await readLive(plan, options.reader, { resume, concurrency: limits.concurrency });
  checkTarget(options, fresh);
  const found = recheck(plan, fresh, resume);
  if (found.stale.length > 0) throw new StalePlanError(found.stale);
  throwIfAborted(options);

  const run = startRun(options, limits, { fresh, found });
  if (plan.changes.some((change) => !found.already.has(change.id))) {
    await options.beforeWrite?.(fresh);
    throwIfAborted(options);
  }
  await record(run, {
    kind: 'begun',
    runId: options.runId,
    instance: plan.instance,
    plan: plan.digest,
    changes: plan.changes.length,
    roleIds: [...run.knownIds].sort((a, b) => a - b),
  });
  await walk(run);
  return finish(run, startedAt);
}

/** Goes through the groups in order; whatever is left when the run stops is skipped, and says why. */
async function walk(run: ApplyRun): Promise<void> {
  for (const group of groupsOf(run.options.plan.changes)) {
    try {
      await applyGroup(run, group);
    } catch (cause) {
      // A fault of our own must not hide what was already written.
      run.halted ??= { reason: errorText(cause), cause };
    }
    throwIfNothingSent(run);
    for (const change of group) {
      if (run.outcomes.has(change.id)) continue;
      const reason = stopReason(run) ?? 'a fault of domo-roles';
      await settle(run, change, { status: run.sent.has(change.id) ? 'unknown' : 'skipped', reason });
    }
  }
}

async function finish(run: ApplyRun, startedAt: number): Promise<Outcome> {
  const changes = run.options.plan.changes.flatMap((change) => run.outcomes.get(change.id) ?? []);
  if (run.sent.size === 0) throwUnlessThrough(run, changes);
  const left = changes.some((change) => change.status === 'skipped' && change.because === null);
  await record(run, { kind: 'finished', interrupted: left && stopReason(run) !== null });
  return outcomeOf(run.options, startedAt, changes);
}

function outcomeOf(options: ApplyOptions, startedAt: number, changes: Outcome['changes']): Outcome {
  return {
    formatVersion: OUTCOME_FORMAT,
    kind: 'outcome',
    runId: options.runId,
    instance: options.plan.instance,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(options.clock.now()).toISOString(),
    dryRun: options.dryRun ?? false,
    summary: summarise(changes),
    changes,
    missingPeople: options.plan.missingPeople,
    allowed: options.allowed ?? options.plan.allowed,
    accepted: options.plan.accepted,
    warnings: options.plan.warnings,
  };
}

/** Without a write there is no outcome to report, only what stood in the way. */
function throwUnlessThrough(run: ApplyRun, changes: Outcome['changes']): void {
  const failed = changes.filter(({ status }) => status !== 'done' && status !== 'already');
  if (failed.length === 0) return;
  if (run.differences.length > 0) throw new StalePlanError(run.differences);
  const problems = run.obstacles.flatMap((error) => error.problems);
  if (problems.length > 0) throw new ProblemError(unique(problems), { cause: run.obstacles[0] });
  const reasons = failed.flatMap(({ id, reason }) => (reason === null ? [] : [`${id}: ${reason}`]));
  throw new ProblemError(problem('write-failed', `no write was sent: ${reasons.join('; ')}`));
}

function unique(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((one) => [`${one.code}\n${one.message}`, one])).values()];
}

/** Before the first write a stop is an error, not an outcome: nothing has happened. */
function throwIfNothingSent(run: ApplyRun): void {
  if (run.sent.size > 0) return;
  if (run.halted?.cause instanceof Error) throw run.halted.cause;
  const open = run.options.plan.changes.some((change) => !run.already.has(change.id));
  if (open) throwIfAborted(run.options);
}

function throwIfAborted({ signal }: ApplyOptions): void {
  if (!signal?.aborted) return;
  throw new ProblemError(problem('interrupted', 'stopped from outside before anything was written'));
}

/** Outcome and journal go by ids: two changes with one id would hide each other's failure. */
function throwIfAmbiguous({ changes }: Plan): void {
  const fault = identityProblem(changes);
  if (fault === null) return;
  throw new ProblemError(
    problem('plan-tampered', `the plan cannot be applied: ${fault}`, { hint: 'make the plan again' }),
  );
}

function checkTarget({ plan, dryRun }: ApplyOptions, live: { instance: string; sandbox: boolean }): void {
  if (dryRun || (plan.instance === live.instance && plan.sandbox === live.sandbox)) return;
  const told = (instance: string, sandbox: boolean): string => (sandbox ? `the sandbox` : instance);
  throw new ProblemError(
    problem(
      'instance-mismatch',
      `the plan was made for ${told(plan.instance, plan.sandbox)}, not for ${told(live.instance, live.sandbox)}`,
    ),
  );
}
