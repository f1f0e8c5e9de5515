import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { lstat, open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { ProblemError } from '../problem/problem.js';
import { systemCodeOf } from '../problem/system-error.js';
import { isMissing, unusableFile } from './files.js';

/** Larger than any file that this program writes. */
const MAX_BYTES = 512 * 1024 * 1024;

/** Refuses a link at the end of a path. Windows has no such flag. */
const NO_LINK = constants.O_NOFOLLOW ?? 0;

/** Reads a file; null if it does not exist. Does not follow links. */
export async function readTextFile(path: string): Promise<string | null> {
  try {
    const found = await lstat(path);
    if (!found.isFile()) throw unusableFile(path, 'it is not a plain file');
    if (found.size > MAX_BYTES) throw unusableFile(path, 'it is too large');
    return readWhole(path, NO_LINK);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error instanceof ProblemError ? error : unusableFile(path, 'it cannot be read', error);
  }
}

/**
 * Reads a saved document; links are followed. Raises the error of the system, and `bad-file` for a device or a pipe, which
 * may never end, and for a file that is too large.
 */
export async function readDocumentText(path: string): Promise<string> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory()) throw unusableFile(path, 'it is not a plain file');
  if (found.size > MAX_BYTES) throw unusableFile(path, 'it is too large');
  return readWhole(path);
}

/**
 * Reads a file that was looked at before. In one go, because the reads of the thread pool keep the bytes of each file until
 * garbage is collected, which takes twice the time for hundreds of files.
 */
function readWhole(path: string, flags = 0): string {
  // Non-blocking, because opening a pipe that has taken the place of the file would wait for its other end.
  const handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | flags);
  try {
    return readFileSync(handle, 'utf8');
  } finally {
    closeSync(handle);
  }
}

/**
 * Reads the first line of a file, without its line end; null if there is no file or no complete line. Raises `bad-file` if
 * it cannot be read. Does not follow links.
 */
export async function readFirstLine(path: string): Promise<string | null> {
  try {
    if (!(await lstat(path)).isFile()) throw unusableFile(path, 'it is not a plain file');
    return await firstLineOf(await open(path, constants.O_RDONLY | NO_LINK));
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error instanceof ProblemError ? error : unusableFile(path, 'it cannot be read', error);
  }
}

async function firstLineOf(file: FileHandle): Promise<string | null> {
  try {
    const chunk = Buffer.alloc(64 * 1024);
    let text = Buffer.alloc(0);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0 || text.length > MAX_BYTES) return null;
      const end = chunk.subarray(0, bytesRead).indexOf(0x0a);
      text = Buffer.concat([text, chunk.subarray(0, end < 0 ? bytesRead : end)]);
      if (end >= 0) return text.toString('utf8');
    }
  } finally {
    await file.close();
  }
}
