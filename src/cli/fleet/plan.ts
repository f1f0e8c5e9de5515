import { planFleet } from '../../reconcile/fleet/plan-fleet.js';
import type { Environment } from '../../shell/environment.js';
import type { Exit } from '../../shell/exit.js';
import { deliverFleet, planFleetOutputs } from '../../shell/fleet/fleet-output.js';
import type { FleetOutputFlags } from '../../shell/fleet/fleet-output.js';
import { resumedFlags } from '../../shell/fleet/resumed-flags.js';
import { runFleet } from '../../shell/fleet/fleet-run.js';
import type { FleetRunFlags } from '../../shell/fleet/fleet-run.js';

/** `fleet plan`: what an apply would do on every selected instance. Cannot write to one. */
export async function plan(given: FleetRunFlags & FleetOutputFlags, environment: Environment): Promise<Exit> {
  // How a report groups its changes is not a part of the run.
  const { groupBy, ...rest } = given;
  const flags = await resumedFlags(rest, environment);
  const reports = await planFleetOutputs({ ...flags, groupBy }, environment);
  const { document, folder } = await runFleet({ command: 'plan', flags, environment }, planFleet);
  await deliverFleet(document, { flags: { ...flags, groupBy }, reports, folder, environment });
  return document.summary.exit as Exit;
}
