import type { Drift } from '../../drift/drift.js';
import { detectDrift } from '../../reconcile/detect-drift.js';
import { withConnection } from '../../shell/connect.js';
import type { ConnectFlags } from '../../shell/connect.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { readManifest, readSnapshotFile } from '../../shell/input.js';
import { deliverDocument, planDocument } from '../../shell/output.js';
import type { Grouping } from '../../render/facts/owners.js';
import { PLAN_FORMATS } from '../../shell/formats.js';
import type { PlanFormat } from '../../shell/formats.js';
import { formatsOf, parseReports } from '../../shell/reports.js';
import { repositoryPlaces } from '../../shell/repository.js';
import { refuseConnectionFlags, refuseSinceOffline, refuseUngrouped } from '../../shell/unused-flags.js';
import { checkWebhook, exitAfterPost } from '../../shell/webhook.js';
import type { WebhookFlags } from '../../shell/webhook.js';
import type { Environment } from '../../shell/environment.js';

interface DriftFlags extends ConnectFlags, WebhookFlags {
  manifest: readonly string[];
  format: PlanFormat;
  out?: string | undefined;
  report?: readonly string[] | undefined;
  groupBy?: Grouping | undefined;
  against?: string | undefined;
  policy?: string | undefined;
  impactLimit?: number | undefined;
  /** Days. */
  since?: number | undefined;
}

/** `drift`: the differences between the instance and the manifest, with who made them and when, if the audit log shows it. */
export async function drift(flags: DriftFlags, environment: Environment): Promise<Exit> {
  refuseUnusedFlags(flags);
  checkWebhook(flags);
  const reports = parseReports(flags.report, PLAN_FORMATS);
  refuseUngrouped(flags, formatsOf(flags.format, reports));
  await planDocument(environment, { out: flags.out, reports });
  const manifest = await readManifest(flags.manifest, environment, flags);
  const { out, format, impactLimit: limit, verbose, groupBy } = flags;
  const request = { runtime: environment, sinceDays: flags.since, impactLimit: limit };
  const { drift: document, snapshot } =
    flags.against === undefined
      ? await withConnection({ flags, environment, purpose: 'read' }, (connection) =>
          detectDrift(manifest, connection, request),
        )
      : await detectDrift(manifest, await readSnapshotFile(flags.against, environment), request);
  const placeOf = repositoryPlaces(environment);
  await deliverDocument(
    document,
    { out, reports, format },
    { environment, limit, verbose, snapshot, groupBy, placeOf },
  );
  return exitAfterPost(exitOf(document), document, { flags, environment });
}

/** Raises `usage` for flags of the live instance with a snapshot, which has no audit log. */
function refuseUnusedFlags(flags: DriftFlags): void {
  if (flags.against === undefined) return;
  refuseConnectionFlags(flags, '--against');
  refuseSinceOffline(flags, '--against');
}

/** Problems take precedence over differences. */
function exitOf({ problems, summary }: Drift): Exit {
  if (problems.length > 0) return EXIT.manifest;
  return summary.differences > 0 ? EXIT.changes : EXIT.done;
}
