import { join } from 'node:path';
import type { LoadOptions } from '../manifest/load/load.js';
import type { LoadedManifest } from '../manifest/manifest.js';
import type { PolicyInput } from '../plan/saved/policy-over-plan.js';
import { categoryOf } from '../problem/codes.js';
import { checkList, checkText } from '../problem/given.js';
import { ProblemError } from '../problem/problem.js';
import { InvalidManifest } from './errors.js';

/** A valid manifest, with the texts that code frames need. */
export interface ManifestInput {
  loaded: LoadedManifest;
  files: readonly string[];
  /** Every file that was read. Default: `files`. */
  inputs?: readonly string[];
  sources: ReadonlyMap<string, string>;
}

/**
 * Loads and checks a manifest. Paths are relative to `cwd`; without one it is `domo-roles.yaml`, then `domo-roles/`.
 * `policy` names a policy file to apply to it: a path, or `REV:PATH` from git.
 *
 * @throws InvalidManifest with every problem.
 */
export async function readManifest(
  paths: readonly string[],
  cwd: string,
  options: Omit<LoadOptions, 'cwd'> = {},
): Promise<ManifestInput> {
  checkList('paths', paths);
  checkText('cwd', cwd);
  const { validateManifest } = await import('../manifest/load/load.js');
  const found = await validateManifest(paths, { cwd, ...options });
  const { inputs, sources } = found;
  const files = found.files.map((file) => file.path);
  if (!found.manifest) throw new InvalidManifest(found.problems, { files, sources, inputs });
  return { loaded: found.manifest, files, sources, inputs };
}

/** A policy file for saved plans, and the files that were read for it. */
export interface ReadPolicyInput extends PolicyInput {
  inputs: readonly string[];
}

/** Options of `readPolicy`. */
export interface ReadPolicyOptions {
  /**
   * What the policy is for. The manifest of a saved plan is assumed to be checked out in `cwd`, so a policy file beside it is
   * reported. A rollback follows from a run, not from a manifest. Default `plan`.
   */
  purpose?: 'plan' | 'rollback' | undefined;
}

/**
 * Reads a policy file to use without a manifest: for a saved plan or a rollback. `name` is a path relative to `cwd`, or
 * `REV:PATH` from git.
 *
 * @throws InvalidManifest with every problem.
 */
export async function readPolicy(
  name: string,
  cwd: string,
  { purpose = 'plan' }: ReadPolicyOptions = {},
): Promise<ReadPolicyInput> {
  const { policyOrigin, readPolicyFile } = await import('../manifest/policy/policy-file.js');
  const { problems, overlay, source, sources } = await readPolicyFile(name, { cwd });
  const inputs = source?.commit === null ? [source.path] : [];
  if (!overlay || !source) {
    throw new InvalidManifest(problems, { files: source ? [source.path] : [], sources, inputs });
  }
  const manifests = purpose === 'rollback' ? [] : [join(cwd, 'domo-roles.yaml')];
  return { overlay, origin: await policyOrigin(source, manifests), inputs };
}

/** Runs work, and adds files and texts for code frames to manifest problems that it raises. */
export function withPlaces<T>({ files, sources, inputs = files }: ManifestInput, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problems.some((one) => categoryOf(one.code) !== 'manifest'))
      throw error;
    throw new InvalidManifest(error.problems, { files, sources, inputs });
  }
}
