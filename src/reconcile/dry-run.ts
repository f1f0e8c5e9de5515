import type { ApplyProgress } from '../apply/options.js';
import { recheck } from '../apply/recheck/recheck.js';
import { resumeOf } from '../journal/runs.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Plan } from '../plan/plan.js';
import type { PolicyInput } from '../plan/saved/policy-over-plan.js';
import type { Rehearsal } from '../rehearse/rehearse.js';
import { acceptManifest, acceptSavedPlan } from './apply-plan.js';
import type { AcceptedPlan } from './apply-plan.js';
import type { Connection } from './connect.js';
import type { ManifestInput } from './load-manifest.js';
import { planOptions, planSnapshot } from './plan-manifest.js';
import type { PlanningOptions } from './plan-manifest.js';
import { withFindings } from './run-plan.js';
import type { Runtime } from './runtime.js';

/** How a dry run is run. */
export interface DryRunRequest extends PlanningOptions {
  runtime: Runtime;
  /** See `ApplyRequest.policy`. */
  policy?: PolicyInput | undefined;
  /** Absolute path of the folder that keeps runs: a plan that was cut off is rehearsed from where it stopped. */
  state: string;
  onProgress?: ((progress: ApplyProgress) => void) | undefined;
}

/** What came of a dry run. */
export interface DryRun {
  plan: Plan;
  rehearsal: Rehearsal;
}

/** Plans a manifest and performs the plan on an embedded copy of the instance, which itself sees only reads. */
export async function dryRunManifest(
  manifest: ManifestInput,
  connection: Connection,
  request: DryRunRequest,
): Promise<DryRun> {
  const accepted = await acceptManifest(manifest, connection, request);
  // What has ended is judged once.
  const options = { ...planOptions(request, request.runtime), now: accepted.plan.madeAt };
  return rehearsePlan(accepted, request, (after) => planSnapshot(manifest, after, options));
}

/** Performs a saved plan on an embedded copy of the instance, which itself sees only reads. */
export async function dryRunSavedPlan(
  plan: Plan,
  connection: Connection,
  request: DryRunRequest,
): Promise<DryRun> {
  const accepted = await acceptSavedPlan(plan, connection, request);
  return rehearsePlan(accepted, request, (after) => remainderOf(plan, after));
}

async function rehearsePlan(
  { plan, shown = plan, snapshot, allowed }: AcceptedPlan,
  { runtime, state, onProgress }: DryRunRequest,
  planAgain: (after: Snapshot) => Plan,
): Promise<DryRun> {
  const { rehearse } = await import('../rehearse/rehearse.js');
  const rehearsal = await rehearse({
    plan,
    allowed,
    snapshot,
    planAgain,
    resume: await resumeOf(state, plan),
    clock: runtime,
    ...(onProgress ? { onProgress } : {}),
  });
  return { plan: shown, rehearsal: underShown(rehearsal, shown) };
}

/** The rehearsal with the warnings and policy file of the plan as it was judged. */
function underShown(rehearsal: Rehearsal, shown: Plan): Rehearsal {
  return {
    ...rehearsal,
    outcome: withFindings(rehearsal.outcome, shown),
    document: { ...rehearsal.document, ...withFindings(rehearsal.document, shown) },
  };
}

/** What is left of a saved plan once it was performed: it has no manifest to be planned again from. */
function remainderOf(plan: Plan, after: Snapshot): Plan {
  const { already } = recheck(plan, after, null);
  return { ...plan, changes: plan.changes.filter((change) => !already.has(change.id)) };
}
