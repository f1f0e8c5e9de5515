import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { acquireLock } from '../journal/lock.js';
import type { Lock } from '../journal/lock.js';
import { openStateLocks, openUserLocks, userLocks } from '../journal/lock-folder.js';
import { ProblemError, problem } from '../problem/problem.js';
import { wholeNumber } from './connect.js';
import type { Connection } from './connect.js';
import { warn, note } from './deliver.js';
import type { Environment } from './world.js';

/** Flags that a lock looks at. */
export interface LockFlags {
  state: string;
  /** Seconds. */
  waitForLock?: number | undefined;
}

interface Setting {
  flags: LockFlags;
  world: Environment;
}

/** How long to wait between two looks at a lock that another run holds, in milliseconds. */
const LOOK_AGAIN = 250;

/** A day. */
const LONGEST_WAIT = 86_400;

/** Does the work while this run alone may write to the instance. Raises `locked`. */
export async function withLock<T>(
  connection: Connection,
  { flags, world }: Setting,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await waitForLock(connection, { flags, world });
  try {
    return await work();
  } finally {
    // What was written stays written: a lock that stays behind is taken over by the next run.
    await lock.release().catch((error: unknown) => warn(world, `the lock stays behind: ${messageOf(error)}`));
  }
}

async function waitForLock(connection: Connection, { flags, world }: Setting): Promise<Lock> {
  const seconds = wholeNumber('wait-for-lock', flags.waitForLock, undefined, 0, LONGEST_WAIT) ?? 0;
  const take = await openTaker(connection, { flags, world });
  const deadline = world.now() + seconds * 1000;
  for (let looks = 0; ; looks += 1) {
    try {
      return await take();
    } catch (error) {
      const left = deadline - world.now();
      if (!isLocked(error) || left <= 0) throw error;
      if (world.signal.aborted) throw interrupted();
      if (looks === 0) await note(world, `waiting up to ${seconds} s: ${messageOf(error)}`);
      await world.sleep(Math.min(LOOK_AGAIN, left));
    }
  }
}

/** Takes the lock in the user's own folder or, where that cannot be written, under the state folder. */
async function openTaker(connection: Connection, { flags, world }: Setting): Promise<() => Promise<Lock>> {
  const { address, instance } = connection;
  const take = (folder: string): Promise<Lock> =>
    acquireLock(folder, { address, instance, now: world.now() });
  const state = resolve(world.cwd, flags.state);
  let folder = userLocks({ env: world.env, platform: process.platform, home: homeOf() });
  return async () => {
    if (folder !== null) {
      try {
        return await take(await openUserLocks(folder));
      } catch (error) {
        if (isLocked(error)) throw error;
        const where = join(flags.state, 'locks');
        await warn(
          world,
          `${messageOf(error)}; the lock is kept in ${where}, where runs from other folders do not see it`,
        );
        folder = null;
      }
    }
    return take(await openStateLocks(state));
  };
}

/** An account without a home folder has none by the system either. */
function homeOf(): string | null {
  try {
    return homedir();
  } catch {
    return null;
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof ProblemError && error.problems.some(({ code }) => code === 'locked');
}

function messageOf(error: unknown): string {
  return error instanceof ProblemError ? error.message : 'the lock cannot be used';
}

function interrupted(): ProblemError {
  return new ProblemError(problem('interrupted', 'stopped before anything was written'));
}
