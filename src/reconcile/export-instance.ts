import { exportManifest } from '../export/export-manifest.js';
import type { ExportedFile } from '../export/export-manifest.js';
import { snapshotToJson } from '../live/file.js';
import type { Connection } from './connect.js';
import { readWholeSnapshot } from './read-live-state.js';
import { timeOf } from './runtime.js';
import type { Runtime } from './runtime.js';

/** How an instance is written as a manifest. */
export interface ExportRequest {
  /** One file per role. */
  split?: boolean | undefined;
  /** Members in files of their own, one address per line. */
  membersFiles?: boolean | undefined;
}

/** Writes what is live as a manifest: planned again, it changes nothing. */
export async function exportInstance(
  connection: Connection,
  { split = false, membersFiles = false }: ExportRequest = {},
): Promise<ExportedFile[]> {
  return exportManifest(await readWholeSnapshot(connection.reader), { split, membersFiles });
}

/** Writes what is live as a snapshot document, which can be planned against offline. */
export async function exportSnapshot(connection: Connection, runtime: Runtime): Promise<string> {
  return snapshotToJson(await readWholeSnapshot(connection.reader), { takenAt: timeOf(runtime) });
}
