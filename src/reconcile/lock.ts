import { homedir } from 'node:os';
import { join } from 'node:path';
import { acquireLock } from '../journal/lock.js';
import type { Lock } from '../journal/lock.js';
import { openStateLocks, openUserLocks, userLocks } from '../journal/lock-folder.js';
import { ProblemError, problem, warning } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import type { Connection } from './connect.js';
import type { Runtime } from './runtime.js';

/** How a lock is taken. */
export interface LockRequest {
  runtime: Runtime;
  /** Absolute path of the state folder: it keeps the lock where the user's own folder cannot be written. */
  state: string;
  /** Milliseconds to wait for a run that holds the lock; 0 unless given. */
  waitForLockMs?: number | undefined;
  /** Aborted, nothing waits for the lock any longer, also where the runtime's signal lets the run go on. */
  stopWaiting?: AbortSignal | undefined;
  /** Takes lines about the lock itself: it waits, it is kept elsewhere, it stays behind. */
  onWarning?: ((line: string) => void | Promise<void>) | undefined;
  /** Collects the same as warnings of the run, but for the waiting, which leaves nothing behind. */
  findings?: Problem[] | undefined;
}

/** Milliseconds between two tries at a lock that another run holds. */
const TRY_AGAIN = 250;

/** Does the work while this run alone can write to the instance. Raises `locked`. */
export async function withLock<T>(
  connection: Pick<Connection, 'address' | 'instance'>,
  request: LockRequest,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await waitForLock(connection, request);
  try {
    return await work();
  } finally {
    // What was written stays written: a lock that stays behind is taken over by the next run.
    await lock.release().catch((error: unknown) => {
      const message = `the lock stays behind: ${messageOf(error)}`;
      return report(warning('lock-stays', message, { hint: 'the next run takes it over' }), request);
    });
  }
}

async function waitForLock(
  connection: Pick<Connection, 'address' | 'instance'>,
  request: LockRequest,
): Promise<Lock> {
  const { runtime, waitForLockMs = 0 } = request;
  const take = openTaker(connection, request);
  const deadline = runtime.now() + waitForLockMs;
  for (let tries = 0; ; tries += 1) {
    try {
      return await take();
    } catch (error) {
      const left = deadline - runtime.now();
      if (!isLocked(error) || left <= 0) throw error;
      if (runtime.signal.aborted || request.stopWaiting?.aborted)
        throw new ProblemError(problem('interrupted', 'stopped before anything was written'));
      if (tries === 0)
        await request.onWarning?.(`waiting up to ${waitForLockMs / 1000} s: ${messageOf(error)}`);
      await runtime.sleep(Math.min(TRY_AGAIN, left));
    }
  }
}

/** Takes the lock in the user's own folder or, where that cannot be written, under the state folder. */
function openTaker(
  { address, instance }: Pick<Connection, 'address' | 'instance'>,
  request: LockRequest,
): () => Promise<Lock> {
  const { runtime, state } = request;
  const take = (folder: string): Promise<Lock> =>
    acquireLock(folder, { address, instance, now: runtime.now() });
  let folder = userLocks({ env: runtime.env, platform: process.platform, home: homeFolder() });
  return async () => {
    if (folder !== null) {
      try {
        return await take(await openUserLocks(folder));
      } catch (error) {
        if (isLocked(error)) throw error;
        const message = `${messageOf(error)}; the lock is kept in ${join(state, 'locks')}, where runs from other folders do not see it`;
        const hint = 'run from one folder only, or make the folder of locks writable';
        await report(warning('lock-elsewhere', message, { hint }), request);
        folder = null;
      }
    }
    return take(await openStateLocks(state));
  };
}

async function report(found: Problem, { findings, onWarning }: LockRequest): Promise<void> {
  findings?.push(found);
  await onWarning?.(found.message);
}

/** An account without a home folder has none by the system either. */
function homeFolder(): string | null {
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
