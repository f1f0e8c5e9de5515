import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { checkState, SandboxStateError, type SandboxState } from './state.js';

const FILE = 'sandbox.json';

/** The file in which a sandbox folder keeps its instance. */
export function stateFile(folder: string): string {
  return resolve(join(folder, FILE));
}

/**
 * Reads the instance of a sandbox folder; null when there is none yet.
 * Raises `SandboxStateError` for a damaged file; nothing of its content is in the message.
 */
export async function loadState(folder: string): Promise<SandboxState | null> {
  const file = stateFile(folder);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return null;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SandboxStateError(`${file} is damaged: it is not JSON`);
  }
  return checkState(value, file);
}

/** The last write of each file: one follows the other, so that the latest instance is what stays. */
const writes = new Map<string, Promise<void>>();

/**
 * Writes the instance of a sandbox folder: the whole file or nothing, readable by its owner alone,
 * like the folder if it is made here.
 */
export async function saveState(folder: string, state: SandboxState): Promise<void> {
  const file = stateFile(folder);
  const text = `${JSON.stringify(state)}\n`;
  const before = writes.get(file) ?? Promise.resolve();
  const work = before.then(async () => {
    if (await makeFolder(resolve(folder))) await chmod(folder, 0o700);
    await replaceFile(file, text);
  });
  const settled = work.catch(() => undefined);
  writes.set(file, settled);
  await work.finally(() => {
    if (writes.get(file) === settled) writes.delete(file);
  });
}

/**
 * Writes a file beside its place and moves it there when all of it is on the disk. By hand: packages for this take
 * the short write of a disk that fills up for a whole one.
 */
async function replaceFile(path: string, text: string): Promise<void> {
  const whole = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(whole, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(whole, path);
  } catch (error) {
    await unlink(whole).catch(() => undefined);
    throw error;
  }
}

/**
 * Makes a folder and what is missing above it, one by one: asked for all at once, Node tries for ever where the
 * system calls a folder that may not be made "not found", as in `/proc`. False where it was there.
 */
async function makeFolder(folder: string): Promise<boolean> {
  if (await stat(folder).catch(() => null)) return false;
  const above = dirname(folder);
  if (above !== folder) await makeFolder(above);
  try {
    await mkdir(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false;
    throw error;
  }
}
