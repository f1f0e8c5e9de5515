import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { VERSION } from '../version.js';
import type { World } from './world.js';

/** The world as it is: this process, its streams, its clock. */
export function realWorld(signal: AbortSignal): World {
  return {
    cwd: process.cwd(),
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    now: Date.now,
    sleep: async (ms) => {
      await sleep(ms);
    },
    random: Math.random,
    token: () => randomBytes(4).toString('hex'),
    signal,
    version: VERSION,
  };
}

/** Ends the process once all that was written is out: an open socket or timer must not keep it alive. */
export async function leave(exit: number): Promise<never> {
  await new Promise<void>((flushed) => process.stdout.write('', () => flushed()));
  process.exit(exit);
}
