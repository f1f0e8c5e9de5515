import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { acquireLock } from '../journal/lock.js';
import type { Lock } from '../journal/lock.js';
import { openUserLocks, userLockFolder, userPaths } from '../journal/lock-folder.js';
import { quotedName } from '../model/quoted-name.js';
import { hasCode, ProblemError } from '../problem/problem.js';
import type { Runtime } from './runtime.js';

/** Milliseconds between two tries at a folder that another process has. */
export const TRY_AGAIN = 250;

/**
 * Keeps a folder from other processes of this account on this machine that ask for it. `path` is as `realPlaceOf` returns it;
 * `holder` is the name of another process that has it, in messages.
 *
 * @returns Null if no lock can be kept; a problem if another process has the folder.
 */
export async function lockFolder(
  path: string,
  holder: string,
  { env, now }: Pick<Runtime, 'env' | 'now'>,
): Promise<Lock | ProblemError | null> {
  const locks = userLockFolder(userPaths(env));
  if (locks === null) return null;
  const [address, instance] = [pathToFileURL(path).href, path];
  try {
    return await acquireLock(await openUserLocks(locks), {
      ...{ address, instance, now: now() },
      holder: `${holder} in the folder ${quotedName(basename(path))}`,
    });
  } catch (error) {
    return error instanceof ProblemError && hasCode(error, 'locked') ? error : null;
  }
}
