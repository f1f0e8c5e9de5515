import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { PlaceOf } from '../render/ci/places.js';
import type { Environment } from './environment.js';

type Here = Pick<Environment, 'cwd' | 'env'>;

/**
 * Resolves files to repository paths. Follows links, because annotations belong to the file itself. A policy file from
 * git, `REV:PATH`, has no path: its lines are those of another revision.
 */
export function repositoryPlaces(here: Here): PlaceOf {
  const root = real(repositoryRoot(here));
  return (file) => {
    const full = resolve(here.cwd, file);
    if (file.indexOf(':') > 0 && !existsSync(full)) return null;
    const path = relative(root, real(full));
    return isOutside(path) ? null : slashes(path);
  };
}

/** Resolves paths relative to the top of the repository without following links; files need not exist. */
export function relativeToRoot(here: Here): (file: string) => string {
  const root = real(repositoryRoot(here));
  const cwd = real(here.cwd);
  return (file) => slashes(relative(root, resolve(cwd, file))) || '.';
}

/**
 * The top of the repository: in a workflow, the workspace if it is a checkout (and not a submodule in it); else the nearest
 * folder with `.git`, the workspace, or the working directory.
 */
function repositoryRoot({ cwd, env }: Here): string {
  const named = env.GITHUB_WORKSPACE ?? '';
  const workspace = named !== '' && !isOutside(relative(real(named), real(cwd))) ? named : null;
  if (workspace !== null && existsSync(join(workspace, '.git'))) return workspace;
  return nearestCheckout(real(cwd)) ?? workspace ?? cwd;
}

function nearestCheckout(folder: string): string | null {
  if (existsSync(join(folder, '.git'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? null : nearestCheckout(parent);
}

/** The path with links followed, as far as it exists. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(real(parent), basename(path));
  }
}

function isOutside(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
}

function slashes(path: string): string {
  return path.split(sep).join('/');
}
