import { join } from 'node:path';
import { FLEET_FILES } from '../../fleet/document.js';
import type { FleetCommand, FleetDocument, FleetRow, FleetWave } from '../../fleet/document.js';
import type { GroupCollector } from '../../fleet/groups.js';
import { makeFleetDocument } from '../../fleet/make-document.js';
import { shortenedList } from '../../model/shortened-list.js';
import type { Refusal } from '../../model/refusal.js';
import { byCodeUnit } from '../../model/sort.js';
import { timeOf } from '../runtime.js';
import { filesLost } from './fleet-log.js';
import { inventoryFacts } from './fleet-request.js';
import type { FleetRequest } from './fleet-request.js';

/** The results of a run. */
interface FleetResults {
  command: FleetCommand;
  rows: readonly FleetRow[];
  groups: GroupCollector;
  waves?: readonly FleetWave[];
  refusals?: readonly Refusal[];
}

type Finishing = FleetRequest & { detailedExitcode?: boolean | undefined };

/**
 * Makes the document of a run and writes it into its folder, which marks the run as finished. A row names no document
 * that was deleted during the run.
 */
export async function finishFleet(request: Finishing, found: FleetResults): Promise<FleetDocument> {
  await request.folder
    .endLeft()
    .catch((error: unknown) => request.onUnwritten?.(join(request.folder.path, FLEET_FILES.log), error));
  const missing = await request.folder.missingDocuments(found.rows);
  if (missing.size > 0)
    await request.onUnwritten?.(`${documentsOf(missing)} in ${request.folder.path}`, filesLost());
  const rows = withoutDocuments(found.rows, missing);
  const document = fleetDocument(request, { ...found, rows });
  await request.folder
    .finish(document)
    .catch((error: unknown) => request.onUnwritten?.(join(request.folder.path, FLEET_FILES.document), error));
  return document;
}

/** Rows without the documents of some instances, which are missing. */
export function withoutDocuments(rows: readonly FleetRow[], missing: ReadonlySet<string>): FleetRow[] {
  return rows.map((row) => (missing.has(row.instance) ? { ...row, document: null } : row));
}

/** `the documents of acme, globex`. */
export function documentsOf(instances: ReadonlySet<string>): string {
  return `the documents of ${shortenedList([...instances].sort(byCodeUnit))}`;
}

/**
 * Records the row of an instance in the log. A failed write does not change the result: it is tried again when the run ends,
 * and reported then if it fails again.
 */
export function recordRow({ folder, runtime }: FleetRequest, row: FleetRow): Promise<void> {
  return folder.end(row, timeOf(runtime));
}

/** The document of a run from the results so far. */
export function fleetDocument(request: Finishing, found: FleetResults): FleetDocument {
  const { inventory, selection, runtime } = request;
  return makeFleetDocument({
    command: found.command,
    madeBy: runtime.version,
    madeAt: timeOf(runtime),
    fleet: inventory.name,
    inventory: inventoryFacts(inventory),
    selection,
    refusals: found.refusals ?? [],
    waves: found.waves ?? [],
    rows: found.rows,
    groups: found.groups.groups(found.rows),
    changesAre2: request.detailedExitcode ?? false,
  });
}
