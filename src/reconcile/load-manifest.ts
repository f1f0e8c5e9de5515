import type { LoadedManifest } from '../manifest/manifest.js';
import { categoryOf } from '../problem/codes.js';
import { ProblemError } from '../problem/problem.js';
import { InvalidManifest } from './errors.js';

/** A valid manifest, with the texts that code frames need. */
export interface ManifestInput {
  loaded: LoadedManifest;
  files: readonly string[];
  sources: ReadonlyMap<string, string>;
}

/**
 * Loads and checks a manifest. Paths are relative to `cwd`; without one it is `domo-roles.yaml`, then `domo-roles/`.
 *
 * @throws InvalidManifest with every problem.
 */
export async function readManifest(paths: readonly string[], cwd: string): Promise<ManifestInput> {
  const { validateManifest } = await import('../manifest/load.js');
  const found = await validateManifest(paths, { cwd });
  const files = found.files.map((file) => file.path);
  if (!found.manifest) throw new InvalidManifest(found.problems, { files, sources: found.sources });
  return { loaded: found.manifest, files, sources: found.sources };
}

/** Gives problems of a manifest against an instance the same places and code frames as all others. */
export function withPlaces<T>({ files, sources }: ManifestInput, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problems.some((one) => categoryOf(one.code) !== 'manifest'))
      throw error;
    throw new InvalidManifest(error.problems, { files, sources });
  }
}
