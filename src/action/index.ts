import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { VERSION } from '../version.js';
import { run } from './run.js';

const stop = new AbortController();
// A cancelled job is told by a signal, and killed some seconds later: what is in flight may still finish.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

const exit = await run({
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
  token: () => randomBytes(8).toString('hex'),
  signal: stop.signal,
  version: VERSION,
});
await new Promise<void>((flushed) => process.stdout.write('', () => flushed()));
process.exit(exit);
