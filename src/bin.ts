#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from './cli/world.js';
import { VERSION } from './version.js';

const argv = process.argv.slice(2);

// The quickest answer needs no parser.
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === 'version')) {
  process.stdout.write(`${VERSION}\n`);
} else {
  process.exitCode = await run();
}

async function run(): Promise<number> {
  const stop = new AbortController();
  // The first signal lets what is in flight finish and be told; a second one stops at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143);
      stop.abort();
    });
  }
  const world: World = {
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
    signal: stop.signal,
    version: VERSION,
  };
  const { main } = await import('./cli/main.js');
  const exit = await main(argv, world);
  // An open socket or timer must not keep a finished command alive.
  await new Promise<void>((flushed) => process.stdout.write('', () => flushed()));
  process.exit(exit);
}
