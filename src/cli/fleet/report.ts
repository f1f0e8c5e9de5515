import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import type { Environment } from '../../shell/environment.js';
import { deliverFleet, planFleetOutputs } from '../../shell/fleet/fleet-output.js';
import type { FleetOutputFlags } from '../../shell/fleet/fleet-output.js';
import { refuseReportsIn } from '../../shell/fleet/report-conflicts.js';
import { folderOfFleet, readFleetDocument } from '../../shell/fleet/saved-fleet.js';

/** `fleet report`: renders a saved fleet document in another format. */
export async function report(
  flags: FleetOutputFlags & { folder: string },
  environment: Environment,
): Promise<Exit> {
  const reports = await planFleetOutputs(flags, environment);
  const document = await readFleetDocument(flags.folder, environment);
  const folder = await folderOfFleet(flags.folder, environment);
  refuseReportsIn({ 'the run': folder }, environment);
  await deliverFleet(document, { flags, reports, folder, environment });
  return EXIT.done;
}
