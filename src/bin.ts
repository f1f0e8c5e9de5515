#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { VERSION } from './version.js';

const argv = process.argv.slice(2);

// The quickest answers need no parser.
if (argv.length === 1 && argv[0] === '--version') process.stdout.write(`${VERSION}\n`);
else if (!(argv.length === 1 && argv[0] === '--help' && tellHelp())) await run();

/** Writes the help that was laid out when this was built; false where there is none, or too little room for it. */
function tellHelp(): boolean {
  if (process.stdout.isTTY && process.stdout.columns < 100) return false;
  const file = new URL('help.txt', import.meta.url);
  if (!existsSync(file)) return false;
  process.stdout.write(readFileSync(file));
  return true;
}

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
