import { join } from 'node:path';
import { acquireLock } from '../journal/lock.js';
import type { Lock } from '../journal/lock.js';
import { openStateLocks, openUserLocks, userLockFolder, userPaths } from '../journal/lock-folder.js';
import { hasCode, ProblemError, problem, warning } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import type { Connection } from './connect.js';
import type { Runtime } from './runtime.js';

/** Options of taking the lock. */
export interface LockRequest {
  runtime: Runtime;
  /** Absolute path of the state folder, which keeps the lock if the user's own folder cannot be written. */
  state: string;
  /** Milliseconds to wait for another run's lock. Default 0. */
  waitForLockMs?: number | undefined;
  /** When aborted, ends the wait for the lock or for a busy server, even if the runtime's signal lets the run continue. */
  stopWaiting?: AbortSignal | undefined;
  /** Called with messages about the lock: waiting, kept elsewhere, not released. */
  onWarning?: ((line: string) => void | Promise<void>) | undefined;
  /** Collects the same messages, except waiting, as warnings of the run. */
  findings?: Problem[] | undefined;
}

/** Milliseconds between two tries to take a lock that another run holds. */
const TRY_AGAIN = 250;

/** Does the work while holding the instance's lock. Raises `locked` if another run holds it. */
export async function withLock<T>(
  connection: Pick<Connection, 'address' | 'instance'>,
  request: LockRequest,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await waitForLock(connection, request);
  try {
    return await work();
  } finally {
    // A lock that cannot be released must not fail the run; the next run takes it over.
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
      if (!hasCode(error, 'locked') || left <= 0) throw error;
      if (runtime.signal.aborted || request.stopWaiting?.aborted)
        throw new ProblemError(problem('interrupted', 'interrupted before anything was written'));
      if (tries === 0)
        await request.onWarning?.(`waiting up to ${waitForLockMs / 1000} s: ${messageOf(error)}`);
      await runtime.sleep(Math.min(TRY_AGAIN, left));
    }
  }
}

/** Takes the lock in the user's own folder or, if that cannot be written, under the state folder. */
function openTaker(
  { address, instance }: Pick<Connection, 'address' | 'instance'>,
  request: LockRequest,
): () => Promise<Lock> {
  const { runtime, state } = request;
  const take = (folder: string): Promise<Lock> =>
    acquireLock(folder, { address, instance, now: runtime.now() });
  let folder = userLockFolder(userPaths(runtime.env));
  return async () => {
    if (folder !== null) {
      try {
        return await take(await openUserLocks(folder));
      } catch (error) {
        if (hasCode(error, 'locked')) throw error;
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

function messageOf(error: unknown): string {
  return error instanceof ProblemError ? error.message : 'the lock cannot be used';
}
