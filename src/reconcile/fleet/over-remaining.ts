import type { FleetRow } from '../../fleet/document.js';
import { recordRow } from './finish-fleet.js';
import type { FleetRequest } from './fleet-request.js';
import { resumeRun } from './resume-run.js';
import type { GroupedDocuments } from './resume-run.js';

/**
 * Does the work for the entries that an earlier run in the folder did not finish, and records each row. Returns the rows
 * of all entries.
 */
export async function overRemaining<R extends FleetRequest>(
  request: R,
  documents: GroupedDocuments,
  work: (rest: R) => Promise<readonly FleetRow[]>,
): Promise<FleetRow[]> {
  const { folder } = request;
  const { kept, left, withAttempts } = await resumeRun(folder, request.entries, documents);
  const onRow = async (row: FleetRow): Promise<void> => {
    await recordRow(request, withAttempts(row));
    await request.onRow?.(row);
  };
  const rows = await work({ ...request, entries: left, onRow });
  return [...kept, ...rows.map(withAttempts)];
}
