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

/** The address and credential of an instance, or the problem why there is none. */
export type Access = { target: Target } | { problem: Problem };

/** Options of every fleet command. */
export interface FleetRequest extends OverInstances {
  inventory: Inventory;
  /** The selected entries, sorted by name. */
  entries: readonly FleetEntry[];
  selection: FleetSelection;
  /** Resolves the address and credential of an instance. */
  access: (entry: FleetEntry) => Access;
  /** Loads the manifest of an entry with its overlay. Raises `InvalidManifest`. */
  manifestOf: (entry: FleetEntry) => Promise<ManifestInput>;
  folder: FleetFolder;
  /** Called with the path of a file of the run's folder that could not be written. The run continues. */
  onUnwritten?: ((path: string, error: unknown) => void | Promise<void>) | undefined;
}

/** Further options of commands that plan. */
export interface FleetPlanningRequest extends FleetRequest {
  allowOf: AllowOf;
  reason?: string | undefined;
  impactLimit?: number | undefined;
  /** Plan only the ends of memberships. */
  onlyExpired?: boolean | undefined;
  /** Plan offline against these snapshots. Default: live. Raises if an instance has no snapshot. */
  snapshotOf?: ((instance: string) => Promise<Snapshot>) | undefined;
  /** Exit with 2 if there are changes. */
  detailedExitcode?: boolean | undefined;
}

/** Options of a fleet apply. */
export interface FleetApplyRequest extends FleetPlanningRequest {
  /** Write nothing if any selected instance is refused, invalid or failed while planning. */
  allOrNothing: boolean;
  /** Perform each plan on an embedded copy, without locks and questions; the instances receive only reads. */
  dryRun?: boolean | undefined;
  waitForLockMs?: number | undefined;
  /** A policy file to apply to saved plans; manifests already include it. */
  policy?: PolicyInput | undefined;
  concurrency?: number | undefined;
  /**
   * Asks once for confirmation, with the plan of all instances. An error that it throws ends the run before the first write.
   * Default: confirmed in advance.
   */
  confirm?: ((planned: FleetDocument) => void | Promise<void>) | undefined;
  /** Called with the whole plan before `confirm`, also if there is no question. */
  onPlanned?: ((planned: FleetDocument) => void | Promise<void>) | undefined;
  onWave?: ((wave: string) => void) | undefined;
  onSent?: (() => void) | undefined;
  onWarning?: ((instance: string, line: string) => void | Promise<void>) | undefined;
}

/** Opens a connection to an instance, does the work, and closes the connection. */
export async function withInstance<T>(
  request: Pick<FleetRequest, 'access' | 'runtime'>,
  { entry, context, purpose }: { entry: FleetEntry; context: InstanceContext; purpose: 'read' | 'write' },
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const access = request.access(entry);
  if ('problem' in access) throw new ProblemError(access.problem);
  // The instances in progress finish after a stop, and no longer wait for a server that is busy.
  const options = { ...context.requests, purpose, stopWaiting: request.runtime.signal };
  const connection = await connect(access.target, options, context.runtime);
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

/** The facts about an inventory for documents. */
export function inventoryFacts(inventory: Inventory): InventoryFacts {
  return { file: inventory.file, digest: inventory.digest, ...limitsOf(inventory) };
}
