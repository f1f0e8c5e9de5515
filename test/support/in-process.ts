import { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { main } from '../../src/cli/main.js';
import { openLedger } from '../../src/shell/ledger.js';
import type { Environment } from '../../src/shell/environment.js';
import { VERSION } from '../../src/version.js';

/** How a run of the command ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** How the command is run within this process. */
export interface Within {
  cwd: string;
  env?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** In place of one that collects text. */
  stdout?: Writable;
  stderr?: Writable;
  stdin?: Environment['stdin'];
  /** Its clock jumps over what it would wait for, such as the pause before another try. */
  hasty?: boolean;
  /** In place of the clock of this machine: epoch milliseconds. */
  now?: () => number;
  /** Answers requests in place of the network. */
  fetchFor?: Environment['fetchFor'];
}

let names = 0;
/** Milliseconds that hasty runs of this file did not wait. */
let skipped = 0;

/** The time of hasty runs: what they wait for has passed. For a sandbox that shows a write only after a while. */
export function hastyNow(): number {
  return Date.now() + skipped;
}

/** Runs one command line within this process, with streams that collect text. Quicker than a process. */
export async function runWithin(argv: readonly string[], within: Within): Promise<Ended> {
  const [stdout, stderr] = [collect(), collect()];
  const streams = { stdout: stdout.stream, stderr: stderr.stream };
  const code = await inEnvironment({ ...streams, ...within }, (environment) => main(argv, environment));
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/**
 * Runs something in its own environment within this process. Requests that are still in flight when it ends are
 * given up, as they are when a process ends.
 */
export async function inEnvironment<T>(
  {
    cwd,
    env = {},
    signal,
    hasty,
    now,
    stdin,
    stdout,
    stderr,
    fetchFor,
  }: Within & Pick<Environment, 'stdout' | 'stderr'>,
  work: (environment: Environment) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  const start = skipped;
  try {
    return await work({
      cwd,
      // Locks are in the user's home folder, which tests must not touch.
      env: { HOME: cwd, ...env },
      stdin: stdin ?? Readable.from([]),
      stdout,
      stderr,
      // Such a clock stands still but for what is not waited for.
      now: now ? () => now() + skipped - start : hasty ? hastyNow : Date.now,
      sleep: async (ms, signal) => {
        if (hasty) skipped += ms;
        await sleep(hasty ? 0 : ms, undefined, signal ? { signal } : {}).catch(() => undefined);
      },
      random: () => 0.5,
      token: () => String(++names).padStart(8, '0'),
      signal: signal ? AbortSignal.any([signal, end.signal]) : end.signal,
      version: VERSION,
      ledger: openLedger(),
      fetchFor,
    });
  } finally {
    end.abort();
  }
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
