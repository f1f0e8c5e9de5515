import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { createFolders, openPrivateFolder, unusableFile } from './files.js';
import { openState } from './folder.js';
import type { StateFolder } from './folder.js';

/** What determines the location of a user's state. */
interface UserPaths {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** The user's home folder from the system; null without one. */
  home: string | null;
}

/** The paths of the user of this process. */
export function userPaths(env: UserPaths['env']): UserPaths {
  return { env, platform: process.platform, home: homeFolder() };
}

/**
 * The folder of the user's locks. It does not depend on the working folder, so that two checkouts use the same lock
 * (docs/decisions/0009-lock-per-user-and-instance.md). Follows the XDG rules, or uses the local application data on
 * Windows. Null if neither location is known.
 */
export function userLockFolder({ env, platform, home }: UserPaths): string | null {
  const base =
    platform === 'win32'
      ? absoluteOrNull(env.LOCALAPPDATA)
      : (absoluteOrNull(env.XDG_STATE_HOME) ?? joinOrNull(absoluteOrNull(env.HOME) ?? home, '.local/state'));
  return joinOrNull(base, 'domo-roles/locks');
}

/** The folders of the user above the folder of locks, by which messages may name it. */
export function userRoots({ env, home }: UserPaths): string[] {
  const bases = [env.XDG_STATE_HOME, env.LOCALAPPDATA].flatMap((base) => absoluteOrNull(base) ?? []);
  return [absoluteOrNull(env.HOME) ?? home ?? [], bases.map((base) => dirname(base))].flat();
}

/** Creates the user's folder of locks. Raises `bad-file`. */
export async function openUserLocks(folder: string): Promise<string> {
  const own = dirname(folder);
  await createFolders(dirname(own), 0o700).catch((error: unknown) => {
    throw unusableFile(dirname(own), 'the folder cannot be created', error);
  });
  await openPrivateFolder(own);
  await openPrivateFolder(folder);
  return folder;
}

/** Creates the folder of locks in a state folder. Raises `bad-file`. */
export async function openStateLocks(state: StateFolder): Promise<string> {
  await openState(state);
  const folder = join(state, 'locks');
  await openPrivateFolder(folder);
  return folder;
}

/** The home folder according to the system; null for an account without one. */
function homeFolder(): string | null {
  try {
    return homedir();
  } catch {
    return null;
  }
}

/** Ignores a relative path, because it would depend on the working folder. */
function absoluteOrNull(path: string | undefined): string | null {
  return path !== undefined && isAbsolute(path) ? path : null;
}

function joinOrNull(folder: string | null, path: string): string | null {
  return folder === null ? null : join(folder, path);
}
