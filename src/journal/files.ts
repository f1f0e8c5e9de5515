import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, link, lstat, mkdir, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { problem, ProblemError } from '../problem/problem.js';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** Larger than any file of a run: a larger file was not written by this program. */
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * Creates a folder that only its owner may enter, or uses the existing one. A link in its place is refused: a checkout
 * may contain one, and writes would follow it anywhere.
 */
export async function openOwnFolder(path: string): Promise<void> {
  if (await newFolder(path)) return;
  const found = await lstat(path);
  if (!found.isDirectory()) throw unusable(path, 'it is a link or a file, not a folder');
  // It may have been created by hand, open to all. The permissions of another owner's folder cannot be changed.
  if ((found.mode & 0o077) !== 0) await chmod(path, FOLDER_MODE).catch(() => undefined);
}

/**
 * Creates a folder and all that are missing above it, one by one: with `recursive`, Node never returns where the system
 * allows no folder and answers "not found", as in `/proc`.
 */
export async function makeFolders(path: string, mode?: number): Promise<void> {
  const missing: string[] = [];
  for (let at = path; dirname(at) !== at && !(await stat(at).catch(() => null)); at = dirname(at))
    missing.unshift(at);
  for (const folder of missing) {
    await mkdir(folder, mode === undefined ? {} : { mode }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  }
}

/** Creates a folder that must not exist yet; false where the name is taken. */
export async function newFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: FOLDER_MODE });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw unusable(path, 'the folder cannot be created', error);
  }
}

/** How a file is written. */
interface WriteOptions {
  /** It is on the disk before the call returns; else a power cut may lose it. */
  durable?: boolean;
}

/** Writes a whole file, all of it or nothing. A link in its place is replaced, and what it leads to stays as it is. */
export async function writeWhole(
  path: string,
  text: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  try {
    await replaceFile(path, text, { mode: FILE_MODE, isOwn: true, ...options });
  } catch (error) {
    throw unusable(path, 'it cannot be written', error);
  }
}

/**
 * Writes a file beside its place and moves it there when all of it is on the disk. The old file stays until then, and
 * the new one takes over its permissions. Of a program's own file neither counts: no permissions, and no link to follow.
 * Packages for this write once, and take the short write on a full disk for a complete one.
 */
export async function replaceFile(
  path: string,
  text: string | Uint8Array,
  { mode, durable = true, isOwn = false }: WriteOptions & { mode: number; isOwn?: boolean },
): Promise<void> {
  const target = isOwn ? path : await realpath(path).catch(() => path);
  const old = isOwn ? null : await stat(target).catch(() => null);
  const whole = `${target}.${randomUUID()}.tmp`;
  try {
    const file = await open(whole, 'wx', mode);
    try {
      await file.writeFile(text);
      if (old) await file.chmod(old.mode & 0o777);
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
    await rename(whole, target);
  } catch (error) {
    await unlink(whole).catch(() => undefined);
    throw error;
  }
  if (durable) await flushFolder(dirname(target));
}

/** Opens a new file for appending, never an existing one, never through a link. */
export async function openNew(path: string): Promise<FileHandle> {
  const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  try {
    // Windows has no O_NOFOLLOW; O_EXCL alone refuses a link as well.
    const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0), FILE_MODE);
    await flushFolder(dirname(path));
    return file;
  } catch (error) {
    throw unusable(path, 'it cannot be created', error);
  }
}

/** A file's text; null where there is no file. Links are not followed. */
export async function readWhole(path: string): Promise<string | null> {
  try {
    const found = await lstat(path);
    if (!found.isFile()) throw unusable(path, 'it is not a plain file');
    if (found.size > MAX_BYTES) throw unusable(path, 'it is too large');
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw error instanceof ProblemError ? error : unusable(path, 'it cannot be read', error);
  }
}

/** A file's first line, without its end; null where no complete line exists. */
export async function readFirstLine(path: string): Promise<string | null> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(() => null);
  if (!file) return null;
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

/** Puts a complete file under a name that must be free. False: the name is taken. */
export async function writeExclusive(path: string, text: string, nonce: string): Promise<boolean> {
  const whole = `${path}.${nonce}.tmp`;
  const file = await openNew(whole);
  try {
    await file.writeFile(text);
    await file.sync();
    await file.close();
    await link(whole, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw unusable(path, 'it cannot be created', error);
  } finally {
    await removeFile(whole);
  }
}

/** Deletes a file, if it exists. */
export async function removeFile(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw unusable(path, 'it cannot be deleted', error);
  });
}

/** The system's code of an error, `ENOENT`; null where it has none. */
export function codeOf(error: unknown): string | null {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown };
  return typeof code === 'string' ? code : null;
}

/** A file or folder of the state folder that cannot be used. */
export function unusable(path: string, why: string, cause?: unknown): ProblemError {
  const code = codeOf(cause);
  const message = `${path} cannot be used: ${why}${code ? ` (${code})` : ''}`;
  return new ProblemError(problem('bad-file', message, { where: { file: path } }), { cause });
}

/** Makes a new name in a folder survive a power cut, on systems that can. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY).catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
