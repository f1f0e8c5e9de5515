import { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../src/action/run.js';
import { VERSION } from '../../src/version.js';

let words = 0;

/**
 * Runs a step within this process. With `LOG_FULL` in the environment the log's stream takes nothing, as on a
 * full disk.
 */
export async function runStepWithin(
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<{ code: number; log: string }> {
  const chunks: Buffer[] = [];
  const gather = (isFull: boolean): Writable =>
    new Writable({
      write(chunk: Buffer | string, _encoding, done) {
        if (!isFull) chunks.push(Buffer.from(chunk));
        done(isFull ? Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }) : null);
      },
    }).on('error', () => undefined);
  const code = await run({
    cwd,
    env,
    stdin: Readable.from([]),
    stdout: gather(env.LOG_FULL === 'yes'),
    stderr: gather(false),
    now: Date.now,
    sleep: async (ms) => void (await sleep(Math.min(ms, 5))),
    random: () => 0.5,
    token: () => String((words += 1)).padStart(8, '0'),
    signal: new AbortController().signal,
    version: VERSION,
  });
  return { code, log: Buffer.concat(chunks).toString('utf8') };
}
