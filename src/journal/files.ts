import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, link, lstat, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ProblemError } from '../problem/problem.js';
import { badFileError } from '../problem/problem.js';
import { isHidden, nullIfAbsent, systemCodeOf } from '../problem/system-error.js';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * Creates a folder that only its owner can access, or uses the existing one. Rejects a link, because a checkout may
 * contain one that leads anywhere.
 */
export async function openPrivateFolder(path: string): Promise<void> {
  if (await createFolder(path)) return;
  const found = await lstat(path).catch((error: unknown) => {
    throw unusableFile(path, 'it cannot be read', error);
  });
  if (!found.isDirectory()) throw unusableFile(path, 'it is a link or a file, not a folder');
  // A folder that was created by hand may be open to all, or protected against writing by its owner, which it stays. `chmod`
  // fails for a folder of another owner.
  if ((found.mode & 0o077) !== 0) await chmod(path, found.mode & FOLDER_MODE).catch(() => undefined);
}

/**
 * Creates a folder and its missing parents one by one. With `recursive`, Node does not return if the system answers
 * "not found" to `mkdir`, as in `/proc`.
 */
export async function createFolders(path: string, mode?: number): Promise<void> {
  const missing: string[] = [];
  for (let at = path; dirname(at) !== at && !(await stat(at).catch(() => null)); at = dirname(at))
    missing.unshift(at);
  for (const folder of missing) {
    await mkdir(folder, mode === undefined ? {} : { mode }).catch((error: unknown) => {
      if (systemCodeOf(error) !== 'EEXIST') throw error;
    });
  }
}

/** Creates a folder. Returns false if the name is taken. */
export async function createFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: FOLDER_MODE });
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw unusableFile(path, 'the folder cannot be created', error);
  }
}

/** How a file is written. */
interface WriteOptions {
  /** Flush to disk before the call returns, so that a power failure cannot lose the file. */
  durable?: boolean;
}

/** Writes a file completely or not at all. Replaces a link instead of following it. */
export async function writeAtomically(
  path: string,
  text: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  try {
    await replaceFile(path, text, { mode: FILE_MODE, isOwn: true, ...options });
  } catch (error) {
    throw unusableFile(path, 'it cannot be written', error);
  }
}

/**
 * Writes a temporary file next to the target and renames it once it is complete. Replaces a link instead of following it.
 * Keeps the permissions of the old file, except with `isOwn`. Packages for this treat a short write on a full disk as
 * complete.
 */
export async function replaceFile(
  path: string,
  text: string | Uint8Array,
  { mode, durable = true, isOwn = false }: WriteOptions & { mode: number; isOwn?: boolean },
): Promise<void> {
  const old = isOwn ? null : await lstat(path).catch(nullIfAbsent);
  const whole = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(whole, 'wx', mode);
    try {
      await file.writeFile(text);
      if (old?.isFile()) await file.chmod(old.mode & 0o777);
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
    await rename(whole, path);
  } catch (error) {
    await unlink(whole).catch(() => undefined);
    throw error;
  }
  if (durable) await flushFolder(dirname(path));
}

const HALF_WRITTEN = /^(.+)\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/u;

/** The name of the file that `replaceFile` was writing when it left a temporary file of this name; null for any other name. */
export function targetOfHalfWritten(name: string): string | null {
  return HALF_WRITTEN.exec(name)?.[1] ?? null;
}

/** Opens a new file for appending. Fails for an existing file or a link. */
export async function openNewFile(path: string): Promise<FileHandle> {
  const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  try {
    // Windows has no O_NOFOLLOW; O_EXCL alone refuses a link as well.
    const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0), FILE_MODE);
    await flushFolder(dirname(path));
    return file;
  } catch (error) {
    throw unusableFile(path, 'it cannot be created', error);
  }
}

/**
 * Is an open file still the one at its path? The system accepts writes to a deleted file without an error, although no one
 * can read them.
 */
export async function isInPlace(file: FileHandle, path: string): Promise<boolean> {
  const [own, found] = await Promise.all([
    file.stat({ bigint: true }),
    lstat(path, { bigint: true }).catch(nullIfMissing),
  ]).catch((error: unknown) => {
    throw unusableFile(path, 'it cannot be read', error);
  });
  return found !== null && found.ino === own.ino && found.dev === own.dev;
}

/** Raises `bad-file` if an open file was deleted or replaced at its path. */
export async function assertInPlace(file: FileHandle, path: string): Promise<void> {
  if (!(await isInPlace(file, path))) throw unusableFile(path, 'it was deleted or replaced during the run');
}

/** Is there nothing at a path? A file that cannot be looked at is there, and so is a link to nothing. */
export async function isAbsent(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    (error: unknown) => !isHidden(error),
  );
}

/** Is there no file, according to this error? */
export function isMissing(error: unknown): boolean {
  const code = systemCodeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function nullIfMissing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}

/** Creates a file with its complete content. Returns false if the name is taken. */
export async function writeExclusive(path: string, text: string, nonce: string): Promise<boolean> {
  const whole = `${path}.${nonce}.tmp`;
  const file = await openNewFile(whole);
  try {
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(whole, path);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw unusableFile(path, 'it cannot be created', error);
  } finally {
    // The file at `path` is complete even if the second name stays.
    await unlink(whole).catch(() => undefined);
  }
}

/** Deletes a file, if it exists. */
export async function removeFile(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'ENOENT') throw unusableFile(path, 'it cannot be deleted', error);
  });
}

/** A `bad-file` error for a file or folder of the state folder. */
export function unusableFile(path: string, why: string, cause?: unknown): ProblemError {
  const code = systemCodeOf(cause);
  const message = `${path} cannot be used: ${why}${code ? ` (${code})` : ''}`;
  return badFileError(message, { file: path, cause });
}

/** Flushes a folder, so that a new name in it survives a power failure. Does nothing on systems without support. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY).catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
