import { createHash, randomUUID } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonLine } from '../model/json-text.js';
import { problem, ProblemError } from '../problem/problem.js';
import { systemCodeOf } from '../problem/system-error.js';
import { writeExclusive, removeFile, unusableFile } from './files.js';
import { readTextFile } from './read-file.js';
import { machineProcesses } from './processes.js';
import type { ProcessMark, ProcessTable } from './processes.js';

/** An acquired lock. */
export interface Lock {
  path: string;
  release(): Promise<void>;
}

/** The holder of a lock, as recorded in the lock file. */
interface Owner extends ProcessMark {
  /** Unique for each acquisition. */
  nonce: string;
  /** ISO 8601, UTC. */
  at: string;
}

/** Options of `acquireLock`. */
interface LockOptions {
  /** The address of the instance, from which the name of the lock is derived. */
  address: string;
  /** The name of the instance in messages. */
  instance: string;
  /** Describes another holder in messages. Default: `another apply on NAME`. */
  holder?: string | undefined;
  /** Milliseconds since the epoch, for the messages of other processes. */
  now: number;
  processes?: ProcessTable;
}

/**
 * Acquires the lock of an instance, or raises `locked`. Takes over the lock of a dead process.
 *
 * Two processes that find the same dead owner cannot both succeed. Only the holder of the claim on that owner may
 * replace the lock file. The claim is a second file, named after the owner's nonce, so there can be only one. It is
 * released after the lock was replaced: a process that gets the claim later finds another owner in the lock and starts
 * again. A claim whose holder died is claimed in the same way.
 */
export async function acquireLock(
  folder: string,
  {
    address,
    instance,
    holder = `another apply on ${instance}`,
    now,
    processes = machineProcesses(),
  }: LockOptions,
): Promise<Lock> {
  const path = join(folder, `${lockName(address)}.lock`);
  const self = await processes.self();
  const mine: Owner = { ...self, nonce: randomUUID(), at: new Date(now).toISOString() };

  for (;;) {
    if (await writeExclusive(path, textOf(mine), mine.nonce)) return heldLock(path, mine);
    const owner = await readOwner(path);
    if (owner === null) continue;
    await refuseIfAlive(processes, owner, { path, holder });
    if (await takeOver(path, { owner, mine, processes, holder })) return heldLock(path, mine);
  }
}

interface TakeOver {
  owner: Owner;
  mine: Owner;
  processes: ProcessTable;
  holder: string;
}

/** Replaces the lock file of a dead owner. Returns false if another process was faster. */
async function takeOver(path: string, { owner, mine, processes, holder }: TakeOver): Promise<boolean> {
  const claims: string[] = [];
  let last = owner;
  for (;;) {
    const claimed = claimPath(path, last);
    if (await writeExclusive(claimed, textOf(mine), mine.nonce)) {
      claims.push(claimed);
      break;
    }
    const other = await readOwner(claimed);
    if (other === null) return false;
    await refuseIfAlive(processes, other, { path: claimed, holder });
    claims.push(claimed);
    last = other;
  }
  const own = claims.at(-1) as string;
  try {
    if ((await readOwner(path))?.nonce !== owner.nonce) return false;
    const fresh = `${path}.${mine.nonce}.next`;
    await writeExclusive(fresh, textOf(mine), mine.nonce);
    await rename(fresh, path).catch((error: unknown) => {
      throw unusableFile(path, 'it cannot be replaced', error);
    });
    // Delete dead claims first: while our claim exists, no other process can act on them.
    for (const dead of claims.slice(0, -1)) await removeFile(dead);
    return true;
  } finally {
    await removeFile(own);
  }
}

function heldLock(path: string, mine: Owner): Lock {
  return {
    path,
    async release() {
      // No process replaces the lock of a live process, but the file may have been deleted by hand.
      if ((await readOwner(path))?.nonce === mine.nonce) await removeFile(path);
    },
  };
}

async function refuseIfAlive(
  processes: ProcessTable,
  owner: Owner,
  { path, holder }: { path: string; holder: string },
): Promise<void> {
  const state = await processes.stateOf(owner);
  if (state === 'dead') return;
  const by = `process ${owner.pid}${state === 'elsewhere' ? ` on ${owner.host}` : ''}`;
  throw new ProblemError(
    problem('locked', `${holder} is running: ${by}, since ${owner.at}`, {
      where: { file: path },
      hint:
        state === 'elsewhere'
          ? 'it cannot be checked from this machine whether that process still runs; if it does not, delete the file'
          : 'wait until it ends, or use --wait-for-lock SECONDS',
    }),
  );
}

/** Reads the owner of a lock; null if the file is gone. Raises `locked` for a file without an owner. */
async function readOwner(path: string): Promise<Owner | null> {
  const text = await readTextFile(path);
  if (text === null) return null;
  try {
    const owner = JSON.parse(text) as Partial<Owner> | null;
    if (
      Number.isSafeInteger(owner?.pid) &&
      typeof owner?.host === 'string' &&
      typeof owner.at === 'string' &&
      /^[0-9a-f-]{36}$/u.test(owner.nonce ?? '')
    ) {
      return { ...owner, started: owner.started ?? null, boot: owner.boot ?? null } as Owner;
    }
  } catch (error) {
    if (systemCodeOf(error) !== null) throw error;
  }
  throw new ProblemError(
    problem('locked', `the lock ${path} does not name its holder`, {
      where: { file: path },
      hint: 'if no apply is running, delete the file',
    }),
  );
}

function claimPath(path: string, owner: Owner): string {
  return `${path}.${owner.nonce}.claim`;
}

/** The host and port of an address as a file name; its digest if they do not fit, or if the address has a path. */
function lockName(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  const hasPath = url !== null && url.pathname.replace(/\/+$/u, '') !== '';
  const host = url === null || hasPath ? '' : url.host.replace(/\.(?=$|:)/u, '');
  if (/^[a-z0-9][a-z0-9.-]{0,200}(?::\d+)?$/u.test(host)) return host.replace(':', '_');
  return `other-${createHash('sha256').update(address).digest('hex').slice(0, 32)}`;
}

function textOf(owner: Owner): string {
  return jsonLine(owner);
}
