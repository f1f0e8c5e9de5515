import { resolve } from 'node:path';
import { realPlaceOf } from '../manifest/files/paths.js';
import { ProblemError } from '../problem/problem.js';
import { TRY_AGAIN, lockFolder } from '../reconcile/folder-lock.js';
import { warn } from './deliver.js';
import type { Environment } from './environment.js';

/** Milliseconds to wait for another command, which takes moments: one on another machine may have been killed. */
const LONGEST_WAIT = 10_000;

/**
 * Waits until no other command writes several files to a folder, because the files of two could be mixed, and keeps the others
 * waiting. Returns a function that lets them continue. Where no lock can be kept, no command waits.
 */
export async function takeFolder(environment: Environment, folder: string): Promise<() => Promise<void>> {
  const path = await realPlaceOf(resolve(environment.cwd, folder));
  for (let waited = 0; ; waited += TRY_AGAIN) {
    const lock = await lockFolder(path, 'another command that writes files', environment);
    if (!(lock instanceof ProblemError)) return async () => lock?.release().catch(() => undefined);
    if (waited >= LONGEST_WAIT || environment.signal.aborted) return async () => undefined;
    if (waited === 0) await warn(environment, `waiting up to ${LONGEST_WAIT / 1000} s: ${lock.message}`);
    await environment.sleep(TRY_AGAIN, environment.signal);
  }
}
