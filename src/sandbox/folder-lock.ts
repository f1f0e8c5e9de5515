import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, stat, unlink, utimes } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxState } from './state.js';
import { makeFolder, stateFile, storeState } from './store.js';

/** Milliseconds between two looks at a lock that another process holds. */
const POLL_MS = 5;

/** Milliseconds after which a lock that its process no longer renews counts as left behind. */
const STALE_MS = 30_000;

const RENEW_MS = STALE_MS / 6;

/**
 * Waits for the lock of a sandbox folder, and returns a function that releases it. Between the two, no other process, and no
 * other sandbox of this one, stores an instance there.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = `${stateFile(folder)}.lock`;
  const owner = JSON.stringify({ host: hostname(), pid: process.pid, id: randomUUID() });
  await makeFolder(folder);
  while (!(await claim(path, owner))) {
    const text = await staleOwner(path);
    if (text === null) await sleep(POLL_MS);
    else await removeLock(path, text);
  }
  const renewal = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, RENEW_MS).unref();
  return () => {
    clearInterval(renewal);
    return removeLock(path, owner);
  };
}

/** Writes the instance of a sandbox folder atomically, while no other process changes it. */
export async function saveState(folder: string, state: SandboxState): Promise<void> {
  const release = await lockFolder(folder);
  try {
    await storeState(folder, state);
  } finally {
    await release();
  }
}

async function claim(path: string, owner: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    await file.writeFile(owner).finally(() => file.close());
    return true;
  } catch (error) {
    // A lock that could not be written, on a full disk for example, would stop everyone else.
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

/** The text of a lock whose process no longer runs or no longer renews it; null for any other. */
async function staleOwner(path: string): Promise<string | null> {
  try {
    const text = await readFile(path, 'utf8');
    const isOld = Date.now() - (await stat(path)).mtimeMs > STALE_MS;
    return isOld || isDead(text) ? text : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Does the text name a process of this machine that ended? Never true of a lock that is being written. */
function isDead(text: string): boolean {
  try {
    const { host, pid } = JSON.parse(text) as { host?: unknown; pid?: unknown };
    if (host !== hostname() || typeof pid !== 'number') return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/** Removes the lock with this text. One that another process has acquired in the meantime is put back. */
async function removeLock(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== text) await link(aside, path).catch(() => undefined);
    await unlink(aside);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}
