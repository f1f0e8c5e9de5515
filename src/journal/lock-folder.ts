import { dirname, isAbsolute, join } from 'node:path';
import { makeFolders, openOwnFolder, unusable } from './files.js';
import { openState } from './folder.js';
import type { StateFolder } from './folder.js';

/** What decides where a user's state is kept. */
export interface UserPlaces {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** The home folder by the system; null where there is none. */
  home: string | null;
}

/**
 * The folder of the user's locks: the same for every working folder, so that two checkouts use the same lock
 * (docs/decisions/0009-lock-per-user-and-instance.md). By the XDG rules, or in the user's local data on Windows;
 * null where no such place is known.
 */
export function userLocks({ env, platform, home }: UserPlaces): string | null {
  const base =
    platform === 'win32'
      ? absolute(env.LOCALAPPDATA)
      : (absolute(env.XDG_STATE_HOME) ?? below(absolute(env.HOME) ?? home, '.local/state'));
  return below(base, 'domo-roles/locks');
}

/** Creates the user's folder of locks. Raises `bad-file`. */
export async function openUserLocks(folder: string): Promise<string> {
  const own = dirname(folder);
  await makeFolders(dirname(own), 0o700).catch((error: unknown) => {
    throw unusable(dirname(own), 'the folder cannot be created', error);
  });
  await openOwnFolder(own);
  await openOwnFolder(folder);
  return folder;
}

/** Creates the folder of locks in a state folder. Raises `bad-file`. */
export async function openStateLocks(state: StateFolder): Promise<string> {
  await openState(state);
  const folder = join(state, 'locks');
  await openOwnFolder(folder);
  return folder;
}

/** A relative path would lead elsewhere from every working folder. */
function absolute(path: string | undefined): string | null {
  return path !== undefined && isAbsolute(path) ? path : null;
}

function below(folder: string | null, path: string): string | null {
  return folder === null ? null : join(folder, path);
}
