import { Readable, Writable } from 'node:stream';
import { main } from '../cli/main.js';
import type { Exit } from '../shell/exit.js';
import { openLedger } from '../shell/ledger.js';
import type { Environment } from '../shell/environment.js';

/** What one command line came to. */
export interface CommandResult {
  exit: Exit;
  /** Its result. */
  stdout: string;
  /** What it told beside: problems with their places, notes. */
  stderr: string;
}

/** Runs command lines. */
export type Engine = (argv: readonly string[]) => Promise<CommandResult>;

/** The command itself, in this process: a step plans and applies with the engine that people use, and no other. */
export function openEngine(world: Environment): Engine {
  return async (argv) => {
    const stdout = gather();
    const stderr = gather();
    const exit = await main(argv, {
      ...world,
      stdin: Readable.from([]),
      stdout: stdout.stream,
      stderr: stderr.stream,
      ledger: openLedger(),
    });
    return { exit, stdout: stdout.text(), stderr: stderr.text() };
  };
}

function gather(): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer | string, _encoding, done) => {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
