import type { Readable, Writable } from 'node:stream';
import type { Runtime } from '../reconcile/runtime.js';
import type { Ledger } from './ledger.js';
import { systemCodeOf } from '../problem/system-error.js';

/** Everything outside the program that a command uses: passed as a parameter, so that commands use no globals. */
export interface Environment extends Runtime {
  cwd: string;
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean; columns?: number };
  /** The inputs and outputs of this run. */
  ledger: Ledger;
  /** Keeps the memory of a long run flat. Absent if the process is shared with other code. */
  keepMemoryFlat?: () => void;
}

/** The value of a variable. An empty one counts as unset: CI systems set missing secrets to ''. */
export function variableValue(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** Is there a user at a terminal? False in CI, where a job may have a terminal without a user. */
export function isInteractive({ env, stderr }: Pick<Environment, 'env' | 'stderr'>): boolean {
  const ci = (env.CI ?? '').trim().toLowerCase();
  return stderr.isTTY === true && (ci === '' || ci === '0' || ci === 'false');
}

/** May output to this stream be coloured? Only on a terminal, and not if `NO_COLOR` is set. */
export function mayColour(stream: { isTTY?: boolean }, env: Environment['env']): boolean {
  return stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/** Columns of text elsewhere than on a terminal, and the most on one. */
const FULL_WIDTH = 100;

/** Columns to wrap sentences at. */
export function widthOf({ isTTY, columns }: { isTTY?: boolean; columns?: number }): number {
  // A terminal that does not know its size has 0 columns.
  return isTTY === true ? Math.min(FULL_WIDTH, columns || FULL_WIDTH) : FULL_WIDTH;
}

/** How text on a stream may look. */
export function appearanceOf(
  stream: { isTTY?: boolean; columns?: number },
  env: Environment['env'],
): { colour: boolean; width: number } {
  return { colour: mayColour(stream, env), width: widthOf(stream) };
}

/** Error codes for a closed pipe; a stream that failed before is destroyed. */
const READER_LEFT: ReadonlySet<unknown> = new Set(['EPIPE', 'EOF', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/** Writes text and waits until it is flushed. Returns false if the pipe is closed (`| head`); other failures reject. */
export function write(stream: Writable, text: string): Promise<boolean> {
  ignoreStreamErrors(stream);
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error && !READER_LEFT.has(systemCodeOf(error))) reject(error);
      else resolve(!error);
    });
  });
}

/** Adds an error listener to a stream: without one, an error that its writer handles would also end the process. */
export function ignoreStreamErrors<S extends Writable>(stream: S): S {
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
  return stream;
}

function ignore(): void {
  // The failed write has been reported to its caller.
}
