import { hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { ProblemCode } from '../../problem/codes.js';
import { problem, type Problem } from '../../problem/problem.js';
import { systemCodeOf } from '../../problem/system-error.js';
import type { Place } from '../yaml/yaml-values.js';
import { HIDDEN_HINT } from './paths.js';

/** The size limit of a manifest file: 10 MB. */
export const LARGEST_FILE = 10_000_000;

/** The size limit of all files of a manifest together: 50 MB. */
export const LARGEST_MANIFEST = 50_000_000;

/** The most files of a manifest. */
export const MOST_FILES = 10_000;

/** The content of a file. */
export interface Content {
  text: string;
  /** `sha256:` and 64 hexadecimal digits of the bytes. */
  digest: string;
  bytes: number;
}

/** Files up to this size are read into one shared buffer; most are. */
const SMALL_FILE = 2 ** 16;

const small = Buffer.alloc(SMALL_FILE + 1);

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Refuses a link at the end of a path. Windows has no such flag. */
const NO_LINK = constants.O_NOFOLLOW ?? 0;

/** Why a file could not be read. */
export type Unreadable = 'missing' | 'not-a-file' | 'too-large' | 'not-utf-8' | 'unreadable';

/**
 * Reads a text file of at most `limit` bytes; never a folder, device or pipe. Links in folders are followed. With
 * `link: 'refused'`, a real path that has become a link is unreadable. Works without the thread pool, because a round trip
 * takes longer than reading most files.
 */
export async function readText(
  path: string,
  limit: number = LARGEST_FILE,
  link: 'followed' | 'refused' = 'followed',
): Promise<Content | Unreadable> {
  const handle = openToRead(path, link);
  if (typeof handle === 'string') return handle;
  try {
    const found = fstatSync(handle);
    if (!found.isFile()) return 'not-a-file';
    if (found.size > limit) return 'too-large';
    const most = Math.min(limit, found.size) + 1;
    // Nothing else runs until this file is decoded, so the buffer can be shared.
    const buffer = most <= small.length ? small.subarray(0, most) : Buffer.alloc(most);
    let length = 0;
    let got: number;
    do {
      got = readSync(handle, buffer, length, buffer.length - length, length);
      length += got;
      // There is room for one byte more, so a read that ends at the size has reached the end.
    } while (got > 0 && length < found.size);
    // The file grew while it was read, or is not a regular file.
    if (length > found.size) return 'unreadable';
    const bytes = buffer.subarray(0, length);
    const text = decodeUtf8(bytes);
    return text === null ? 'not-utf-8' : { text, digest: digestOf(bytes), bytes: length };
  } catch {
    return 'unreadable';
  } finally {
    closeSync(handle);
  }
}

/** Opens a file; returns its descriptor, or why it cannot be opened. */
function openToRead(path: string, link: 'followed' | 'refused'): number | Unreadable {
  try {
    // Non-blocking, because opening a pipe would wait for its other end.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | (link === 'refused' ? NO_LINK : 0));
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
    return code === 'EISDIR' || code === 'ENXIO' ? 'not-a-file' : 'unreadable';
  }
}

/** The text of bytes in UTF-8; null if they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** The digest of a file's bytes. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${hash('sha256', bytes)}`;
}

/** The problem for a file that could not be read. `missing` is the code if it does not exist or is not a regular file. */
export function readProblem(why: Unreadable, where: Partial<Place>, missing: ProblemCode): Problem {
  switch (why) {
    case 'too-large':
      return problem('file-too-large', 'the file is larger than a manifest may be', {
        where,
        hint: `at most 10 MB per file, 50 MB and ${MOST_FILES} files in all`,
      });
    case 'not-utf-8':
      return problem(missing === 'members-file' ? missing : 'yaml-syntax', 'the file is not UTF-8 text', {
        where,
        hint: 'save it as UTF-8',
      });
    case 'missing':
      return problem(missing, 'the file does not exist', { where });
    case 'not-a-file':
      return problem(missing, 'this is not a regular file', { where });
    case 'unreadable':
      // The fault is with this machine, not with the manifest.
      return problem('bad-file', 'the file cannot be read', { where, hint: HIDDEN_HINT });
  }
}
