import type { ExportedFile } from '../../export/export-manifest.js';
import type { FleetDocument, InstanceFile } from '../../fleet/document.js';
import { openGroups } from '../../fleet/groups.js';
import { NOT_TRIED_NOTE } from '../../doctor/doctor.js';
import type { DoctorReport } from '../../doctor/doctor.js';
import type { RemainingRole } from '../../doctor/probe/clean-up.js';
import { FACTS } from '../../doctor/probe/facts.js';
import type { ProbeReport } from '../../doctor/probe/report.js';
import { toPlanWarning } from '../../plan/plan-warnings.js';
import { plainMessage } from '../../problem/problem.js';
import type { ProblemError } from '../../problem/problem.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import type { Connection } from '../connect.js';
import { examineInstance } from '../examine-instance.js';
import { exportInstance, exportSnapshot, exportTable, readForReview } from '../export-instance.js';
import type { ExportRequest, ExportedTable, ReviewedAccess } from '../export-instance.js';
import { probeInstance } from '../probe-instance.js';
import { finishFleet } from './finish-fleet.js';
import { withInstance } from './fleet-request.js';
import type { FleetRequest } from './fleet-request.js';
import { writeManifestFiles } from './manifest-files.js';
import { overInstances } from './over-instances.js';
import type { InstanceContext } from './over-instances.js';
import { BLANK_RESULT } from '../../fleet/rows.js';
import type { InstanceResult } from '../../fleet/rows.js';
import { overRemaining } from './over-remaining.js';

/** Checks the connection to every selected instance, and what each token can do. */
export function examineFleet(request: FleetRequest): Promise<FleetDocument> {
  return survey(request, { command: 'doctor', file: 'doctor.json' }, async (connection, { runtime }) => {
    const report = await examineInstance(connection, runtime);
    return { document: report, result: doctorResult(report) };
  });
}

/** Options of probing a fleet. */
export interface FleetProbeOptions {
  /** Absolute path of the state folder, whose journals name the throwaway roles of earlier probes. */
  state: string;
  /** Called with each throwaway role that an earlier probe left on an instance. */
  onLeft?: ((instance: string, role: RemainingRole) => void | Promise<void>) | undefined;
}

/** Tests how every selected instance behaves. Only reads: what needs throwaway roles stays unknown. */
export function probeFleet(
  request: FleetRequest,
  { state, onLeft }: FleetProbeOptions,
): Promise<FleetDocument> {
  return survey(request, { command: 'doctor', file: 'probe.json' }, async (connection, { runtime }) => {
    const options = { runtime, state, writes: false };
    const { report, left, withoutJournal, error, readFailure } = await probeInstance(connection, options);
    if (error !== null) throw error;
    for (const role of [...left, ...withoutJournal]) await onLeft?.(connection.instance, role);
    const result =
      readFailure === null ? { ...SUCCEEDED, because: differencesIn(report) } : unreadResult(readFailure);
    return { document: report, result };
  });
}

/** Exports a snapshot of every selected instance into the folder of the run. */
export function exportFleetSnapshots(request: FleetRequest): Promise<FleetDocument> {
  return survey(request, { command: 'export', file: 'snapshot.json' }, async (connection, { runtime }) => {
    const document = JSON.parse(await exportSnapshot(connection, runtime)) as unknown;
    return { document, result: SUCCEEDED };
  });
}

/** Exports a manifest of every selected instance into the folder of the run. */
export function exportFleetManifests(
  request: FleetRequest,
  options: ExportRequest = {},
): Promise<FleetDocument> {
  return survey(request, { command: 'export', file: 'manifest.yaml' }, async (connection) => ({
    files: await exportInstance(connection, options),
    result: SUCCEEDED,
  }));
}

type Found = Omit<InstanceResult, 'document'>;

/** The file of each table in the folder of an instance. */
const TABLE_FILES = { people: 'people.csv', matrix: 'matrix.csv' } as const satisfies Record<
  ExportedTable,
  InstanceFile
>;

/** Options of exporting tables. */
export interface FleetTableOptions {
  /** Add a column with the owners of roles, from the manifest of each instance? */
  owners?: boolean | undefined;
}

/** Exports a CSV table of every selected instance into the folder of the run. */
export function exportFleetTables(
  request: FleetRequest,
  table: ExportedTable,
  { owners = false }: FleetTableOptions = {},
): Promise<FleetDocument> {
  return survey(request, { command: 'export', file: TABLE_FILES[table] }, async (connection, { entry }) => {
    const manifest = owners ? await request.manifestOf(entry) : null;
    return { document: await exportTable(table, connection, { manifest }), result: SUCCEEDED };
  });
}

/** Options of exporting pages for access reviews. */
export interface FleetReviewOptions {
  /** Read the owners of roles from the manifest of each instance? */
  owners: boolean;
  /** Renders the page of one instance. */
  page: (reviewed: ReviewedAccess) => string;
}

/** Exports a page for an access review of every selected instance into the folder of the run. */
export function exportFleetReviews(
  request: FleetRequest,
  { owners, page }: FleetReviewOptions,
): Promise<FleetDocument> {
  return survey(request, { command: 'export', file: 'access.html' }, async (connection, { entry }) => {
    const manifest = owners ? await request.manifestOf(entry) : null;
    return { document: page(await readForReview(connection, manifest)), result: SUCCEEDED };
  });
}

/** The result of one instance, with its document or the files of its manifest. */
type Surveyed = { result: Found } & ({ document: unknown } | { files: readonly ExportedFile[] });

const SUCCEEDED: Found = { ...BLANK_RESULT, status: 'clean', exit: 0 };

async function survey(
  request: FleetRequest,
  { command, file }: { command: 'doctor' | 'export'; file: InstanceFile },
  look: (connection: Connection, context: InstanceContext & { entry: FleetEntry }) => Promise<Surveyed>,
): Promise<FleetDocument> {
  const groups = openGroups();
  const one = async (entry: FleetEntry, context: InstanceContext): Promise<InstanceResult> => {
    const surveyed = await withInstance(request, { entry, context, purpose: 'read' }, (connection) =>
      look(connection, { ...context, entry }),
    );
    const { folder } = request;
    const document =
      'files' in surveyed
        ? await writeManifestFiles(folder.path, entry.name, surveyed.files)
        : await folder.writeInstance(entry.name, file, surveyed.document);
    return { ...surveyed.result, document };
  };
  const rows = await overRemaining(request, { groups, file }, (rest) =>
    overInstances(rest.entries, { ...rest, count: { failures: 0 } }, one),
  );
  return finishFleet(request, { command, rows, groups });
}

/** The result of a probe without some of its reads. */
function unreadResult(error: ProblemError): Found {
  const problems = error.problems.map(toPlanWarning);
  return { ...BLANK_RESULT, status: 'failed', exit: 1, problems, because: plainMessage(error) };
}

/** The facts that differ from what is documented; null for none. */
function differencesIn({ facts }: ProbeReport): string | null {
  const differing = facts.filter(({ verdict }) => verdict === 'differs');
  if (differing.length === 0) return null;
  return differing.map(({ id, value }) => `${FACTS[id].title}: ${value}`).join('; ');
}

function doctorResult({ verdict, checks }: DoctorReport): Found {
  const failed = checks.filter(({ ok, required }) => !ok && required);
  if (!Object.values(verdict).includes('not-ready')) return SUCCEEDED;
  // What was not tried is a consequence of what failed.
  const causes = new Set(failed.map(({ note }) => note).filter((note) => note !== NOT_TRIED_NOTE));
  return { ...SUCCEEDED, status: 'failed', exit: 1, because: [...causes].join('; ') };
}
