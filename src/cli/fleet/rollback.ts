import { note } from '../../shell/deliver.js';
import type { Environment } from '../../shell/environment.js';
import type { Exit } from '../../shell/exit.js';
import { deliverFleet, planFleetOutputs } from '../../shell/fleet/fleet-output.js';
import type { FleetOutputFlags } from '../../shell/fleet/fleet-output.js';
import { runFleetRollback } from '../../shell/fleet/fleet-rollback.js';
import type { FleetRollbackFlags } from '../../shell/fleet/fleet-rollback.js';
import { resumedFlags } from '../../shell/fleet/resumed-flags.js';
import { refuseUnused } from '../../shell/unused-flags.js';

/** `fleet rollback DIR`: plans how to undo a fleet apply; with `--yes` undoes it, the last wave first. */
export async function rollback(
  given: FleetRollbackFlags & FleetOutputFlags,
  environment: Environment,
): Promise<Exit> {
  if (given.yes)
    refuseUnused(given, ['detailedExitcode'], (flag) => ({
      message: `${flag} cannot be combined with --yes: it reports what a rollback would change`,
      hint: `leave out ${flag}`,
    }));
  const flags = await resumedFlags(given, environment);
  const reports = await planFleetOutputs(flags, environment);
  const { document, folder } = await runFleetRollback(flags, environment);
  await deliverFleet(document, { flags, reports, folder, environment });
  if (!flags.yes && document.summary.changes > 0)
    await note(environment, 'Nothing was undone yet. To undo the fleet apply, add --yes.');
  return document.summary.exit as Exit;
}
