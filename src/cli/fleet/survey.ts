import { selectionOf } from '../../manifest/selection.js';
import {
  examineFleet,
  exportFleetManifests,
  exportFleetSnapshots,
} from '../../reconcile/fleet/survey-fleet.js';
import type { Environment } from '../../shell/environment.js';
import type { Exit } from '../../shell/exit.js';
import { deliverFleet, planFleetOutputs } from '../../shell/fleet/fleet-output.js';
import type { FleetOutputFlags } from '../../shell/fleet/fleet-output.js';
import { resumedFlags } from '../../shell/fleet/resumed-flags.js';
import { runFleet } from '../../shell/fleet/fleet-run.js';
import type { FleetRunFlags } from '../../shell/fleet/fleet-run.js';
import { refuseUnused } from '../../shell/unused-flags.js';

/** `fleet doctor`: checks every connection, and what each token can do. */
export async function doctor(
  given: FleetRunFlags & FleetOutputFlags,
  environment: Environment,
): Promise<Exit> {
  const flags = await resumedFlags(given, environment);
  const reports = await planFleetOutputs(flags, environment);
  const { document, folder } = await runFleet({ command: 'doctor', flags, environment }, examineFleet);
  await deliverFleet(document, { flags, reports, folder, environment });
  return document.summary.exit as Exit;
}

/** `fleet export`: writes the live state of every selected instance into a folder. */
export async function exportFleet(given: FleetExportFlags, environment: Environment): Promise<Exit> {
  if (given.format === 'snapshot' && given.resume === undefined) refuseManifestFlags(given);
  const exported = given.format === 'manifest' ? given.format : undefined;
  const { format: _format, ...rest } = await resumedFlags({ ...given, exported }, environment);
  const { compact, split, membersFiles, without } = rest;
  // Check the parts before the first request.
  selectionOf({ without });
  const output = { ...rest, format: 'text' as const };
  const reports = await planFleetOutputs(output, environment);
  const { document, folder } = await runFleet({ command: 'export', flags: rest, environment }, (request) =>
    request.selection.flags.exported === 'manifest'
      ? exportFleetManifests(request, { compact, split, membersFiles, without })
      : exportFleetSnapshots(request),
  );
  await deliverFleet(document, { flags: output, reports, folder, environment });
  return document.summary.exit as Exit;
}

/** Flags of `fleet export`. */
export interface FleetExportFlags extends FleetRunFlags, Omit<FleetOutputFlags, 'format'> {
  format: 'snapshot' | 'manifest';
  compact?: boolean | undefined;
  split?: boolean | undefined;
  membersFiles?: boolean | undefined;
  without?: readonly string[] | undefined;
}

function refuseManifestFlags(flags: FleetExportFlags): void {
  refuseUnused(flags, ['split', 'membersFiles', 'compact', 'without'], (flag) => ({
    message: `${flag} cannot be combined with --format snapshot`,
    hint: 'leave it out, or use --format manifest',
  }));
}
