import { join } from 'node:path';
import { FLEET_FILES, isToRepeat } from '../../fleet/document.js';
import type { FleetDocument } from '../../fleet/document.js';
import { displayPath, kindOf } from '../../manifest/files/paths.js';
import type { Grouping } from '../../render/facts/owners.js';
import type { Reword } from '../../render/fleet/fleet-facts.js';
import { shellPath } from '../../render/format/shell-word.js';
import { PRIVATE, deliverRendered, note, printRendered } from '../deliver.js';
import { mayColour } from '../environment.js';
import type { Environment } from '../environment.js';
import { planOutputs } from '../ledger.js';
import { jsonText } from '../../model/json-text.js';
import { formatsOf, parseReports } from '../reports.js';
import type { Report } from '../reports.js';
import { refuseUngrouped, refuseUnused } from '../unused-flags.js';
import { changesByOwner } from './changes-by-owner.js';
import { FLEET_FORMATS } from './formats.js';
import type { FleetFormat } from './formats.js';

/** Flags for the output of a fleet document. */
export interface FleetOutputFlags {
  format: FleetFormat;
  csv?: 'rows' | 'changes' | undefined;
  report?: readonly string[] | undefined;
  impactLimit?: number | undefined;
  /** Groups changes in text, Markdown and HTML. */
  groupBy?: Grouping | undefined;
}

type FleetReport = Report<FleetFormat>;

/**
 * Parses `--report FORMAT=FILE`. Raises `usage` if a file is an input or another output, and for `--csv` and `--group-by`
 * without an output that they change.
 */
export async function planFleetOutputs(
  flags: FleetOutputFlags,
  environment: Environment,
): Promise<FleetReport[]> {
  const reports = await planReports(flags.report, FLEET_FORMATS, environment);
  const formats = formatsOf(flags.format, reports);
  refuseUngrouped(flags, formats);
  if (!formats.includes('csv'))
    refuseUnused(flags, ['csv'], (flag) => ({
      message: `${flag} needs CSV, and no output has this format`,
      hint: `add --format csv or --report csv=FILE, or leave out ${flag}`,
    }));
  return reports;
}

/** The same for a document with other formats. */
export async function planReports<F extends string>(
  words: readonly string[] | undefined,
  formats: readonly F[],
  environment: Environment,
): Promise<Report<F>[]> {
  const reports = parseReports(words, formats);
  await planOutputs(
    environment,
    reports.map(({ format, file }) => ({ by: `--report ${format}`, file })),
  );
  return reports;
}

/** Options of writing a fleet document. */
interface FleetDelivery {
  flags: FleetOutputFlags;
  reports: readonly FleetReport[];
  /** The folder of the run, whose documents the page shows. */
  folder: string;
  environment: Environment;
}

/** Writes the requested reports. */
export async function deliverFleetReports(
  document: FleetDocument,
  { flags, reports, folder, environment }: FleetDelivery,
): Promise<void> {
  for (const { format, file } of reports) {
    await deliverRendered(environment, { file, mode: PRIVATE }, () =>
      renderFleet(document, { ...flags, format, folder, colour: false }),
    );
  }
}

/** Writes a fleet document in all requested formats, files first. */
export async function deliverFleet(document: FleetDocument, delivery: FleetDelivery): Promise<void> {
  await deliverFleetReports(document, delivery);
  const { flags, folder, environment } = delivery;
  const colour = mayColour(environment.stdout, environment.env);
  await printRendered(environment, () => renderFleet(document, { ...flags, folder, colour }));
  await noteFailures(document, folder, environment);
}

/** Prints how to resume the run, or to repeat only what failed, if the folder has the document that the flag reads. */
async function noteFailures(
  { rows, command }: FleetDocument,
  folder: string,
  environment: Environment,
): Promise<void> {
  if (!rows.some(isToRepeat)) return;
  if ((await kindOf(join(folder, FLEET_FILES.document))) !== 'file') return;
  const shown = shellPath(displayPath(folder, environment.cwd) || '.');
  // Another run has no record of the changes that are in place: it may refuse the rest as stale.
  const hint = rows.some(({ status }) => status === 'incomplete')
    ? `To resume this run where it stopped: --resume ${shown}`
    : `To repeat only the instances that failed or did not start: ${command === 'dry-run' ? '--dry-run ' : ''}--failed-from ${shown}`;
  await note(environment, hint);
}

/** Renders a fleet document. Renderers are loaded on first use. Only text and Markdown use `reword`. */
export async function renderFleet(
  document: FleetDocument,
  {
    format,
    csv,
    impactLimit,
    groupBy,
    folder,
    colour,
    reword,
  }: FleetOutputFlags & { folder: string; colour: boolean; reword?: Reword | undefined },
): Promise<string> {
  switch (format) {
    case 'json':
      return jsonText(document);
    case 'text':
      return (await import('../../render/fleet/fleet-text.js')).fleetText(document, {
        colour,
        limit: impactLimit,
        byOwner: await changesByOwner(document, { groupBy, folder }),
        reword,
      });
    case 'markdown':
      return (await import('../../render/fleet/fleet-markdown.js')).fleetMarkdown(document, {
        byOwner: await changesByOwner(document, { groupBy, folder }),
        reword,
      });
    case 'html': {
      const { openFleetPage } = await import('../../render/fleet-page/fleet-html.js');
      const { addInstances } = await import('./fleet-page.js');
      const page = openFleetPage(document, { groupBy });
      await addInstances(page, document, folder);
      return page.html();
    }
    case 'junit':
      return (await import('../../render/fleet/fleet-junit.js')).fleetJunit(document);
    case 'csv': {
      const { fleetChangesCsv, fleetCsv } = await import('../../render/fleet/fleet-csv.js');
      return csv === 'changes' ? fleetChangesCsv(document) : fleetCsv(document);
    }
  }
}
