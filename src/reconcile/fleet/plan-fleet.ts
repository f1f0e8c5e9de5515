import type { FleetDocument, FleetRow, RowStatus } from '../../fleet/document.js';
import { openGroups } from '../../fleet/groups.js';
import { fleetRefusals, limitsOf } from '../../fleet/limits.js';
import { planPart } from '../../fleet/rows.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import type { Plan } from '../../plan/plan.js';
import type { Connection } from '../connect.js';
import { planManifest } from '../plan-manifest.js';
import type { FindUnfinished, Planned } from '../plan-manifest.js';
import type { ManifestInput } from '../load-manifest.js';
import { collectChanges } from './collect-changes.js';
import { withInstance } from './fleet-request.js';
import type { FleetPlanningRequest } from './fleet-request.js';
import { finishFleet } from './finish-fleet.js';
import { documentBytes } from './fleet-folder.js';
import { overInstances } from './over-instances.js';
import type { FailureCount, InstanceContext } from './over-instances.js';
import type { InstanceResult } from '../../fleet/rows.js';
import { overRemaining } from './over-remaining.js';
import { rolesOnInstance } from './roles-on-instance.js';

/**
 * Plans every selected instance. Writes a plan file for each and one document for all of them, and nothing to instances.
 */
export async function planFleet(request: FleetPlanningRequest): Promise<FleetDocument> {
  const groups = openGroups();
  const rows = await overRemaining(request, { groups, file: 'plan.json' }, (rest) =>
    planEach(rest, { count: { failures: 0 }, onPlan: groups.add }),
  );
  // An apply of these plans would have the same refusals. The limits apply to all shards together.
  const refusals = fleetRefusals(limitsOf(request.inventory), rows);
  return finishFleet(request, { command: 'plan', rows, groups, refusals });
}

/** Options of planning each entry. */
export interface PlanEach {
  count: FailureCount;
  /** Called with each row and the changes of its plan, which are not kept. */
  onPlan: (row: FleetRow, changes: Plan['changes']) => void;
  /** Finds unfinished roles of interrupted runs on an instance. */
  unfinished?: (instance: string) => FindUnfinished;
  /** Plans when no other run writes to the instance. Default: immediately. */
  undisturbed?: UnderLock;
}

/** Does the work on an instance while holding its lock. */
type UnderLock = (
  entry: FleetEntry,
  connection: Connection,
  work: () => Promise<PlanSummary>,
) => Promise<PlanSummary>;

/** Plans each entry in a sliding window and writes its plan file. Only the row of each plan stays in memory. */
export async function planEach(
  request: FleetPlanningRequest,
  { count, onPlan, unfinished, undisturbed }: PlanEach,
): Promise<FleetRow[]> {
  const changes = collectChanges(onPlan, request);
  const { onRow } = changes;
  return overInstances(request.entries, { ...request, onRow, count }, async (entry, context) => {
    const manifest = await request.manifestOf(entry);
    const summarise = (planned: Planned): PlanSummary => {
      changes.keep(entry.name, planned.plan.changes);
      return { ...filesOf(entry, manifest, planned), result: planResult(planned.plan, request) };
    };
    const { plan, roles, result } = await planOne({ entry, manifest, summarise }, context, {
      ...request,
      ...(unfinished ? { unfinished: unfinished(entry.name) } : {}),
      ...(undisturbed ? { undisturbed } : {}),
    });
    const document = await request.folder.writeInstance(entry.name, 'plan.json', plan);
    await request.folder.writeInstance(entry.name, 'roles.json', roles);
    return { ...result, document };
  });
}

/** The parts of a plan that are needed while its files are written. */
interface PlanSummary {
  /** The bytes of `plan.json` and `roles.json`. */
  plan: Uint8Array;
  roles: Uint8Array;
  result: InstanceResult;
}

/** Makes the files immediately, so that the plan and its input do not stay in memory while they are written. */
function filesOf(
  { name }: FleetEntry,
  { loaded }: ManifestInput,
  { plan, snapshot }: Planned,
): Pick<PlanSummary, 'plan' | 'roles'> {
  return {
    plan: documentBytes(plan),
    roles: documentBytes(rolesOnInstance(name, loaded, { snapshot, document: plan })),
  };
}

/** The input of planning one instance. */
interface Planning {
  entry: FleetEntry;
  manifest: ManifestInput;
  summarise: (planned: Planned) => PlanSummary;
}

async function planOne(
  { entry, manifest, summarise }: Planning,
  context: InstanceContext,
  request: FleetPlanningRequest & { unfinished?: FindUnfinished; undisturbed?: UnderLock },
): Promise<PlanSummary> {
  const { reason, impactLimit, onlyExpired, allowOf, snapshotOf, unfinished } = request;
  const options = {
    runtime: context.runtime,
    allow: allowOf(entry.name, manifest.loaded.manifest.policy.rules),
    reason,
    impactLimit,
    onlyExpired,
    ...(unfinished ? { unfinished } : {}),
  };
  if (snapshotOf) return summarise(await planManifest(manifest, await snapshotOf(entry.name), options));
  const { undisturbed = (_entry, _connection, work) => work() } = request;
  return withInstance(request, { entry, context, purpose: 'read' }, (connection) =>
    undisturbed(entry, connection, async () => summarise(await planManifest(manifest, connection, options))),
  );
}

/** The row of an instance that was planned. */
export function planResult(
  plan: Plan,
  { detailedExitcode = false }: Pick<FleetPlanningRequest, 'detailedExitcode'>,
): InstanceResult {
  const status: RowStatus =
    plan.refusals.length > 0 ? 'refused' : plan.changes.length > 0 ? 'changes' : 'clean';
  return {
    ...planPart(plan),
    status,
    exit: status === 'refused' ? 4 : status === 'changes' && detailedExitcode ? 2 : 0,
    because: status === 'refused' ? plan.refusals.map(({ message }) => message).join('; ') : null,
    document: null,
    // The digest omits timestamps, so that equal plans of different days have the same one.
    digest: plan.digest,
    runId: null,
  };
}
