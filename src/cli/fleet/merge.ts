import { join, resolve } from 'node:path';
import { mergeFleet } from '../../reconcile/fleet/merge-fleet.js';
import { oneLine } from '../../render/format/one-line.js';
import { note } from '../../shell/deliver.js';
import type { Environment } from '../../shell/environment.js';
import type { Exit } from '../../shell/exit.js';
import { deliverFleet, planFleetOutputs } from '../../shell/fleet/fleet-output.js';
import type { FleetOutputFlags } from '../../shell/fleet/fleet-output.js';
import { defaultFleetFolder } from '../../shell/fleet/fleet-run.js';
import { noteInputs } from '../../shell/ledger.js';

/** `fleet merge`: joins the documents of shards into one, as if one run had made it. */
export async function merge(
  flags: FleetOutputFlags & { folders: readonly string[]; out?: string | undefined },
  world: Environment,
): Promise<Exit> {
  const { folders } = flags;
  await noteInputs(
    world,
    folders.map((folder) => join(folder, 'fleet.json')),
  );
  const reports = await planFleetOutputs(flags, world);
  const named = flags.out ?? (await defaultFleetFolder(world));
  const out = resolve(world.cwd, named);
  const document = await mergeFleet({ folders, cwd: world.cwd, out, runtime: world });
  await note(world, `Documents of this run are in ${oneLine(named)}`);
  await deliverFleet(document, { flags, reports, folder: out, world });
  return document.summary.exit as Exit;
}
