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
  environment: Environment,
): Promise<Exit> {
  const flags = await resumedFlags(given, environment);
  const reports = await planFleetOutputs(flags, environment);
  const { document, folder } = await runFleet({ command: 'drift', flags, environment }, (request) =>
    detectFleetDrift({ ...request, sinceDays: flags.since }),
  );
  await deliverFleet(document, { flags, reports, folder, environment });
  return document.summary.exit as Exit;
}
