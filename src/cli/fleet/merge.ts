import { resolve } from 'node:path';
import { oneLine } from '../../render/format/one-line.js';
import { note } from '../../shell/deliver.js';
import type { Environment } from '../../shell/environment.js';
import type { Exit } from '../../shell/exit.js';
import { deliverFleet, planFleetOutputs } from '../../shell/fleet/fleet-output.js';
import type { FleetOutputFlags } from '../../shell/fleet/fleet-output.js';
import { defaultFleetFolder } from '../../shell/fleet/fleet-run.js';
import { refuseReportsIn } from '../../shell/fleet/report-conflicts.js';
import { refuseSharedFolder } from '../../shell/fleet/refuse-shared-folder.js';
import { mergeFolders } from '../../shell/fleet/merge-folders.js';

/** `fleet merge`: joins the documents of shards into one, as a single run would write it. */
export async function merge(
  flags: FleetOutputFlags & { folders: readonly string[]; out?: string | undefined },
  environment: Environment,
): Promise<Exit> {
  const reports = await planFleetOutputs(flags, environment);
  if (flags.out !== undefined) await refuseSharedFolder(flags.out, {}, environment);
  const out = flags.out ?? (await defaultFleetFolder(environment));
  refuseReportsIn({ '--out': out }, environment);
  for (const shard of flags.folders) refuseReportsIn({ 'a shard': shard }, environment);
  const { document, folder } = await mergeFolders(flags.folders, resolve(environment.cwd, out), environment);
  await note(environment, `Documents of this run are in ${oneLine(out)}`);
  await deliverFleet(document, { flags, reports, folder, environment });
  return document.summary.exit as Exit;
}
