import type { FleetCommand, FleetDocument, FleetRow, FleetWave } from '../../fleet/document.js';
import type { GroupCollector } from '../../fleet/groups.js';
import { makeFleetDocument } from '../../fleet/make-document.js';
import type { Refusal } from '../../model/refusal.js';
import { timeOf } from '../runtime.js';
import { inventoryFacts } from './fleet-request.js';
import type { FleetRequest } from './fleet-request.js';

/** What a run found. */
export interface FoundFleet {
  command: FleetCommand;
  rows: readonly FleetRow[];
  groups: GroupCollector;
  waves?: readonly FleetWave[];
  refusals?: readonly Refusal[];
}

type Finishing = FleetRequest & { detailedExitcode?: boolean | undefined };

/** Makes the document of a run, and writes it into its folder: from then on the run is finished. */
export async function finishFleet(request: Finishing, found: FoundFleet): Promise<FleetDocument> {
  const document = fleetDocument(request, found);
  await request.folder.finish(document).catch((error: unknown) => request.onUnwritten?.('fleet.json', error));
  return document;
}

/** Records that an instance ended. What became of it stays true where that cannot be written. */
export async function recordEnd(request: FleetRequest, row: FleetRow): Promise<void> {
  await request.folder
    .end(row, timeOf(request.runtime))
    .catch((error: unknown) => request.onUnwritten?.('fleet.jsonl', error));
}

/** The document of a run as far as it is. */
export function fleetDocument(request: Finishing, found: FoundFleet): FleetDocument {
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
