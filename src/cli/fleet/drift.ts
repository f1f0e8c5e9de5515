import { detectFleetDrift } from '../../reconcile/fleet/read-fleet.js';
import type { Environment } from '../../shell/environment.js';
import type { Exit } from '../../shell/exit.js';
import { deliverFleet, planFleetOutputs } from '../../shell/fleet/fleet-output.js';
import type { FleetOutputFlags } from '../../shell/fleet/fleet-output.js';
import { resumedFlags } from '../../shell/fleet/resumed-flags.js';
import { runFleet } from '../../shell/fleet/fleet-run.js';
import type { FleetRunFlags } from '../../shell/fleet/fleet-run.js';

/** `fleet drift`: what differs from the manifests. */
export async function drift(
  given: FleetRunFlags & FleetOutputFlags & { since?: number | undefined },
  world: Environment,
): Promise<Exit> {
  const flags = await resumedFlags(given, world);
  const reports = await planFleetOutputs(flags, world);
  const { document, folder } = await runFleet({ command: 'drift', flags, world }, (request) =>
    detectFleetDrift({ ...request, sinceDays: flags.since }),
  );
  await deliverFleet(document, { flags, reports, folder, world });
  return document.summary.exit as Exit;
}
