import { resolve } from 'node:path';
import { realPlaceOf } from '../manifest/files/paths.js';
import { ProblemError, problem } from '../problem/problem.js';
import { TRY_AGAIN, lockFolder } from '../reconcile/folder-lock.js';
import { warn } from './deliver.js';
import type { Environment } from './environment.js';

/** Milliseconds to wait for another command, which takes moments: one on another machine may have been killed. */
const LONGEST_WAIT = 10_000;

/**
 * Waits until no other command writes several files to a folder, because the files of two could be mixed, and keeps the others
 * waiting. Returns a function that lets them continue. Where no lock can be kept, no command waits. Raises
 * `interrupted` if a stop ends the wait.
 */
export async function takeFolder(environment: Environment, folder: string): Promise<() => Promise<void>> {
  const path = await realPlaceOf(resolve(environment.cwd, folder));
  for (let waited = 0; ; waited += TRY_AGAIN) {
    const lock = await lockFolder(path, 'another command that writes files', environment);
    if (!(lock instanceof ProblemError)) return async () => lock?.release().catch(() => undefined);
    if (environment.signal.aborted)
      throw new ProblemError(problem('interrupted', 'interrupted before anything was written'));
    if (waited >= LONGEST_WAIT) {
      await warn(environment, givenUp(lock));
      return async () => undefined;
    }
    if (waited === 0) await warn(environment, `waiting up to ${LONGEST_WAIT / 1000} s: ${lock.message}`);
    await environment.sleep(TRY_AGAIN, environment.signal);
  }
}

/** On another machine, the lock of a command that was killed stays: without its path, every later command would wait. */
function givenUp({ problems: [found] }: ProblemError): string {
  const file = found?.where?.file;
  return `no longer waiting${file === undefined ? '' : `; if the other command is not running, delete ${file}`}`;
}
