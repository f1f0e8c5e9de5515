import { groupBy } from '../../model/group.js';
import { resolve } from 'node:path';
import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { displayPath } from '../../manifest/files/paths.js';
import { ProblemError, usageError } from '../../problem/problem.js';
import { InvalidManifest } from '../errors.js';
import { readManifest } from '../load-manifest.js';
import type { ManifestInput } from '../load-manifest.js';

/** The base that instances are compared with. */
export interface FleetBase {
  /** Relative to the working directory. */
  file: string;
  manifest: ManifestInput;
}

/** The input of finding the base. */
export interface BaseRequest {
  inventory: Inventory;
  manifestOf: (entry: FleetEntry) => Promise<ManifestInput>;
  cwd: string;
}

/**
 * Reads the base with everything that it extends: the named file, else the file that the manifests of most instances
 * share. It does not depend on the selection.
 *
 * @throws ProblemError if no manifest can be read, if most share no file, or if they share several that do not extend each
 * other.
 */
export async function readBase(request: BaseRequest, named?: string): Promise<FleetBase> {
  const read = (file: string): Promise<ManifestInput> =>
    readManifest([file], request.cwd, { folders: [request.inventory.folder] });
  if (named !== undefined) {
    const file = displayPath(resolve(request.cwd, named), request.cwd);
    return { file, manifest: await read(file) };
  }
  const common = await commonFiles(request);
  const [top] = common;
  if (top === undefined) throw noBase('most manifests of the fleet have no file in common');
  const manifest = await read(top);
  const covered = new Set(manifest.files);
  const other = common.find((file) => !covered.has(file));
  if (other !== undefined) throw noBase(`the manifests of the fleet have both ${top} and ${other} in common`);
  return { file: top, manifest };
}

/** The most manifests that are read to find the base; reading all of a large fleet would take as long as comparing. */
const MOST_READ = 32;

/** The files that most instances share, in the order in which their manifests read them. */
async function commonFiles({ inventory, manifestOf }: BaseRequest): Promise<string[]> {
  const active = inventory.entries.filter(({ suspended }) => suspended === null);
  // Overlays extend nothing, so one entry per manifest is enough.
  const byManifest = groupBy(active, ({ manifest }) => manifest.value);
  const counts = new Map<string, number>();
  let total = 0;
  for (const entries of spread([...byManifest.values()], MOST_READ)) {
    const files = await filesOfFirst(entries, manifestOf);
    if (files === null) continue;
    total += entries.length;
    // With a single instance, its own manifest is the base only if it extends nothing.
    const shared = active.length === 1 && files.length > 1 ? files.slice(1) : files;
    for (const file of shared) counts.set(file, (counts.get(file) ?? 0) + entries.length);
  }
  if (total === 0 && active.length > 0)
    throw noBase(
      'no manifest of the fleet can be read',
      'correct them: domo-roles fleet validate lists what is wrong',
    );
  const own = new Set(inventory.files.map(({ path }) => path));
  const found = [...counts].filter(([file]) => /\.ya?ml$/iu.test(file) && !own.has(file));
  const most = Math.max(0, ...found.map(([, count]) => count));
  return most * 2 > total ? found.flatMap(([file, count]) => (count === most ? [file] : [])) : [];
}

/** At most `most` items, evenly spread over a list. */
function spread<T>(list: readonly T[], most: number): T[] {
  const step = Math.max(1, list.length / most);
  return Array.from(
    { length: Math.min(list.length, most) },
    (_, index) => list[Math.floor(index * step)] as T,
  );
}

/** The files of the manifest that these entries share. Tries several, because one may have an invalid overlay. */
async function filesOfFirst(
  entries: readonly FleetEntry[],
  manifestOf: BaseRequest['manifestOf'],
): Promise<readonly string[] | null> {
  for (const entry of entries) {
    const files = await filesOf(manifestOf(entry));
    if (files !== null) return files;
  }
  return null;
}

/** The files of a manifest; null if it cannot be read, which its row reports. */
async function filesOf(loading: Promise<ManifestInput>): Promise<readonly string[] | null> {
  try {
    const { files, loaded } = await loading;
    const policy = loaded.manifest.policyFile?.path ?? null;
    return files.filter((file) => file !== policy);
  } catch (error) {
    if (error instanceof InvalidManifest || error instanceof ProblemError) return null;
    throw error;
  }
}

function noBase(message: string, hint = 'specify one: --base FILE'): ProblemError {
  return usageError(message, { what: '--base', hint });
}
