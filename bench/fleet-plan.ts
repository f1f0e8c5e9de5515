import { Writable } from 'node:stream';
import { main } from '../src/cli/main.js';
import { processEnvironment } from '../src/shell/process-environment.js';
import { measure } from './measure.js';

/** Runs `fleet plan` with flags, and discards its output. */
const args = JSON.parse(process.argv[2] ?? '[]') as string[];
const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
const world = { ...processEnvironment(new AbortController().signal), stdout: nowhere(), stderr: nowhere() };
await measure(async () => {
  const exit = await main(args, world);
  if (exit !== 0) throw new Error(`domo-roles ${args.join(' ')} ended with ${exit}`);
});
