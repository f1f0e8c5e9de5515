import { dirname, join, resolve } from 'node:path';
import { FLEET_FILES } from '../../fleet/document.js';
import type { Inventory } from '../../inventory/inventory.js';
import { displayPath, isWithin, kindOf, realPlaceOf } from '../../manifest/files/paths.js';
import { usageError, type ProblemError } from '../../problem/problem.js';
import type { Environment } from '../environment.js';

/** What a run reads, by what names it; undefined for a flag that was not given. */
type ReadPaths = Readonly<Record<string, string | undefined>>;

/**
 * Raises `usage` if the folder of a run is or contains what the run reads, which would be cleared, or if it lies in the folder
 * of another run, which holds the documents of that run alone. Links are followed.
 */
export async function refuseSharedFolder(
  out: string,
  reads: ReadPaths,
  { cwd }: Pick<Environment, 'cwd'>,
): Promise<void> {
  const path = await realPlaceOf(resolve(cwd, out));
  for (const [by, read] of Object.entries(reads)) {
    if (read === undefined || !isWithin(await realPlaceOf(resolve(cwd, read)), path)) continue;
    throw unusable(`--out is the folder that ${by} reads`);
  }
  for (let at = dirname(path); at !== dirname(at); at = dirname(at))
    if ((await kindOf(join(at, FLEET_FILES.log))) === 'file')
      throw unusable(`--out lies in ${displayPath(at, cwd)}, the folder of another run`);
}

/** Raises `usage` if the folder of a run contains a manifest of an instance, which would be deleted. */
export async function refuseManifestsIn(
  out: string,
  { folder, entries }: Pick<Inventory, 'folder' | 'entries'>,
  { cwd }: Pick<Environment, 'cwd'>,
): Promise<void> {
  const path = await realPlaceOf(resolve(cwd, out));
  for (const { name, manifest } of entries) {
    const place = await realPlaceOf(resolve(folder, manifest.value));
    // A run does not take a manifest or a folder of them for its folder.
    if (place !== path && isWithin(place, path))
      throw unusable(`--out contains the manifest of ${name}, which the run would delete`);
  }
}

/** Are two paths the same place, however they are spelled? */
export async function isSamePlace(path: string, other: string): Promise<boolean> {
  return (await realPlaceOf(path)) === (await realPlaceOf(other));
}

function unusable(message: string): ProblemError {
  return usageError(message, {
    what: '--out',
    hint: 'use another folder: it holds the documents of one run alone',
  });
}
