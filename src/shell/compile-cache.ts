import { lstatSync, mkdirSync } from 'node:fs';
import nodeModule from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';

/** By these people have Node itself keep compiled code elsewhere, or none. */
const OWN_WISHES = ['NODE_COMPILE_CACHE', 'NODE_DISABLE_COMPILE_CACHE'];

/** What decides where compiled code is kept. */
export interface CacheOwner {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** Null where the system has no numbers for users. */
  user: number | null;
  /** Of this program: each has a folder of its own. */
  version: string;
}

/** Node's own: keeps what it compiles in a folder, each file by a checksum of its text and by the version of Node. */
type EnableCache = (folder: string) => unknown;

/**
 * Lets Node keep the compiled code of this version in a folder of this user, where Node can (22.1 and later). Without
 * such a folder everything is compiled at each start, as before.
 */
export function keepCompiledCode(owner: CacheOwner, enable: EnableCache | undefined = enableCache()): void {
  if (enable === undefined || OWN_WISHES.some((name) => owner.env[name] !== undefined)) return;
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

/** Makes the folder. Whoever can write to it decides what runs, so it and the one around it belong to this user alone. */
function isPrivate(folder: string, { user }: CacheOwner): boolean {
  const own = dirname(folder);
  try {
    // Level by level: below /proc, Node never ends making folders recursively.
    for (const one of [dirname(own), own, folder]) makeFolder(one);
    return [own, folder].every((one) => {
      const found = lstatSync(one);
      return found.isDirectory() && (user === null || (found.uid === user && (found.mode & 0o022) === 0));
    });
  } catch {
    return false;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
