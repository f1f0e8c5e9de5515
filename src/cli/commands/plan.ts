import { planManifest } from '../../reconcile/plan-manifest.js';
import type { Planned } from '../../reconcile/plan-manifest.js';
import { withConnection } from '../connect.js';
import type { ConnectFlags } from '../connect.js';
import { EXIT } from '../exit.js';
import type { Exit } from '../exit.js';
import { readManifest, readSnapshotFile } from '../input.js';
import { deliverDocument, parseReports, planDocument } from '../output.js';
import type { PlanFormat } from '../output.js';
import { planningOptions } from '../planning-flags.js';
import type { PlanningFlags } from '../planning-flags.js';
import { openPlaces } from '../repository.js';
import type { Environment } from '../world.js';

export interface PlanFlags extends ConnectFlags, PlanningFlags {
  manifest: readonly string[];
  format: PlanFormat;
  out?: string | undefined;
  report?: readonly string[] | undefined;
  against?: string | undefined;
  detailedExitcode?: boolean | undefined;
}

/** `plan`: what an apply would do, and who would gain and lose what. Cannot write. */
export async function plan(flags: PlanFlags, world: Environment): Promise<Exit> {
  const { out, format, impactLimit: limit, verbose } = flags;
  const reports = parseReports(flags.report ?? []);
  await planDocument(world, { out, reports });
  const options = { ...planningOptions(flags), runtime: world };
  const manifest = await readManifest(flags.manifest, world);
  const { plan: made, snapshot }: Planned =
    flags.against === undefined
      ? await withConnection({ flags, world, purpose: 'read' }, (connection) =>
          planManifest(manifest, connection, options),
        )
      : await planManifest(manifest, await readSnapshotFile(flags.against, world), options);
  const placeOf = openPlaces(world);
  await deliverDocument(made, { out, reports, format }, { world, limit, verbose, snapshot, placeOf });
  if (made.refusals.length > 0) return EXIT.refused;
  return flags.detailedExitcode && made.changes.length > 0 ? EXIT.changes : EXIT.done;
}
