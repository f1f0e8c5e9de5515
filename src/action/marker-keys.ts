import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { relativeToRoot } from '../shell/repository.js';
import type { Environment } from '../shell/environment.js';
import { sortedUnique } from '../model/sort.js';
import type { Inputs } from './inputs.js';

/**
 * Returns the key that distinguishes the comment and the issue of a manifest from those of other manifests of the same
 * instance: the input `key`, otherwise the sorted paths of its files and folders, relative to the root of the repository.
 */
export function manifestKey(inputs: Inputs, environment: Environment): string {
  if (inputs.key !== null) return inputs.key;
  const fromRoot = relativeToRoot(environment);
  const manifest = inputs.manifest.length > 0 ? inputs.manifest : [defaultManifest(environment.cwd)];
  return sortedUnique(manifest.map(fromRoot)).join('\n');
}

/** The manifest that the command reads by default. */
function defaultManifest(cwd: string): string {
  const isFolder = !existsSync(join(cwd, 'domo-roles.yaml')) && existsSync(join(cwd, 'domo-roles'));
  return isFolder ? 'domo-roles' : 'domo-roles.yaml';
}
