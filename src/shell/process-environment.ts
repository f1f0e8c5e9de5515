import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';
import { setFlagsFromString } from 'node:v8';
import type { Writable } from 'node:stream';
import { openRuntime } from '../reconcile/runtime.js';
import { fileKey } from './file-identity.js';
import { openLedger } from './ledger.js';
import type { Ledger } from './ledger.js';
import { ownStream } from './own-stream.js';
import { ignoreStreamErrors } from './environment.js';
import type { Environment } from './environment.js';

/** The environment of this process: its streams, variables and clock. */
export function processEnvironment(signal: AbortSignal): Environment {
  return {
    ...openRuntime({ signal }),
    cwd: process.cwd(),
    stdin: withSafeRawMode(process.stdin),
    stdout: ignoreStreamErrors(ownStream(1, process.stdout)),
    stderr: ignoreStreamErrors(ownStream(2, process.stderr)),
    ledger: ledgerOfProcess(),
    keepMemoryFlat,
  };
}

/**
 * Makes V8 collect garbage when the heap has doubled. By default it lets the heap grow up to four times, which is faster
 * for one large instance; with hundreds of small ones, most of the memory would be garbage.
 */
function keepMemoryFlat(): void {
  setFlagsFromString('--heap-growing-percent=100');
}

/** A ledger that contains the file of stdout, if it is one: no other output may overwrite it. */
function ledgerOfProcess(): Ledger {
  const ledger = openLedger();
  try {
    const found = fstatSync(1, { bigint: true });
    if (found.isFile()) ledger.outputs.set(fileKey(found), 'stdout');
  } catch {
    // Closed before the start: it is no file.
  }
  return ledger;
}

/** Keeps the raw mode of a closed terminal as it is. A question that ends would otherwise raise an error that nothing handles. */
function withSafeRawMode(stdin: NodeJS.ReadStream): NodeJS.ReadStream {
  if (!terminals.includes(0) || !stdin.isTTY) return stdin;
  const setRawMode = stdin.setRawMode.bind(stdin);
  stdin.setRawMode = (mode) => (isatty(0) ? setRawMode(mode) : stdin);
  return stdin;
}

/** Exits after all output is flushed, even if sockets or timers are open. */
export async function exit(exit: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) await flushed(stream);
  if (isTerminalGone()) endByHangup();
  process.exit(exit);
}

/** The streams that were terminals at the start. */
const terminals = process.platform === 'win32' ? [] : [0, 1, 2].filter((stream) => isatty(stream));

/**
 * Was a terminal of this process closed? It need not be the controlling terminal, so `/dev/tty` does not answer this.
 */
function isTerminalGone(): boolean {
  return terminals.some((stream) => !isatty(stream));
}

/** Ends as the system does by default. Without its terminal, Node cannot exit: it fails to restore the terminal's mode. */
function endByHangup(): void {
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

function flushed(stream: Writable): Promise<void> {
  return new Promise((done) => {
    if (stream.destroyed) done();
    else ignoreStreamErrors(stream).write('', () => done());
  });
}
