import type { AllowOf } from '../../fleet/allow-of.js';
import type { FleetCommand, FleetDocument, FleetSelection, InventoryFacts } from '../../fleet/document.js';
import { limitsOf } from '../../fleet/limits.js';
import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { PolicyInput } from '../../plan/saved/policy-over-plan.js';
import type { Problem } from '../../problem/problem.js';
import { ProblemError } from '../../problem/problem.js';
import { connect } from '../connect.js';
import type { Connection, Target } from '../connect.js';
import type { ManifestInput } from '../load-manifest.js';
import { timeOf } from '../runtime.js';
import type { FleetFolder } from './fleet-folder.js';
import { LOG_FORMAT } from './fleet-log.js';
import type { FleetRunHeader } from './fleet-log.js';
import type { InstanceContext, OverInstances } from './over-instances.js';

/** Where an instance is and the credential for it, or why there is none. */
export type Access = { target: Target } | { problem: Problem };

/** What every verb over many instances takes. */
export interface FleetRequest extends OverInstances {
  inventory: Inventory;
  /** What was selected. Sorted by name. */
  entries: readonly FleetEntry[];
  selection: FleetSelection;
  access: (entry: FleetEntry) => Access;
  /** Loads the manifest of an entry, its overlay laid over it. Raises `InvalidManifest`. */
  manifestOf: (entry: FleetEntry) => Promise<ManifestInput>;
  folder: FleetFolder;
  /** Takes what could not be written of the run's own folder; the run itself goes on. */
  onUnwritten?: ((what: string, error: unknown) => void | Promise<void>) | undefined;
}

/** What the verbs that plan take besides. */
export interface FleetPlanningRequest extends FleetRequest {
  allowOf: AllowOf;
  reason?: string | undefined;
  impactLimit?: number | undefined;
  /** Plans the ends of memberships alone. */
  onlyExpired?: boolean | undefined;
  /** Plans offline against what this gives; left out, live. Raises where an instance has no snapshot. */
  snapshotOf?: ((instance: string) => Promise<Snapshot>) | undefined;
  /** Changes are exit code 2. */
  detailedExitcode?: boolean | undefined;
}

/** How an apply over many instances is run. */
export interface FleetApplyRequest extends FleetPlanningRequest {
  /** No write anywhere when any selected instance is refused, invalid or failed while planning. */
  allOrNothing: boolean;
  waitForLockMs?: number | undefined;
  /** A policy file that is laid over the own policies of saved plans; manifests have it already. */
  policy?: PolicyInput | undefined;
  concurrency?: number | undefined;
  /**
   * Asks once, for all instances, with everything planned. What it throws ends the run before the first write. Left
   * out, the answer was given beforehand.
   */
  confirm?: ((planned: FleetDocument) => void | Promise<void>) | undefined;
  /** Takes the whole plan before the question, and also where nothing is asked. */
  onPlanned?: ((planned: FleetDocument) => void | Promise<void>) | undefined;
  onWave?: ((wave: string) => void) | undefined;
  onSent?: (() => void) | undefined;
  onWarning?: ((instance: string, line: string) => void | Promise<void>) | undefined;
}

/** Opens a connection to the instance of an entry, does the work, and always closes it. */
export async function withInstance<T>(
  request: Pick<FleetRequest, 'access'>,
  { entry, context, purpose }: { entry: FleetEntry; context: InstanceContext; purpose: 'read' | 'write' },
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const access = request.access(entry);
  if ('problem' in access) throw new ProblemError(access.problem);
  const connection = await connect(access.target, { ...context.requests, purpose }, context.runtime);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** The first line of a run's log. */
export function headerOf(
  { inventory, selection, runtime }: Pick<FleetRequest, 'inventory' | 'selection' | 'runtime'>,
  command: FleetCommand,
): FleetRunHeader {
  return {
    event: 'run',
    formatVersion: LOG_FORMAT,
    command,
    fleet: inventory.name,
    inventory: inventoryFacts(inventory),
    selection,
    madeBy: runtime.version,
    at: timeOf(runtime),
  };
}

/** What documents say of an inventory. */
export function inventoryFacts(inventory: Inventory): InventoryFacts {
  return { file: inventory.file, digest: inventory.digest, ...limitsOf(inventory) };
}
