import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import type { Environment } from '../../shell/environment.js';
import { deliverFleet, planFleetOutputs } from '../../shell/fleet/fleet-output.js';
import type { FleetOutputFlags } from '../../shell/fleet/fleet-output.js';
import { refuseReportsIn } from '../../shell/fleet/report-conflicts.js';
import { folderOfFleet, readFleetDocument } from '../../shell/fleet/open-fleet.js';

/** `fleet report`: renders a saved fleet document in another format. */
export async function report(
  flags: FleetOutputFlags & { folder: string },
  world: Environment,
): Promise<Exit> {
  const reports = await planFleetOutputs(flags, world);
  const document = await readFleetDocument(flags.folder, world);
  const folder = await folderOfFleet(flags.folder, world);
  refuseReportsIn({ 'the run': folder }, world);
  await deliverFleet(document, { flags, reports, folder, world });
  return EXIT.done;
}
