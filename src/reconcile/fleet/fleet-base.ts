import { resolve } from 'node:path';
import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { displayPath } from '../../manifest/paths.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { InvalidManifest } from '../errors.js';
import { readManifest } from '../load-manifest.js';
import type { ManifestInput } from '../load-manifest.js';

/** What the instances of a fleet are compared with. */
export interface FleetBase {
  /** Relative to where the command started. */
  file: string;
  manifest: ManifestInput;
}

/** Where a base is looked for. */
export interface BaseRequest {
  inventory: Inventory;
  manifestOf: (entry: FleetEntry) => Promise<ManifestInput>;
  cwd: string;
}

/**
 * Reads the base: the file that was named, else the one that the most instances of the inventory have in common, with all
 * that it extends. It does not depend on what is selected.
 *
 * @throws ProblemError where no manifest can be read, most have none in common, or several that do not extend each
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

/** Manifests that are looked into: of a large fleet not all, or finding the base would take as long as comparing. */
const MOST_READ = 32;

/** The files that the most instances have in common, in the order in which their manifests read them. */
async function commonFiles({ inventory, manifestOf }: BaseRequest): Promise<string[]> {
  const active = inventory.entries.filter(({ suspended }) => suspended === null);
  // An overlay extends nothing, so one entry per manifest is enough.
  const byManifest = new Map<string, FleetEntry[]>();
  for (const entry of active) {
    const path = entry.manifest.value;
    byManifest.set(path, [...(byManifest.get(path) ?? []), entry]);
  }
  const counts = new Map<string, number>();
  let total = 0;
  for (const entries of spread([...byManifest.values()], MOST_READ)) {
    const files = await filesOfFirst(entries, manifestOf);
    if (files === null) continue;
    total += entries.length;
    // The manifest of the only instance is not a base, where it extends one.
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

/** Items from all over a list, at most so many. */
function spread<T>(list: readonly T[], most: number): T[] {
  const step = Math.max(1, list.length / most);
  return Array.from(
    { length: Math.min(list.length, most) },
    (_, index) => list[Math.floor(index * step)] as T,
  );
}

/** What the manifest of these entries reads. One of them may have an overlay that is wrong. */
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

/** Null for a manifest that cannot be read: its row reports that. */
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

function noBase(message: string, hint = 'name one: --base FILE'): ProblemError {
  return new ProblemError(problem('usage', message, { where: { what: '--base' }, hint }));
}
