import { resolve } from 'node:path';
import { usageError, type ProblemError } from '../../problem/problem.js';
import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { isWithin, kindOf } from '../../manifest/files/paths.js';
import { openParseCache } from '../../manifest/load/parse-file.js';
import { membersIn, referencesOf } from '../../manifest/load/references.js';
import type { Environment } from '../environment.js';
import { noteInputs } from '../ledger.js';

/** The files that a run over instances reads and writes, other than its reports. */
interface FilesOfRun {
  inventory: Inventory;
  entries: readonly FleetEntry[];
  /** What `--policy` names: a file, or `REV:PATH`. */
  policy: string | undefined;
  /** Folders by the flag or command that owns them; undefined for a flag that was not given. */
  folders: FoldersOfRun;
}

type FoldersOfRun = Readonly<Record<string, string | undefined>>;

/**
 * Raises `usage` if a report would replace a file that a manifest reads or the policy file, or be written into a folder
 * of a run: what a run did not write makes its folder unusable.
 */
export async function refuseReports(
  { inventory, entries, policy, folders }: FilesOfRun,
  environment: Environment,
): Promise<void> {
  const { cwd, ledger } = environment;
  if (ledger.outputs.size === 0) return;
  refuseReportsIn(folders, environment);
  if (policy !== undefined && (await kindOf(resolve(cwd, policy))) !== null)
    await noteInputs(environment, [policy]);
  const cache = openParseCache();
  const manifests = new Set(entries.map(({ manifest }) => resolve(inventory.folder, manifest.value)));
  for (const path of manifests) {
    const { files, members } = await referencesOf(path, { cwd, cache, folders: [inventory.folder] });
    await noteInputs(environment, [...files, ...members]);
  }
  const own = entries.flatMap(({ overlay }) => overlay ?? []);
  await noteInputs(
    environment,
    own.flatMap((overlay) => membersIn(overlay, resolve(cwd, inventory.file))),
  );
}

/** Raises `usage` if a report would be written into one of these folders. */
export function refuseReportsIn(
  folders: FoldersOfRun,
  { cwd, ledger }: Pick<Environment, 'cwd' | 'ledger'>,
): void {
  for (const [flag, folder] of Object.entries(folders)) {
    if (folder === undefined) continue;
    const path = resolve(cwd, folder);
    for (const [output, by] of ledger.paths) if (isWithin(output, path)) throw withinFolder(by, flag);
  }
}

function withinFolder(by: string, flag: string): ProblemError {
  return usageError(`${by} lies in the folder of ${flag}`, {
    what: by,
    hint: 'write the report outside of it: the folder holds the documents of one run alone',
  });
}
