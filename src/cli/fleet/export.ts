import { selectionOf } from '../../manifest/selection.js';
import {
  exportFleetManifests,
  exportFleetReviews,
  exportFleetSnapshots,
  exportFleetTables,
} from '../../reconcile/fleet/survey-fleet.js';
import type { FleetDocument } from '../../fleet/document.js';
import type { FleetRequest } from '../../reconcile/fleet/fleet-request.js';
import { timeOf } from '../../reconcile/runtime.js';
import type { Grouping } from '../../render/facts/owners.js';
import { alternatives } from '../../render/format/phrases.js';
import type { Environment } from '../../shell/environment.js';
import type { Exit } from '../../shell/exit.js';
import { deliverFleet, planFleetOutputs } from '../../shell/fleet/fleet-output.js';
import type { FleetOutputFlags } from '../../shell/fleet/fleet-output.js';
import { runFleet } from '../../shell/fleet/fleet-run.js';
import type { FleetRunFlags } from '../../shell/fleet/fleet-run.js';
import type { ExportFormat, ExportedFormat } from '../../shell/fleet/formats.js';
import { OWNER_FORMATS } from '../../shell/formats.js';
import { resumedFlags } from '../../shell/fleet/resumed-flags.js';
import { refuseUnused } from '../../shell/unused-flags.js';

/** Flags that shape the files of an export. */
interface ExportShape {
  compact?: boolean | undefined;
  split?: boolean | undefined;
  membersFiles?: boolean | undefined;
  without?: readonly string[] | undefined;
  /** Shows the owners of roles: a page groups its roles by them, a table has a column for them. */
  groupBy?: Grouping | undefined;
}

/** Flags of `fleet export`. */
interface FleetExportFlags extends FleetRunFlags, Omit<FleetOutputFlags, 'format' | 'groupBy'>, ExportShape {
  format: ExportFormat;
}

/** `fleet export`: writes the live state of every selected instance into a folder. */
export async function exportFleet(given: FleetExportFlags, environment: Environment): Promise<Exit> {
  refuseRowsFlag(given);
  // A resumed run takes its format from its folder.
  if (given.resume === undefined || given.format !== 'snapshot') refuseOtherFormats(given);
  const exported = given.format === 'snapshot' ? undefined : given.format;
  const { format: _format, ...rest } = await resumedFlags({ ...given, exported }, environment);
  const { groupBy: _groupBy, ...others } = rest;
  // Check the parts before the first request.
  selectionOf({ without: rest.without });
  const output = { ...others, format: 'text' as const };
  const reports = await planFleetOutputs(output, environment);
  const { document, folder } = await runFleet({ command: 'export', flags: rest, environment }, (request) =>
    exportAs(request.selection.flags.exported as ExportedFormat | undefined, request, {
      ...rest,
      environment,
    }),
  );
  await deliverFleet(document, { flags: output, reports, folder, environment });
  return document.summary.exit as Exit;
}

async function exportAs(
  format: ExportedFormat | undefined,
  request: FleetRequest,
  { environment, compact, split, membersFiles, without, groupBy }: ExportShape & { environment: Environment },
): Promise<FleetDocument> {
  const owners = groupBy !== undefined;
  switch (format) {
    case 'manifest':
      return exportFleetManifests(request, { compact, split, membersFiles, without });
    case 'csv':
      return exportFleetTables(request, 'people', { owners });
    case 'matrix-csv':
      return exportFleetTables(request, 'matrix', { owners });
    case 'html': {
      const { accessReviewHtml } = await import('../../render/html/access-review.js');
      return exportFleetReviews(request, {
        owners,
        page: (reviewed) =>
          accessReviewHtml(reviewed.snapshot, {
            takenAt: timeOf(environment),
            ...(reviewed.owners ? { owners: reviewed.owners } : {}),
            ...(groupBy ? { groupBy } : {}),
          }),
      });
    }
    case undefined:
      return exportFleetSnapshots(request);
  }
}

/** Raises `usage` for flags that the format does not accept. */
function refuseOtherFormats(flags: FleetExportFlags): void {
  const explain = (formats: string) => (flag: string) => ({
    message: `${flag} cannot be combined with --format ${flags.format}`,
    hint: `leave it out, or use --format ${formats}`,
  });
  if (flags.format !== 'manifest')
    refuseUnused(flags, ['split', 'membersFiles', 'compact', 'without'], explain('manifest'));
  if (!OWNER_FORMATS.includes(flags.format))
    refuseUnused(flags, ['groupBy'], explain(alternatives(OWNER_FORMATS)));
}

/** Raises `usage` for `--csv` without a report that has rows: the tables of an export have none. */
function refuseRowsFlag(flags: FleetExportFlags): void {
  if (flags.report?.some((report) => report.startsWith('csv='))) return;
  refuseUnused(flags, ['csv'], (flag) => ({
    message: `${flag} is about the report of the run, and no report is CSV`,
    hint: `add --report csv=FILE, or leave out ${flag}`,
  }));
}
