import { join } from 'node:path';
import type { Outcome } from '../../apply/outcome.js';
import { FLEET_FILES } from '../../fleet/document.js';
import type { GroupCollector } from '../../fleet/groups.js';
import { BLANK_RESULT } from '../../fleet/rows.js';
import type { InstanceResult } from '../../fleet/rows.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import type { Plan } from '../../plan/plan.js';
import { policyWithFile } from '../../plan/saved/policy-over-plan.js';
import { openRuns } from '../../journal/folder.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { applySavedPlan } from '../apply-plan.js';
import type { Connection } from '../connect.js';
import { timeOf } from '../runtime.js';
import { countMade } from './changes-of-row.js';
import type { FleetApplyRequest } from './fleet-request.js';
import { withInstance } from './fleet-request.js';
import type { InstanceContext } from './over-instances.js';

/**
 * Applies the plan of one instance like a saved plan: verified against live state, and every write read back. The row and
 * its group have the changes that this run made, without those that it found in place.
 */
export async function applyOne(
  entry: FleetEntry,
  { context, groups }: { context: InstanceContext; groups: GroupCollector },
  request: FleetApplyRequest,
): Promise<InstanceResult> {
  const plan = await planInFolder(entry, request);
  const { result, outcome } = await withInstance(
    request,
    { entry, context, purpose: 'write' },
    (connection) => applyPlanTo({ entry, connection, context }, plan, request),
  );
  if (result.status !== 'done') return result;
  const { earlier } = request.folder;
  const made = { instance: entry.name, planned: plan.changes, outcome, earlier };
  return { ...result, ...countMade(made, { status: 'done', groups }) };
}

/** The plan of an instance in the folder of this run. Raises `bad-file` if it was lost. */
export async function planInFolder(
  { name }: FleetEntry,
  { folder }: Pick<FleetApplyRequest, 'folder'>,
): Promise<Plan> {
  const plan = (await folder.readInstance(name, 'plan.json')) as Plan | null;
  if (plan !== null) return plan;
  throw new ProblemError(
    problem('bad-file', 'the plan file does not exist', {
      where: { file: `${FLEET_FILES.instances}/${name}/plan.json` },
      hint: 'plan the fleet again',
    }),
  );
}

/** An instance with an open connection. */
export interface OpenInstance {
  entry: FleetEntry;
  connection: Connection;
  context: InstanceContext;
}

/** Applies a plan like a saved one: changes that an earlier run made are not repeated. Writes the outcome file. */
export async function applyPlanTo(
  { entry, connection, context }: OpenInstance,
  plan: Plan,
  request: FleetApplyRequest,
): Promise<{ result: InstanceResult; outcome: Outcome }> {
  const { folder, allowOf, reason, waitForLockMs, policy, concurrency } = request;
  const state = await folder.stateOf(entry.name);
  const { outcome } = await applySavedPlan(plan, connection, {
    runtime: context.runtime,
    state,
    allow: allowOf(entry.name, policyWithFile(plan, policy).rules),
    reason,
    policy,
    waitForLockMs,
    stopWaiting: request.runtime.signal,
    concurrency,
    onPlan: async () => {
      if (context.runtime.signal.aborted)
        throw new ProblemError(problem('interrupted', 'the time limit of this instance was reached'));
      // An instance that began has a record, or lost it.
      await openRuns(state);
      await folder.begin(entry.name, timeOf(context.runtime));
      context.onBegin();
    },
    onUnwritten: request.onUnwritten,
    roots: context.roots,
    onSent: () => {
      context.onSent();
      request.onSent?.();
    },
    onWarning: (line) => request.onWarning?.(entry.name, line),
  });
  // A failed file must not change the result.
  const document = await folder
    .writeInstance(entry.name, 'outcome.json', outcome)
    .catch(async (error: unknown) => {
      await request.onUnwritten?.(
        join(folder.path, FLEET_FILES.instances, entry.name, 'outcome.json'),
        error,
      );
      return null;
    });
  return { result: outcomeResult(outcome, document), outcome };
}

function outcomeResult({ summary, changes, runId }: Outcome, document: string | null): InstanceResult {
  const isDone = summary.done + summary.already === summary.changes;
  const first =
    changes.find(({ status }) => status === 'failed' || status === 'unknown') ??
    // The run stopped before this change, and not because of another one.
    changes.find(({ status, because }) => status === 'skipped' && because === null);
  return {
    ...BLANK_RESULT,
    status: isDone ? 'done' : 'incomplete',
    exit: isDone ? 0 : 5,
    because: isDone ? null : (first?.reason ?? 'not every change is in place'),
    document,
    runId,
  };
}
