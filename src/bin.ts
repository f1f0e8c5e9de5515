#!/usr/bin/env node
import { VERSION } from './version.js';

const argv = process.argv.slice(2);

// The quickest answer needs no parser.
if (argv.length === 1 && argv[0] === '--version') process.stdout.write(`${VERSION}\n`);
else await run();

async function run(): Promise<void> {
  const stop = new AbortController();
  // The first signal lets what is in flight finish and be told; a second one stops at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143);
      stop.abort();
    });
  }
  const { main } = await import('./cli/main.js');
  const { leave, realWorld } = await import('./cli/real-world.js');
  await leave(await main(argv, realWorld(stop.signal)));
}
