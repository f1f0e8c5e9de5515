import { planManifest } from '../../reconcile/plan-manifest.js';
import type { Planned } from '../../reconcile/plan-manifest.js';
import { withConnection } from '../../shell/connect.js';
import type { ConnectFlags } from '../../shell/connect.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { readManifest, readSnapshotFile } from '../../shell/input.js';
import { deliverDocument, planDocument } from '../../shell/output.js';
import type { Grouping } from '../../render/facts/owners.js';
import { PLAN_FORMATS } from '../../shell/formats.js';
import type { PlanFormat } from '../../shell/formats.js';
import { planningOptions } from '../../shell/run-options.js';
import type { PlanningFlags } from '../../shell/run-options.js';
import { refuseConnectionFlags, refuseUngrouped } from '../../shell/unused-flags.js';
import { formatsOf, parseReports } from '../../shell/reports.js';
import { repositoryPlaces } from '../../shell/repository.js';
import type { Environment } from '../../shell/environment.js';

interface PlanFlags extends ConnectFlags, PlanningFlags {
  manifest: readonly string[];
  format: PlanFormat;
  out?: string | undefined;
  report?: readonly string[] | undefined;
  groupBy?: Grouping | undefined;
  against?: string | undefined;
  policy?: string | undefined;
  detailedExitcode?: boolean | undefined;
}

/** `plan`: the changes that an apply would make, and who would gain or lose access. Cannot write. */
export async function plan(flags: PlanFlags, environment: Environment): Promise<Exit> {
  const { out, format, impactLimit: limit, verbose, groupBy } = flags;
  if (flags.against !== undefined) refuseConnectionFlags(flags, '--against');
  const reports = parseReports(flags.report, PLAN_FORMATS);
  refuseUngrouped(flags, formatsOf(flags.format, reports));
  await planDocument(environment, { out, reports });
  const options = { ...planningOptions(flags), runtime: environment };
  const manifest = await readManifest(flags.manifest, environment, flags);
  const { plan: made, snapshot }: Planned =
    flags.against === undefined
      ? await withConnection({ flags, environment, purpose: 'read' }, (connection) =>
          planManifest(manifest, connection, options),
        )
      : await planManifest(manifest, await readSnapshotFile(flags.against, environment), options);
  const placeOf = repositoryPlaces(environment);
  await deliverDocument(
    made,
    { out, reports, format },
    { environment, limit, verbose, snapshot, groupBy, placeOf },
  );
  if (made.refusals.length > 0) return EXIT.refused;
  return flags.detailedExitcode && made.changes.length > 0 ? EXIT.changes : EXIT.done;
}
