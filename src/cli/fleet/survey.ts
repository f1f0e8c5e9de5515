import { examineFleet, exportFleetSnapshots } from '../../reconcile/fleet/survey-fleet.js';
import type { Environment } from '../../shell/environment.js';
import type { Exit } from '../../shell/exit.js';
import { deliverFleet, planFleetOutputs } from '../../shell/fleet/fleet-output.js';
import type { FleetOutputFlags } from '../../shell/fleet/fleet-output.js';
import { runFleet } from '../../shell/fleet/fleet-run.js';
import type { FleetRunFlags } from '../../shell/fleet/fleet-run.js';

/** `fleet doctor`: checks every connection, and what each token can do. */
export async function doctor(flags: FleetRunFlags & FleetOutputFlags, world: Environment): Promise<Exit> {
  const reports = await planFleetOutputs(flags, world);
  const document = await runFleet({ command: 'doctor', flags, world }, examineFleet);
  await deliverFleet(document, { flags, reports, world });
  return document.summary.exit as Exit;
}

/** `fleet export`: writes what is live on every selected instance into a folder. */
export async function exportFleet(flags: FleetRunFlags, world: Environment): Promise<Exit> {
  const output = { format: 'text' as const };
  const document = await runFleet({ command: 'export', flags, world }, exportFleetSnapshots);
  await deliverFleet(document, { flags: output, reports: [], world });
  return document.summary.exit as Exit;
}
