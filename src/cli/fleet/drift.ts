import { detectFleetDrift } from '../../reconcile/fleet/detect-fleet-drift.js';
import type { Environment } from '../../shell/environment.js';
import type { Exit } from '../../shell/exit.js';
import { deliverFleet, planFleetOutputs } from '../../shell/fleet/fleet-output.js';
import type { FleetOutputFlags } from '../../shell/fleet/fleet-output.js';
import { resumedFlags } from '../../shell/fleet/resumed-flags.js';
import { runFleet } from '../../shell/fleet/fleet-run.js';
import type { FleetRunFlags } from '../../shell/fleet/fleet-run.js';
import { refuseSinceOffline } from '../../shell/unused-flags.js';
import { checkWebhook, exitAfterPost } from '../../shell/webhook.js';
import type { WebhookFlags } from '../../shell/webhook.js';

/** Days of the audit log to read without `--since`. */
const SINCE_DAYS = 30;

/** `fleet drift`: what differs from the manifests. */
export async function drift(
  given: FleetRunFlags & FleetOutputFlags & WebhookFlags & { since?: number | undefined },
  environment: Environment,
): Promise<Exit> {
  if (given.snapshots !== undefined) refuseSinceOffline(given, '--snapshots');
  checkWebhook(given);
  // How a report groups its changes is not a part of the run.
  const { groupBy, ...rest } = given;
  const resumed = await resumedFlags(rest, environment);
  // The log of a run records how far it looks back, whether it was given or not.
  const flags = { ...resumed, since: resumed.since ?? SINCE_DAYS };
  const reports = await planFleetOutputs({ ...flags, groupBy }, environment);
  const { document, folder } = await runFleet({ command: 'drift', flags, environment }, (request) =>
    detectFleetDrift({ ...request, sinceDays: flags.since }),
  );
  await deliverFleet(document, { flags: { ...flags, groupBy }, reports, folder, environment });
  return exitAfterPost(document.summary.exit as Exit, document, { flags, environment });
}
