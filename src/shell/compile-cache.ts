import { lstatSync, mkdirSync, statSync } from 'node:fs';
import nodeModule from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { systemCodeOf } from '../problem/system-error.js';

/** Variables that configure Node's own compile cache; if one is set, it is left alone. */
const NODE_VARIABLES = ['NODE_COMPILE_CACHE', 'NODE_DISABLE_COMPILE_CACHE'];

/** The facts that determine the cache folder. */
export interface CacheOwner {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** The user id; null if the system has none. */
  user: number | null;
  /** The version of this program: each version has a separate folder. */
  version: string;
}

/** Node's `module.enableCompileCache`, which stores compiled code by file checksum and Node version. */
type EnableCache = (folder: string) => unknown;

/**
 * Enables Node's compile cache for this version in a private folder of this user (Node 22.1 and later). Does nothing if
 * there is no safe folder.
 */
export function useCompileCache(owner: CacheOwner, enable: EnableCache | undefined = enableCache()): void {
  if (enable === undefined || NODE_VARIABLES.some((name) => owner.env[name] !== undefined)) return;
  const folder = cacheFolder(owner);
  if (folder === null || !isPrivate(folder, owner)) return;
  try {
    enable(folder);
  } catch {
    // It only saves time.
  }
}

/** The user of this process. */
export function cacheOwner(version: string): CacheOwner {
  return { env: process.env, platform: process.platform, user: process.getuid?.() ?? null, version };
}

function enableCache(): EnableCache | undefined {
  return (nodeModule as { enableCompileCache?: EnableCache }).enableCompileCache;
}

function cacheFolder({ env, platform, version }: CacheOwner): string | null {
  const base =
    platform === 'win32'
      ? below(env.LOCALAPPDATA)
      : (below(env.XDG_CACHE_HOME) ??
        below(env.HOME, platform === 'darwin' ? join('Library', 'Caches') : '.cache'));
  return base === null ? null : join(base, 'domo-roles', `compiled-${version}`);
}

function below(base: string | undefined, ...path: string[]): string | null {
  return base !== undefined && isAbsolute(base) ? join(base, ...path) : null;
}

/** Creates the folder. Anyone who can write to it controls the code that runs, so it and its parent must be private to this user. */
function isPrivate(folder: string, { user }: CacheOwner): boolean {
  const own = dirname(folder);
  try {
    // One level at a time: creating folders recursively below /proc never returns in Node.
    for (const one of [dirname(own), own, folder]) makeFolder(one, user);
    return [own, folder].every((one) => {
      const found = lstatSync(one);
      return found.isDirectory() && (user === null || (found.uid === user && (found.mode & 0o022) === 0));
    });
  } catch {
    return false;
  }
}

/** Root can create folders in the home of another user, who could then not use them. */
function makeFolder(folder: string, user: number | null): void {
  if (statSync(folder, { throwIfNoEntry: false })) return;
  const parent = dirname(folder);
  const { uid } = statSync(parent);
  if (user !== null && uid !== user && uid !== 0) throw new Error(`${parent} is another user's folder`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
  }
}
