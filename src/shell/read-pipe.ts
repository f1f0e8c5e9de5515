import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { ProblemError, problem } from '../problem/problem.js';
import { systemCodeOf } from '../problem/system-error.js';
import type { Environment } from './environment.js';

/** Milliseconds between two looks at a pipe without data. */
const LOOK_AGAIN = 20;

/**
 * Reads a text file that may be a pipe or a terminal: `<(command)`, the named pipe of a password manager, `/dev/stdin`.
 * Waits for the writer until the run is stopped. A blocking read would keep the process from ending.
 */
export async function readFileOrPipe(
  path: string,
  environment: Pick<Environment, 'signal' | 'sleep'>,
): Promise<string> {
  // Windows has no O_NONBLOCK, and no named pipes in folders.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await file.stat();
    if (found.isFile()) return await file.readFile('utf8');
    return await readPipe(file, { isNamed: found.isFIFO() && (await hasName(path)), environment });
  } finally {
    await file.close();
  }
}

/** Has a pipe a path of its own? The end of one without is final, also if nothing was written. */
async function hasName(path: string): Promise<boolean> {
  const found = await realpath(path)
    .then((target) => lstat(target))
    .catch(() => null);
  return found?.isFIFO() === true;
}

async function readPipe(
  file: FileHandle,
  { isNamed, environment }: { isNamed: boolean; environment: Pick<Environment, 'signal' | 'sleep'> },
): Promise<string> {
  const chunks: Buffer[] = [];
  const chunk = Buffer.alloc(64 * 1024);
  for (;;) {
    if (environment.signal.aborted)
      throw new ProblemError(problem('interrupted', 'interrupted before anything was written'));
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
