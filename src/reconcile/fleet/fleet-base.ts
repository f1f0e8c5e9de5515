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
  entries: readonly FleetEntry[];
  manifestOf: (entry: FleetEntry) => Promise<ManifestInput>;
  cwd: string;
}

/**
 * Reads the base: the file that was named, else the one that all manifests of the selection have in common, with all
 * that it extends.
 *
 * @throws ProblemError where they have none in common, or several that do not extend each other.
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
  if (top === undefined) throw noBase('the manifests of the selected instances have no file in common');
  const manifest = await read(top);
  const covered = new Set(manifest.files);
  const other = common.find((file) => !covered.has(file));
  if (other !== undefined)
    throw noBase(`the manifests of the selected instances have both ${top} and ${other} in common`);
  return { file: top, manifest };
}

/** Manifests that every valid manifest of the selection reads, in the order in which the first one reads them. */
async function commonFiles({ inventory, entries, manifestOf }: BaseRequest): Promise<string[]> {
  let common: string[] | null = null;
  // An overlay extends nothing, so one entry per manifest is enough.
  const seen = new Set<string>();
  for (const entry of entries) {
    if (entry.suspended !== null || seen.has(entry.manifest.value)) continue;
    const files = await filesOf(manifestOf(entry));
    if (files === null) continue;
    seen.add(entry.manifest.value);
    const known = new Set(files);
    common = common === null ? [...files] : common.filter((file) => known.has(file));
  }
  const own = new Set(inventory.files.map(({ path }) => path));
  return (common ?? []).filter((file) => /\.ya?ml$/iu.test(file) && !own.has(file));
}

/** Null for a manifest that cannot be read: its row reports that. */
async function filesOf(loading: Promise<ManifestInput>): Promise<readonly string[] | null> {
  try {
    return (await loading).files;
  } catch (error) {
    if (error instanceof InvalidManifest || error instanceof ProblemError) return null;
    throw error;
  }
}

function noBase(message: string): ProblemError {
  return new ProblemError(
    problem('usage', message, { where: { what: '--base' }, hint: 'name one: --base FILE' }),
  );
}
