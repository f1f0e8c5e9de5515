import { join } from 'node:path';
import { FLEET_FILES } from '../../fleet/document.js';
import { isWriting } from '../../fleet/exit.js';
import { kindOf, realPlaceOf } from '../../manifest/files/paths.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { TRY_AGAIN, lockFolder } from '../folder-lock.js';
import type { Runtime } from '../runtime.js';
import { openFleetFolder } from './fleet-folder.js';
import type { FleetFolder } from './fleet-folder.js';
import type { FleetRunHeader } from './fleet-log.js';

/** How the folder of a run is taken. */
interface FolderLockRequest {
  runtime: Runtime;
  /** Milliseconds to wait for a run that has the folder; 0 unless given. */
  waitForLockMs?: number | undefined;
  onWarning?: ((line: string) => void | Promise<void>) | undefined;
}

/** A folder that no other run of this account on this machine writes into. */
interface TakenFolder {
  /** Another run had it, and has ended since. */
  hasWaited: boolean;
  release: () => Promise<void>;
}

/**
 * Opens the folder of a run as `openFleetFolder`, and keeps it from other runs until it is closed: two runs in one
 * folder would clear each other's record of what was written.
 *
 * @throws ProblemError `bad-file` where another run has it: an engine tries again.
 */
export async function takeFleetFolder(
  path: string,
  header: FleetRunHeader,
  { mode, ...request }: FolderLockRequest & { mode: 'fresh' | 'resume' | 'either' },
): Promise<FleetFolder> {
  const taken = await takeFolder(path, { ...request, isWriting: isWriting(header.command) });
  try {
    const folder = await openFleetFolder(path, header, mode === 'either' && taken.hasWaited ? 'after' : mode);
    return { ...folder, close: () => folder.close().finally(taken.release) };
  } catch (error) {
    await taken.release();
    throw error;
  }
}

/** A run that only reads takes a folder that holds a run alone. Where no lock can be kept, there is none. */
async function takeFolder(
  folder: string,
  { runtime, isWriting: writes, waitForLockMs = 0, onWarning }: FolderLockRequest & { isWriting: boolean },
): Promise<TakenFolder> {
  const path = await realPlaceOf(folder);
  if (!writes && (await kindOf(join(path, FLEET_FILES.log))) !== 'file') return FREE;
  const deadline = runtime.now() + waitForLockMs;
  for (let tries = 0; ; tries += 1) {
    const lock = await lockFolder(path, 'another run', runtime);
    if (!(lock instanceof ProblemError)) {
      return { hasWaited: tries > 0, release: async () => lock?.release().catch(() => undefined) };
    }
    const left = deadline - runtime.now();
    if (left <= 0 || runtime.signal.aborted) throw inUse(lock);
    if (tries === 0) await onWarning?.(`waiting up to ${waitForLockMs / 1000} s: ${lock.message}`);
    await runtime.sleep(Math.min(TRY_AGAIN, left));
  }
}

const FREE: TakenFolder = { hasWaited: false, release: () => Promise.resolve() };

/** Raised if another run uses the folder now. */
export class FolderInUse extends ProblemError {}

function inUse({ message }: ProblemError): FolderInUse {
  return new FolderInUse(
    problem('bad-file', message, {
      where: { what: '--out' },
      hint: 'wait until it ends, or use another folder',
    }),
  );
}
