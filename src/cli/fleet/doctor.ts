import { resolve } from 'node:path';
import { examineFleet, probeFleet } from '../../reconcile/fleet/survey-fleet.js';
import type { FleetProbeOptions } from '../../reconcile/fleet/survey-fleet.js';
import { leftRoleText } from '../../render/text/probe.js';
import { warn } from '../../shell/deliver.js';
import type { Environment } from '../../shell/environment.js';
import type { Exit } from '../../shell/exit.js';
import { deliverFleet, planFleetOutputs } from '../../shell/fleet/fleet-output.js';
import type { FleetOutputFlags } from '../../shell/fleet/fleet-output.js';
import { resumedFlags } from '../../shell/fleet/resumed-flags.js';
import { runFleet } from '../../shell/fleet/fleet-run.js';
import type { FleetRunFlags } from '../../shell/fleet/fleet-run.js';
import { DEFAULT_STATE } from '../flags.js';
import { refuseUnused, refuseWithoutProbe } from '../../shell/unused-flags.js';

/** Flags of `fleet doctor`. */
interface FleetDoctorFlags extends FleetRunFlags, FleetOutputFlags {
  probe?: boolean | undefined;
  state?: string | undefined;
  yes?: boolean | undefined;
}

/** `fleet doctor`: checks every connection, and what each token can do; with `--probe`, how each instance behaves. */
export async function doctor(given: FleetDoctorFlags, environment: Environment): Promise<Exit> {
  refuseWritingProbe(given);
  const flags = await resumedFlags(given, environment);
  if (!flags.probe) refuseWithoutProbe(flags, ['state']);
  const reports = await planFleetOutputs(flags, environment);
  const { document, folder } = await runFleet({ command: 'doctor', flags, environment }, (request) =>
    flags.probe ? probeFleet(request, probeOptions(flags, environment)) : examineFleet(request),
  );
  await deliverFleet(document, { flags, reports, folder, environment });
  return document.summary.exit as Exit;
}

/**
 * Raises `usage` for the flags of a probe that writes: one instance shows how Domo behaves, and the others are left
 * alone.
 */
function refuseWritingProbe(flags: FleetDoctorFlags): void {
  refuseUnused(flags, ['yes', 'waitForLock'], (flag) => ({
    message: `${flag} cannot be combined with fleet doctor, which only reads`,
    hint: 'leave it out; to probe one instance with throwaway roles: domo-roles doctor --probe --yes --instance NAME',
  }));
}

function probeOptions(
  { state = DEFAULT_STATE }: FleetDoctorFlags,
  environment: Environment,
): FleetProbeOptions {
  return {
    state: resolve(environment.cwd, state),
    onLeft: (instance, role) => warn(environment, `${instance}: ${leftRoleText(role)}`),
  };
}
