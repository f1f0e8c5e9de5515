import type { Readable, Writable } from 'node:stream';

/** Everything outside of the program that a command may touch: handed in, so that no command reaches for it. */
export interface World {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean };
  /** Epoch milliseconds. */
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  random: () => number;
  /** Letters and digits, new at each call. */
  token: () => string;
  /** Aborted by Ctrl-C or SIGTERM. */
  signal: AbortSignal;
  version: string;
}

/** May this stream carry colour? Only a terminal, and not against `NO_COLOR`. */
export function mayColour(stream: { isTTY?: boolean }, env: World['env']): boolean {
  return stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/** Writes text and waits until the stream has taken it; a reader who left (`| head`) is no error. */
export function write(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
      else resolve();
    });
  });
}
