import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExportedFile } from '../../export/export-manifest.js';
import { FLEET_FILES } from '../../fleet/document.js';
import { INCOMPLETE_TEXT } from '../../manifest/form/incomplete.js';
import {
  openPrivateFolder,
  targetOfHalfWritten,
  unusableFile,
  writeAtomically,
} from '../../journal/files.js';
import { nullIfAbsent } from '../../problem/system-error.js';

/** What an export of a single file names its manifest, and what the folder of an instance names it. */
const [EXPORTED, OWN] = ['domo-roles.yaml', 'manifest.yaml'] as const;

/** What one layout writes and another does not. */
const LAYOUTS: readonly string[] = [OWN, 'members', 'domo-roles'];

/**
 * Writes the files of an exported manifest into the folder of an instance, in place of those of an earlier try. Returns
 * the path of the file with the settings, relative to the folder of the run.
 */
export async function writeManifestFiles(
  run: string,
  instance: string,
  files: readonly ExportedFile[],
): Promise<string> {
  const own = join(run, FLEET_FILES.instances, instance);
  await openPrivateFolder(own);
  await removeLayouts(own);
  const named = files.map(({ path, text }) => ({ path: path === EXPORTED ? OWN : path, text }));
  const folders = new Set(named.flatMap(({ path }) => parents(path)));
  for (const folder of folders) await openPrivateFolder(join(own, folder));
  // An export writes the settings to its first file. Until all others are written, that is no manifest.
  const main = named[0]?.path ?? OWN;
  const placeholders = named.length > 1 ? [{ path: main, text: INCOMPLETE_TEXT }] : [];
  const inOrder = [...placeholders, ...named.slice(1), ...named.slice(0, 1)];
  // A read can be repeated after a power failure.
  for (const { path, text } of inOrder) await writeAtomically(join(own, path), text, { durable: false });
  return `${FLEET_FILES.instances}/${instance}/${main}`;
}

/** The folders above a path, outermost first. */
function parents(path: string): string[] {
  const above = dirname(path);
  return above === '.' ? [] : [...parents(above), above];
}

/**
 * Deletes the files of an earlier try. Each is renamed first: a run that is killed while it deletes a folder would leave a part
 * of it, which could be a valid manifest. The next try deletes what was renamed and left.
 */
async function removeLayouts(folder: string): Promise<void> {
  for (const name of LAYOUTS) {
    const path = join(folder, name);
    await rename(path, `${path}.${randomUUID()}.tmp`)
      .catch(nullIfAbsent)
      .catch((error: unknown) => {
        throw unusableFile(path, 'it cannot be deleted', error);
      });
  }
  for (const name of await readdir(folder))
    if (LAYOUTS.includes(targetOfHalfWritten(name) ?? '')) await remove(join(folder, name));
}

async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch((error: unknown) => {
    throw unusableFile(path, 'it cannot be deleted', error);
  });
}
