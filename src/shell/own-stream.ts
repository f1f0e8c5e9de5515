import { fstatSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';

/**
 * The stream of this process by its number, for files in a form of our own: Node writes to a file once and takes a
 * short write, on a disk that is almost full, for a whole one.
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
    // Closed before the start: the first write reports it.
    return false;
  }
}
