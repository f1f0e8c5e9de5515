import { fstatSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { Writable } from 'node:stream';
import { openRuntime } from '../reconcile/runtime.js';
import { fileKey } from './file-identity.js';
import { openLedger } from './ledger.js';
import type { Ledger } from './ledger.js';
import { ownStream } from './own-stream.js';
import { survive } from './environment.js';
import type { Environment } from './environment.js';

/** The world as it is: this process, its streams, its clock. */
export function processEnvironment(signal: AbortSignal): Environment {
  return {
    ...openRuntime({ signal }),
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: survive(ownStream(1, process.stdout)),
    stderr: survive(ownStream(2, process.stderr)),
    ledger: ledgerOfProcess(),
    keepMemoryFlat,
  };
}

/**
 * Has V8 collect garbage whenever the heap has doubled. By default it waits for up to four times as much, which is quicker for
 * one large instance; over hundreds of small ones that garbage is most of the memory.
 */
function keepMemoryFlat(): void {
  setFlagsFromString('--heap-growing-percent=100');
}

/** Knows the file that stdout is, where it is one: no other output may land on it. */
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

/** Ends the process once all that was written is out: an open socket or timer must not keep it alive. */
export async function exit(exit: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) await flushed(stream);
  process.exit(exit);
}

function flushed(stream: Writable): Promise<void> {
  return new Promise((done) => {
    if (stream.destroyed) done();
    else survive(stream).write('', () => done());
  });
}
