import type { GroupCollector } from '../../fleet/groups.js';
import { BLANK_RESULT } from '../../fleet/rows.js';
import type { InstanceResult } from '../../fleet/rows.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import { policyWithFile } from '../../plan/saved/policy-over-plan.js';
import type { Rehearsal } from '../../rehearse/rehearse.js';
import { dryRunPlanOf, dryRunSavedPlan } from '../dry-run.js';
import { planInFolder } from './apply-one.js';
import { countMade } from './changes-of-row.js';
import { withInstance } from './fleet-request.js';
import type { FleetApplyRequest } from './fleet-request.js';
import type { InstanceContext } from './over-instances.js';

/** The source of the plans: manifests, which a rehearsal plans again, or saved plans. */
export type PlanSource = 'manifests' | 'saved-plans';

/** Performs the plan of one instance on an embedded copy. The instance itself is only read, without a lock. */
export async function rehearseOne(
  entry: FleetEntry,
  { context, source, groups }: { context: InstanceContext; source: PlanSource; groups: GroupCollector },
  request: FleetApplyRequest,
): Promise<InstanceResult> {
  const { folder, allowOf, reason, impactLimit, onlyExpired, policy } = request;
  const plan = await planInFolder(entry, request);
  const options = {
    runtime: context.runtime,
    state: await folder.stateOf(entry.name),
    allow: allowOf(entry.name, policyWithFile(plan, policy).rules),
    ...{ reason, impactLimit, policy },
  };
  const manifest = source === 'manifests' ? await request.manifestOf(entry) : null;
  const { rehearsal } = await withInstance(request, { entry, context, purpose: 'read' }, (connection) =>
    manifest
      ? dryRunPlanOf(manifest, { plan, connection }, { ...options, onlyExpired })
      : dryRunSavedPlan(plan, connection, options),
  );
  await folder.writeInstance(entry.name, 'rehearsal.json', rehearsal.document);
  const because = reasonAgainst(rehearsal);
  // The document of the row stays its plan, which the groups and the page show.
  if (because !== null)
    return { ...BLANK_RESULT, status: 'failed', exit: 1, because: `the rehearsal does not hold: ${because}` };
  const { outcome } = rehearsal;
  const made = { instance: entry.name, planned: plan.changes, outcome, earlier: null };
  const held = { ...BLANK_RESULT, status: 'changes', exit: 0 } as const;
  return { ...held, ...countMade(made, { status: 'changes', groups }) };
}

/** Why a rehearsal does not hold; null if it does. */
export function reasonAgainst({
  holds,
  asPlanned,
  outcome,
  p1,
  again,
}: Pick<Rehearsal, 'holds' | 'asPlanned' | 'outcome' | 'p1' | 'again'>): string | null {
  if (holds) return null;
  const first = outcome.changes.find(({ status }) => status === 'failed' || status === 'unknown');
  if (first) return first.reason ?? 'a change failed';
  if (p1.violations.length > 0) return 'between two writes, people hold more than before or after';
  if (!asPlanned) return 'the requests are not the ones of the plan';
  const left = again.changes.length;
  return left > 0
    ? `a fresh plan has ${left} ${left === 1 ? 'change' : 'changes'}`
    : 'not every change is in place';
}
