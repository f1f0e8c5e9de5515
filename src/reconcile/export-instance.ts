import { ownersOfLive } from '../desired/roles/role-owners.js';
import { exportManifest } from '../export/export-manifest.js';
import type { ExportedFile } from '../export/export-manifest.js';
import { matrixCsv, peopleCsv } from '../export/tables.js';
import { snapshotToJson } from '../live/snapshot-file.js';
import { selectionOf } from '../manifest/selection.js';
import type { SelectionRequest } from '../manifest/selection.js';
import type { RoleId } from '../model/ids.js';
import { checkChoice, checkList } from '../problem/given.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Connection } from './connect.js';
import type { ManifestInput } from './load-manifest.js';
import { refuseMismatch } from './plan-manifest.js';
import { readWholeSnapshot } from './read-live-state.js';
import { timeOf } from './runtime.js';
import type { Runtime } from './runtime.js';

/** Options of an exported manifest. With `only` or `without`, it fits any instance. */
export interface ExportRequest extends SelectionRequest {
  /** Factors grants into sets and `from`; otherwise every role has a plain list. */
  compact?: boolean | undefined;
  /** One file per role. */
  split?: boolean | undefined;
  /** Members in separate files, one address per line. */
  membersFiles?: boolean | undefined;
}

/**
 * Exports live state as a manifest. Planning it changes nothing.
 *
 * @throws ProblemError for an unknown role or part, or if the selection is empty.
 */
export async function exportInstance(
  connection: Connection,
  { compact, split, membersFiles, only, without }: ExportRequest = {},
): Promise<ExportedFile[]> {
  // Check the selection before the first request.
  selectionOf({ only, without });
  const snapshot = await readWholeSnapshot(connection.reader);
  return exportManifest(snapshot, { compact, split, membersFiles, only, without });
}

/** The input of an access review. */
export interface ReviewedAccess {
  snapshot: Snapshot;
  /** The owners of live roles by role id; null without a manifest. */
  owners: ReadonlyMap<RoleId, string> | null;
}

/**
 * Reads live state for an access review, with the owners from a manifest.
 *
 * @throws Refused if the manifest is for another instance.
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

/** Exports live state as a snapshot, for planning offline. */
export async function exportSnapshot(connection: Connection, runtime: Runtime): Promise<string> {
  return snapshotToJson(await readWholeSnapshot(connection.reader), { takenAt: timeOf(runtime) });
}

/** The CSV tables for auditors: people with their roles, or roles with their grants. */
export type ExportedTable = 'people' | 'matrix';

/** Options of an exported table. */
export interface TableRequest {
  /** Names of roles. Default: all roles. */
  only?: readonly string[] | undefined;
  /** Adds a column with the owners of roles from this manifest. */
  manifest?: ManifestInput | null | undefined;
}

/**
 * Exports live state as a CSV table.
 *
 * @throws ProblemError for an unknown role.
 * @throws Refused if the manifest is for another instance.
 */
export async function exportTable(
  table: ExportedTable,
  connection: Connection,
  { only, manifest = null }: TableRequest = {},
): Promise<string> {
  checkChoice('table', table, ['people', 'matrix']);
  checkList('only', only);
  const { snapshot, owners } = await readForReview(connection, manifest);
  return table === 'people' ? peopleCsv(snapshot, { only, owners }) : matrixCsv(snapshot, { only, owners });
}
