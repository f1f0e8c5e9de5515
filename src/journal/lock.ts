import { createHash, randomUUID } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { problem, ProblemError } from '../problem/problem.js';
import { writeExclusive, codeOf, removeFile, readWhole, unusable } from './files.js';
import { machineProcesses } from './processes.js';
import type { ProcessMark, ProcessTable } from './processes.js';

/** A lock that is held. */
export interface Lock {
  path: string;
  release(): Promise<void>;
}

/** The holder of a lock, as its file names it. */
interface Owner extends ProcessMark {
  /** Unique: identifies one holding of the lock. */
  nonce: string;
  /** ISO 8601, UTC. */
  at: string;
}

/** How a lock is taken. */
export interface LockOptions {
  /** The address that is written to; the lock is named after it. */
  address: string;
  /** Its name in messages. */
  instance: string;
  /** What another holder of the lock is; `another apply on NAME` unless given. */
  holder?: string | undefined;
  /** Milliseconds since the epoch; in the message to others who find the lock. */
  now: number;
  processes?: ProcessTable;
}

/**
 * Takes the lock of an instance in a folder of locks, or refuses with `locked`. The lock of a dead process is taken
 * over.
 *
 * Two processes that find the same dead owner cannot both win. Only the holder of the claim on exactly that owner
 * replaces the lock's file. The claim is a second file, named after the owner's nonce, so there can be only
 * one. It is released only after the lock was replaced: a process that gets the claim later finds another owner in
 * the lock and starts again. A claim whose holder died is claimed in the same way.
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

/** Replaces a dead owner's file with our own; false where another process was faster. */
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
      throw unusable(path, 'it cannot be replaced', error);
    });
    // The dead claims first: while ours exists, no other process can act on them.
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
      // No process replaces the lock of a living one; but the file may have been deleted by hand.
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
          : 'wait until it ends, or give --wait-for-lock SECONDS',
    }),
  );
}

/** Null: the file is gone. A file without an owner was not written by this program and is not taken over. */
async function readOwner(path: string): Promise<Owner | null> {
  const text = await readWhole(path);
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
    if (codeOf(error) !== null) throw error;
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

/** The host and port of an address as a file name; its digest where they do not fit in one, or where it has a path. */
function lockName(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  const hasPath = url !== null && url.pathname.replace(/\/+$/u, '') !== '';
  const host = url === null || hasPath ? '' : url.host.replace(/\.(?=$|:)/u, '');
  if (/^[a-z0-9][a-z0-9.-]{0,200}(?::\d+)?$/u.test(host)) return host.replace(':', '_');
  return `other-${createHash('sha256').update(address).digest('hex').slice(0, 32)}`;
}

function textOf(owner: Owner): string {
  return `${JSON.stringify(owner)}\n`;
}
