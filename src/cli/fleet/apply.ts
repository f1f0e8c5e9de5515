import type { FleetDocument } from '../../fleet/document.js';
import { isInteractive, mayColour, write } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';
import type { Exit } from '../../shell/exit.js';
import { runFleetApply } from '../../shell/fleet/fleet-apply.js';
import type { FleetApplyFlags } from '../../shell/fleet/fleet-apply.js';
import { deliverFleet, planFleetOutputs, renderFleet } from '../../shell/fleet/fleet-output.js';
import type { FleetOutputFlags } from '../../shell/fleet/fleet-output.js';
import { resumedFlags } from '../../shell/fleet/resumed-flags.js';
import { confirmOn } from '../ask.js';

/** `fleet apply`: plans all instances, shows the plan, asks once, then applies wave by wave. With `--dry-run`, rehearses. */
export async function apply(
  given: FleetApplyFlags & FleetOutputFlags & { yes?: boolean | undefined },
  environment: Environment,
): Promise<Exit> {
  const flags = given.dryRun ? given : await resumedFlags(given, environment);
  const reports = await planFleetOutputs(flags, environment);
  let isShown = false;
  const show = async (planned: FleetDocument): Promise<void> => {
    const colour = mayColour(environment.stderr, environment.env);
    const text = await renderFleet(planned, { format: 'text', folder: '', colour });
    isShown = await write(environment.stderr, `${text}\n`).catch(() => false);
  };
  const dialog = {
    onPlanned: flags.dryRun || (flags.yes && !isInteractive(environment)) ? undefined : show,
    confirm: flags.yes ? undefined : (planned: FleetDocument) => ask(planned, environment, isShown),
  };
  const { document, folder } = await runFleetApply(flags, dialog, environment);
  await deliverFleet(document, { flags, reports, folder, environment });
  return document.summary.exit as Exit;
}

function ask(planned: FleetDocument, environment: Environment, isShown: boolean): Promise<void> {
  const count = planned.summary.changes;
  const message = `Write to ${count} ${count === 1 ? 'instance' : 'instances'}?`;
  return confirmOn(environment, { message, isShown, subject: 'the plan of the fleet' });
}
