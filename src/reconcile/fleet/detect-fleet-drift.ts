import type { FleetDocument, FleetRow } from '../../fleet/document.js';
import { openGroups } from '../../fleet/groups.js';
import type { GroupCollector } from '../../fleet/groups.js';
import { driftResult } from '../../fleet/rows.js';
import { detectDrift } from '../detect-drift.js';
import type { FoundDrift } from '../detect-drift.js';
import { collectChanges } from './collect-changes.js';
import { documentBytes } from './fleet-folder.js';
import { finishFleet } from './finish-fleet.js';
import { withInstance } from './fleet-request.js';
import type { FleetPlanningRequest, FleetRequest } from './fleet-request.js';
import { overInstances } from './over-instances.js';
import type { InstanceResult } from '../../fleet/rows.js';
import { rolesOnInstance } from './roles-on-instance.js';
import { overRemaining } from './over-remaining.js';

/** Options of fleet drift detection. */
export interface FleetDriftRequest
  extends FleetRequest, Pick<FleetPlanningRequest, 'impactLimit' | 'snapshotOf'> {
  /** Days of the audit log. */
  sinceDays?: number | undefined;
}

/** Detects drift on every selected instance. Writes nothing to instances. */
export async function detectFleetDrift(request: FleetDriftRequest): Promise<FleetDocument> {
  const groups = openGroups();
  const rows = await overRemaining(request, { groups, file: 'drift.json' }, (rest) =>
    driftEach(rest, groups),
  );
  return finishFleet(request, { command: 'drift', rows, groups });
}

function driftEach(request: FleetDriftRequest, groups: GroupCollector): Promise<FleetRow[]> {
  const changes = collectChanges(groups.add, request);
  const { onRow } = changes;
  const count = { failures: 0 };
  return overInstances(request.entries, { ...request, onRow, count }, async (entry, context) => {
    const { sinceDays, impactLimit, snapshotOf } = request;
    const manifest = await request.manifestOf(entry);
    const options = { runtime: context.runtime, sinceDays, impactLimit };
    // Extract the parts immediately, so that the document and its input do not stay in memory while the files are written.
    const summarise = ({ drift: found, snapshot }: FoundDrift): DriftSummary => {
      changes.keep(entry.name, found.changes);
      const beside = rolesOnInstance(entry.name, manifest.loaded, { snapshot, document: found });
      return { drift: documentBytes(found), roles: documentBytes(beside), result: driftResult(found) };
    };
    const { drift, roles, result } = snapshotOf
      ? summarise(await detectDrift(manifest, await snapshotOf(entry.name), options))
      : await withInstance(request, { entry, context, purpose: 'read' }, async (connection) =>
          summarise(await detectDrift(manifest, connection, options)),
        );
    await request.folder.writeInstance(entry.name, 'roles.json', roles);
    return { ...result, document: await request.folder.writeInstance(entry.name, 'drift.json', drift) };
  });
}

/** The parts of a drift document that are needed while it is written: the bytes of its files, and the row. */
interface DriftSummary {
  drift: Uint8Array;
  roles: Uint8Array;
  result: InstanceResult;
}
