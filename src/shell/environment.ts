import type { Readable, Writable } from 'node:stream';
import type { Runtime } from '../reconcile/runtime.js';
import type { Ledger } from './ledger.js';

/** Everything outside of the program that a command can touch: a parameter, so that no command uses globals. */
export interface Environment extends Runtime {
  cwd: string;
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean };
  /** What this run reads and writes; of one run alone. */
  ledger: Ledger;
  /** Keeps the memory of a long run flat. Only where the process is this run's own. */
  keepMemoryFlat?: () => void;
}

/** Is there a person at this terminal? Never in CI, where a job may have a terminal without a user. */
export function isInteractive({ env, stderr }: Pick<Environment, 'env' | 'stderr'>): boolean {
  const ci = (env.CI ?? '').trim().toLowerCase();
  return stderr.isTTY === true && (ci === '' || ci === '0' || ci === 'false');
}

/** May this stream carry colour? Only a terminal, and not against `NO_COLOR`. */
export function mayColour(stream: { isTTY?: boolean }, env: Environment['env']): boolean {
  return stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/** How systems say that the reader of a stream has left; a stream that failed before is destroyed. */
const READER_LEFT: ReadonlySet<unknown> = new Set(['EPIPE', 'EOF', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/** Writes text and waits until the stream has taken it. A reader who left (`| head`) is not an error, but false. */
export function write(stream: Writable, text: string): Promise<boolean> {
  survive(stream);
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error && !READER_LEFT.has((error as NodeJS.ErrnoException).code)) reject(error);
      else resolve(!error);
    });
  });
}

/** A failing stream reports the error to its writer; without a listener it would also end the process. */
export function survive<S extends Writable>(stream: S): S {
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
  return stream;
}

function ignore(): void {
  // The failed write has been reported to its caller.
}
