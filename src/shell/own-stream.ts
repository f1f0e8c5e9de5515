import { fstatSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';

/**
 * A standard stream of this process by its number. For files it replaces Node's stream, which treats a short write on an
 * almost full disk as complete.
 */
export function ownStream<S extends Writable>(
  number: 1 | 2,
  given: S & { isTTY?: boolean },
): Writable & { isTTY?: boolean; columns?: number } {
  if (given.isTTY || !isFile(number)) return given;
  return new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      try {
        for (let at = 0; at < chunk.length;) at += writeSync(number, chunk, at);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

function isFile(number: 1 | 2): boolean {
  try {
    const found = fstatSync(number);
    return found.isFile() || found.isCharacterDevice();
  } catch {
    // The stream was closed before the start; the first write reports it.
    return false;
  }
}
