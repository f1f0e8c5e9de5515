import type { ApplyProgress } from '../apply/options.js';
import { recheck } from '../apply/recheck/recheck.js';
import { readResume } from '../journal/runs.js';
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

/** Options of a dry run. */
export interface DryRunRequest extends PlanningOptions {
  runtime: Runtime;
  /** See `ApplyRequest.policy`. */
  policy?: PolicyInput | undefined;
  /** Absolute path of the state folder: an interrupted plan is rehearsed from where it stopped. */
  state: string;
  onProgress?: ((progress: ApplyProgress) => void) | undefined;
}

/** The result of a dry run. */
export interface DryRun {
  plan: Plan;
  rehearsal: Rehearsal;
}

/** Plans a manifest and performs the plan on an embedded copy of the instance. The instance itself is only read. */
export async function dryRunManifest(
  manifest: ManifestInput,
  connection: Connection,
  request: DryRunRequest,
): Promise<DryRun> {
  const accepted = await acceptManifest(manifest, connection, request);
  // Ends are judged at one time for both plans.
  const options = { ...planOptions(request, request.runtime), now: accepted.plan.madeAt };
  return rehearsePlan(accepted, request, (after) => planSnapshot(manifest, after, options));
}

/** Performs the saved plan of a manifest, then plans the manifest again. The instance itself is only read. */
export async function dryRunPlanOf(
  manifest: ManifestInput,
  { plan, connection }: { plan: Plan; connection: Connection },
  request: DryRunRequest,
): Promise<DryRun> {
  // The plan was made with onlyExpired, which only concerns the second plan.
  const accepted = await acceptSavedPlan(plan, connection, { ...request, onlyExpired: false });
  const options = { ...planOptions(request, request.runtime), now: plan.madeAt };
  return rehearsePlan(accepted, request, (after) => planSnapshot(manifest, after, options));
}

/** Performs a saved plan on an embedded copy of the instance. The instance itself is only read. */
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
    resume: await readResume(state, plan),
    clock: runtime,
    ...(onProgress ? { onProgress } : {}),
  });
  return { plan: shown, rehearsal: withShownPlan(rehearsal, shown) };
}

/** Adds the warnings and policy file of the shown plan to a rehearsal. */
function withShownPlan(rehearsal: Rehearsal, shown: Plan): Rehearsal {
  return {
    ...rehearsal,
    outcome: withFindings(rehearsal.outcome, shown),
    document: { ...rehearsal.document, ...withFindings(rehearsal.document, shown) },
  };
}

/** The remaining changes of a saved plan after the rehearsal, in place of a new plan, which would need a manifest. */
function remainderOf(plan: Plan, after: Snapshot): Plan {
  const { already } = recheck(plan, after, null);
  return { ...plan, changes: plan.changes.filter((change) => !already.has(change.id)) };
}
