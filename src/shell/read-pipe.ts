import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { ProblemError, problem } from '../problem/problem.js';
import { systemCodeOf } from '../problem/system-error.js';
import type { Environment } from './environment.js';

/** Milliseconds between two looks at a pipe without data. */
const LOOK_AGAIN = 20;

/**
 * Reads a text file that may be a pipe: `<(command)`, or the named pipe of a password manager. Waits for the writer of a
 * pipe until the run is stopped. A blocking read would keep the process from ending.
 */
export async function readFileOrPipe(
  path: string,
  environment: Pick<Environment, 'signal' | 'sleep'>,
): Promise<string> {
  // Windows has no O_NONBLOCK, and no named pipes in folders.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await file.stat()).isFIFO()) return await file.readFile('utf8');
    // The end of a pipe without a name is final, also if nothing was written.
    const isNamed = (await lstat(path)).isFIFO();
    return await readPipe(file, { isNamed, environment });
  } finally {
    await file.close();
  }
}

async function readPipe(
  file: FileHandle,
  { isNamed, environment }: { isNamed: boolean; environment: Pick<Environment, 'signal' | 'sleep'> },
): Promise<string> {
  const chunks: Buffer[] = [];
  const chunk = Buffer.alloc(64 * 1024);
  for (;;) {
    if (environment.signal.aborted)
      throw new ProblemError(problem('interrupted', 'stopped from outside before anything was written'));
    const length = await readAvailable(file, chunk);
    if (length !== null && length > 0) chunks.push(Buffer.from(chunk.subarray(0, length)));
    else if (length === 0 && (chunks.length > 0 || !isNamed)) return Buffer.concat(chunks).toString('utf8');
    else await environment.sleep(LOOK_AGAIN, environment.signal);
  }
}

/** The number of bytes read; 0 without a writer, null if it has written nothing further yet. */
async function readAvailable(file: FileHandle, chunk: Buffer): Promise<number | null> {
  try {
    return (await file.read(chunk, 0, chunk.length, null)).bytesRead;
  } catch (error) {
    if (systemCodeOf(error) === 'EAGAIN') return null;
    throw error;
  }
}
