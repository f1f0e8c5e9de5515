import { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { main } from '../../src/cli/main.js';
import type { World } from '../../src/cli/world.js';
import { VERSION } from '../../src/version.js';
import type { Ended } from './cli.js';

/** How the command is run within this process. */
export interface Within {
  cwd: string;
  env?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** Waits not at all where nothing real is waited for. */
  hasty?: boolean;
}

let names = 0;

/** Runs one command line within this process, with streams that collect text. Quicker than a process. */
export async function runWithin(
  argv: readonly string[],
  { cwd, env = {}, signal, hasty }: Within,
): Promise<Ended> {
  const [stdout, stderr] = [collect(), collect()];
  let waited = 0;
  const world: World = {
    cwd,
    env,
    stdin: Readable.from([]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    now: () => Date.now() + waited,
    sleep: async (ms) => {
      if (hasty) waited += ms;
      await sleep(hasty ? 0 : ms);
    },
    random: () => 0.5,
    token: () => String(++names).padStart(8, '0'),
    signal: signal ?? new AbortController().signal,
    version: VERSION,
  };
  const code = await main(argv, world);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collect(): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
