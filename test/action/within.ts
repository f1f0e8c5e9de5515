import { Writable } from 'node:stream';
import { run } from '../../src/action/run.js';
import { inEnvironment } from '../support/in-process.js';
import type { Within } from '../support/in-process.js';

/**
 * Runs a step in this process. With `LOG_FULL` in the environment, writes to the log fail as on a full disk.
 */
export async function runStepWithin(
  env: Readonly<Record<string, string>>,
  { cwd, fetchFor }: Pick<Within, 'cwd' | 'fetchFor'>,
): Promise<{ code: number; log: string }> {
  const chunks: Buffer[] = [];
  const gather = (isFull: boolean): Writable =>
    new Writable({
      write(chunk: Buffer | string, _encoding, done) {
        if (!isFull) chunks.push(Buffer.from(chunk));
        done(isFull ? Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }) : null);
      },
    }).on('error', () => undefined);
  const streams = { stdout: gather(env.LOG_FULL === 'yes'), stderr: gather(false) };
  const code = await inEnvironment({ cwd, env, fetchFor, skipWaits: true, ...streams }, run);
  return { code, log: Buffer.concat(chunks).toString('utf8') };
}
