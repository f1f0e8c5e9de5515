import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { checkState, SandboxStateError, type SandboxState } from './state.js';

const FILE = 'sandbox.json';

/** Returns the file of a sandbox folder that stores the instance. */
export function stateFile(folder: string): string {
  return resolve(join(folder, FILE));
}

/**
 * Reads the instance of a sandbox folder; null if there is none yet. Raises `SandboxStateError` for a damaged file; the message
 * does not show its content.
 */
export async function loadState(folder: string): Promise<SandboxState | null> {
  const file = stateFile(folder);
  let text: string;
  try {
    if (!(await stat(file)).isFile()) throw new SandboxStateError(`${file} is not a file`);
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return null;
    throw error;
  }
  return parseState(text, file);
}

function parseState(text: string, file: string): SandboxState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SandboxStateError(`${file} is damaged: it is not JSON`);
  }
  return checkState(value, file);
}

/** Distinguishes each write of a file from the others. */
export type FileVersion = string;

/** Returns the version of the stored instance; null if there is none. */
export function storedVersion(folder: string): FileVersion | null {
  try {
    return versionOf(statSync(stateFile(folder), { bigint: true }));
  } catch {
    return null;
  }
}

const versionOf = ({ ino, mtimeNs, size }: { ino: bigint; mtimeNs: bigint; size: bigint }): FileVersion =>
  `${ino} ${mtimeNs} ${size}`;

/** Reads the instance that another process stored; null for a damaged file, which the next write replaces. */
export function readStored(folder: string): SandboxState | null {
  const file = stateFile(folder);
  try {
    return parseState(readFileSync(file, 'utf8'), file);
  } catch {
    return null;
  }
}

/** The last write of each file. Writes are sequential, so that the latest instance is stored. */
const writes = new Map<string, Promise<unknown>>();

/**
 * Writes the instance of a sandbox folder atomically, and returns the version of the file. The file, and the folder if it is
 * new, are readable only by the owner.
 */
export async function storeState(folder: string, state: SandboxState): Promise<FileVersion> {
  const file = stateFile(folder);
  const text = `${JSON.stringify(state)}\n`;
  const before = writes.get(file) ?? Promise.resolve();
  const work = before.then(async () => {
    await makeFolder(folder);
    return replaceFile(file, text);
  });
  const settled = work.catch(() => undefined);
  writes.set(file, settled);
  return work.finally(() => {
    if (writes.get(file) === settled) writes.delete(file);
  });
}

/**
 * Writes a temporary file and renames it once it is synced to the disk. Not done with a package, because those accept the short
 * write of a full disk as a complete one.
 */
async function replaceFile(path: string, text: string): Promise<FileVersion> {
  let version: FileVersion;
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
      // Before the rename: another process may replace the file right after it.
      version = versionOf(await file.stat({ bigint: true }));
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return version;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

/** Creates the folder of a sandbox, readable only by the owner, unless it exists. */
export async function makeFolder(folder: string): Promise<void> {
  if (await makeFolders(resolve(folder))) await chmod(folder, 0o700);
}

/**
 * Creates a folder and its missing parents one by one, because Node's recursive mkdir never ends if the system reports a folder
 * that cannot be created as "not found", as in `/proc`. Returns false if the folder existed.
 */
async function makeFolders(folder: string): Promise<boolean> {
  if (await stat(folder).catch(() => null)) return false;
  const above = dirname(folder);
  if (above !== folder) await makeFolders(above);
  try {
    await mkdir(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false;
    throw error;
  }
}
