import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { namedFromRoot } from '../shell/repository.js';
import type { Environment } from '../shell/environment.js';
import { byCodeUnit } from '../model/sort.js';
import type { Inputs } from './inputs.js';

/**
 * What sets a manifest's comment and issue apart from those of other manifests for the same instance: the
 * input `key`, else the paths of its files and folders from the top of the repository, in any order.
 */
export function manifestKey(inputs: Inputs, environment: Environment): string {
  if (inputs.key !== null) return inputs.key;
  const fromRoot = namedFromRoot(environment);
  const manifest = inputs.manifest.length > 0 ? inputs.manifest : [usualManifest(environment.cwd)];
  return [...new Set(manifest.map(fromRoot))].sort(byCodeUnit).join('\n');
}

/** What the command reads where no manifest is named. */
function usualManifest(cwd: string): string {
  const isFolder = !existsSync(join(cwd, 'domo-roles.yaml')) && existsSync(join(cwd, 'domo-roles'));
  return isFolder ? 'domo-roles' : 'domo-roles.yaml';
}
