import { BLANK_RESULT } from '../../fleet/rows.js';
import type { InstanceResult } from '../../fleet/rows.js';
import type { FleetRow } from '../../fleet/document.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import { policyWithFile } from '../../plan/saved/policy-over-plan.js';
import { dryRunSavedPlan } from '../dry-run.js';
import { joined } from './apply-fleet.js';
import { planInFolder } from './apply-one.js';
import { withInstance } from './fleet-request.js';
import type { FleetApplyRequest } from './fleet-request.js';
import { overInstances } from './over-instances.js';
import type { FailureCount, InstanceContext } from './over-instances.js';

/**
 * Checks saved plans against the live state of their instances, as an apply does just before its first write. The
 * instances are only read. Plans that cannot be applied become failures before anything is written to another instance.
 */
export async function checkPlans(
  request: FleetApplyRequest,
  { planned, count }: { planned: readonly FleetRow[]; count: FailureCount },
): Promise<readonly FleetRow[]> {
  const rows = new Map(planned.map((row) => [row.instance, row]));
  const entries = request.entries.filter(({ name }) => rows.get(name)?.status === 'changes');
  const onRow = async (ended: FleetRow): Promise<void> => {
    const row = joined(rows.get(ended.instance), ended);
    rows.set(row.instance, row);
    // Rows with changes end when they are applied.
    if (row.status !== 'changes') await request.onRow?.(row);
  };
  await overInstances(entries, { ...request, count, onRow }, (entry, context) =>
    checkOne(entry, context, request),
  );
  return planned.map((row) => rows.get(row.instance) ?? row);
}

async function checkOne(
  entry: FleetEntry,
  context: InstanceContext,
  request: FleetApplyRequest,
): Promise<InstanceResult> {
  const { allowOf, folder, policy, reason } = request;
  const plan = await planInFolder(entry, request);
  await withInstance(request, { entry, context, purpose: 'read' }, async (connection) =>
    dryRunSavedPlan(plan, connection, {
      runtime: context.runtime,
      state: await folder.stateOf(entry.name),
      allow: allowOf(entry.name, policyWithFile(plan, policy).rules),
      ...{ policy, reason },
    }),
  );
  return { ...BLANK_RESULT, status: 'changes', exit: 0 };
}
