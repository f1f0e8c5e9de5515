import type { ComparisonDocument } from '../../fleet/comparison.js';
import { wholeSelection } from '../../fleet/shard.js';
import { problem } from '../../problem/problem.js';
import { compareFleet } from '../../reconcile/fleet/compare-fleet.js';
import { entryManifests } from '../../reconcile/fleet/entry-manifest.js';
import { readBase } from '../../reconcile/fleet/fleet-base.js';
import { requestOptions } from '../connect.js';
import { PRIVATE, deliverRendered, printRendered } from '../deliver.js';
import { mayColour } from '../environment.js';
import type { Environment } from '../environment.js';
import { noteInputs } from '../ledger.js';
import { jsonText } from '../../model/json-text.js';
import { refuseConnectionFlags, refuseUnused } from '../unused-flags.js';
import type { CompareFormat } from './formats.js';
import { openFleetProgress } from './fleet-progress.js';
import type { Report } from '../reports.js';
import { refuseReports } from './report-conflicts.js';
import { openSource } from './fleet-run.js';
import { runLimits } from './run-limits.js';
import type { FleetRunFlags } from './fleet-run.js';
import { noteNothing, openFleet } from './open-fleet.js';

/** Flags of a comparison. */
export interface CompareFlags extends FleetRunFlags {
  base?: string | undefined;
  /** Compares the manifests themselves. */
  manifests?: boolean | undefined;
}

/** Runs a comparison. Writes no folder, because a comparison cannot be resumed. */
export async function runComparison(
  flags: CompareFlags,
  environment: Environment,
): Promise<ComparisonDocument> {
  if (flags.manifests) refuseUnusedSource(flags);
  if (flags.snapshots !== undefined) refuseConnectionFlags(flags, '--snapshots');
  const numbers = runLimits(flags);
  const fleet = await openFleet(flags, environment);
  const { inventory, entries, selection } = fleet;
  const isOffline = flags.manifests === true || flags.snapshots !== undefined;
  const source = flags.manifests
    ? { access: () => ({ problem: problem('no-target', 'compared offline, by manifests') }) }
    : await openSource({ inventory, names: wholeSelection(selection) }, flags, environment);
  const manifestOf = entryManifests(inventory, { cwd: environment.cwd, policy: flags.policy });
  const base = await readBase({ inventory, manifestOf, cwd: environment.cwd }, flags.base);
  await noteInputs(environment, base.manifest.files);
  await refuseReports(
    { inventory, entries, policy: flags.policy, folders: { '--snapshots': flags.snapshots } },
    environment,
  );
  await noteNothing(fleet, environment);
  // Offline, instances are compared too fast for a progress display.
  const progress = isOffline ? null : await openFleetProgress(environment, entries.length);
  try {
    return await compareFleet({
      ...numbers,
      ...source,
      ...{
        inventory,
        entries,
        selection,
        manifestOf,
        base,
        manifests: flags.manifests,
        runtime: environment,
      },
      requests: requestOptions(flags, environment),
      roots: [environment.cwd],
      onBegin: progress?.begin,
      onRow: (row) => progress?.end(row.status === 'clean' ? { ...row, status: 'done' } : row),
    });
  } finally {
    progress?.stop();
  }
}

/** Raises `usage` for a flag of the instances in a comparison of manifests, which reads none. */
function refuseUnusedSource(flags: CompareFlags): void {
  refuseUnused(flags, ['snapshots'], (flag) => ({
    message: `--manifests cannot be combined with ${flag}: it compares no instance`,
    hint: 'leave one of them out',
  }));
  refuseConnectionFlags(flags, '--manifests');
}

/** Writes a comparison in all requested formats, files first. */
export async function deliverComparison(
  document: ComparisonDocument,
  {
    format,
    reports,
    environment,
  }: { format: CompareFormat; reports: readonly Report<CompareFormat>[]; environment: Environment },
): Promise<void> {
  for (const { format: other, file } of reports) {
    await deliverRendered(environment, { file, mode: PRIVATE }, () =>
      renderComparison(document, { format: other, colour: false }),
    );
  }
  const colour = mayColour(environment.stdout, environment.env);
  await printRendered(environment, () => renderComparison(document, { format, colour }));
}

async function renderComparison(
  document: ComparisonDocument,
  { format, colour }: { format: CompareFormat; colour: boolean },
): Promise<string> {
  switch (format) {
    case 'json':
      return jsonText(document);
    case 'text':
      return (await import('../../render/fleet/compare-text.js')).compareText(document, { colour });
    case 'markdown':
      return (await import('../../render/fleet/compare-markdown.js')).compareMarkdown(document);
    case 'html':
      return (await import('../../render/fleet-page/compare-html.js')).compareHtml(document);
    case 'csv':
      return (await import('../../render/fleet/compare-csv.js')).compareCsv(document);
  }
}
