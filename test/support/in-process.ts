import { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { main } from '../../src/cli/main.js';
import { openLedger } from '../../src/shell/ledger.js';
import type { Environment } from '../../src/shell/environment.js';
import { VERSION } from '../../src/version.js';

/** The result of a run of the command. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Options of a run within this process. */
export interface Within {
  cwd: string;
  env?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** Replaces the stream that collects text. */
  stdout?: Writable;
  stderr?: Writable;
  stdin?: Environment['stdin'];
  /** Skips waits, such as the delay before a retry, and advances the clock instead. */
  skipWaits?: boolean;
  /** Replaces the system clock; epoch milliseconds. */
  now?: () => number;
  /** Replaces the network. */
  fetchFor?: Environment['fetchFor'];
}

let names = 0;
/** Milliseconds of skipped waits of this file. */
let skipped = 0;

/** The time with skipped waits added, for a sandbox whose writes become visible late. */
export function timeWithSkippedWaits(): number {
  return Date.now() + skipped;
}

/** Runs one command line within this process, with streams that collect text. Faster than a separate process. */
export async function runWithin(argv: readonly string[], within: Within): Promise<Ended> {
  const [stdout, stderr] = [collect(), collect()];
  const streams = { stdout: stdout.stream, stderr: stderr.stream };
  const code = await inEnvironment({ ...streams, ...within }, (environment) => main(argv, environment));
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/**
 * Runs work in its own environment within this process. Requests that are still in flight when it ends are
 * aborted, as when a process ends.
 */
export async function inEnvironment<T>(
  {
    cwd,
    env = {},
    signal,
    skipWaits,
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
      // A given clock also advances by skipped waits.
      now: now ? () => now() + skipped - start : skipWaits ? timeWithSkippedWaits : Date.now,
      sleep: async (ms, signal) => {
        if (skipWaits) skipped += ms;
        await sleep(skipWaits ? 0 : ms, undefined, signal ? { signal } : {}).catch(() => undefined);
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
