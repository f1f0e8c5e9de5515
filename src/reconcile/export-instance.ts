import { ownersOfLive } from '../desired/role-owners.js';
import { exportManifest } from '../export/export-manifest.js';
import type { ExportedFile } from '../export/export-manifest.js';
import { matrixCsv, peopleCsv } from '../export/tables.js';
import type { TableOptions } from '../export/tables.js';
import { snapshotToJson } from '../live/file.js';
import { selectionOf } from '../manifest/selection.js';
import type { SelectionRequest } from '../manifest/selection.js';
import type { RoleId } from '../model/ids.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Connection } from './connect.js';
import type { ManifestInput } from './load-manifest.js';
import { refuseMismatch } from './plan-manifest.js';
import { readWholeSnapshot } from './read-live-state.js';
import { timeOf } from './runtime.js';
import type { Runtime } from './runtime.js';

/** How an instance is written as a manifest. With `only` or `without`, it fits any instance. */
export interface ExportRequest extends SelectionRequest {
  /** Factors grants into sets and `from`; otherwise every role has a plain list. */
  compact?: boolean | undefined;
  /** One file per role. */
  split?: boolean | undefined;
  /** Members in files of their own, one address per line. */
  membersFiles?: boolean | undefined;
}

/**
 * Writes what is live as a manifest: planned again, it changes nothing.
 *
 * @throws ProblemError for an unknown role or part, or where nothing is left to write.
 */
export async function exportInstance(
  connection: Connection,
  { compact, split, membersFiles, only, without }: ExportRequest = {},
): Promise<ExportedFile[]> {
  // A wrong word is found before the first request.
  selectionOf({ only, without });
  const snapshot = await readWholeSnapshot(connection.reader);
  return exportManifest(snapshot, { compact, split, membersFiles, only, without });
}

/** What an access review shows. */
export interface ReviewedAccess {
  snapshot: Snapshot;
  /** Who answers for live roles, by the role's id; null without a manifest. */
  owners: ReadonlyMap<RoleId, string> | null;
}

/**
 * Reads what is live for an access review, with the owners that a manifest gives its roles.
 *
 * @throws Refused where the manifest is for another instance.
 */
export async function readForReview(
  connection: Connection,
  manifest: ManifestInput | null,
): Promise<ReviewedAccess> {
  const snapshot = await readWholeSnapshot(connection.reader);
  if (manifest === null) return { snapshot, owners: null };
  refuseMismatch(manifest.loaded, snapshot);
  return { snapshot, owners: ownersOfLive(manifest.loaded, snapshot.roles) };
}

/** Writes what is live as a snapshot document, which can be planned against offline. */
export async function exportSnapshot(connection: Connection, runtime: Runtime): Promise<string> {
  return snapshotToJson(await readWholeSnapshot(connection.reader), { takenAt: timeOf(runtime) });
}

/** Tables of an instance, as CSV for auditors: people with their roles, or roles with their grants. */
export type ExportedTable = 'people' | 'matrix';

/**
 * Writes what is live as a table in CSV.
 *
 * @throws ProblemError for an unknown role.
 */
export async function exportTable(
  table: ExportedTable,
  connection: Connection,
  options: TableOptions = {},
): Promise<string> {
  const snapshot = await readWholeSnapshot(connection.reader);
  return table === 'people' ? peopleCsv(snapshot, options) : matrixCsv(snapshot, options);
}
