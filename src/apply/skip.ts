import type { Change } from '../plan/change.js';
import { isFinished, settle, stopReason } from './run.js';
import type { Run } from './run.js';
import { rolesOf } from './send.js';

/** Skips a change that may not be sent: the run is stopping, or what it waits for was not brought to its end. */
export async function skip(run: Run, change: Change): Promise<boolean> {
  const because =
    change.dependsOn.find((id) => !isFinished(run, id)) ??
    unmade(run, change) ??
    // After any failure nothing is destroyed that may be needed to repair it.
    (change.kind === 'role.delete' ? run.firstFailure : null);
  if (because !== null) {
    const reason =
      change.kind === 'role.delete' && !change.dependsOn.includes(because)
        ? 'nothing is deleted after a failure'
        : 'it waits for another change';
    await settle(run, change, { status: 'skipped', reason, because });
    return true;
  }
  const stop = stopReason(run);
  if (stop === null) return false;
  await settle(run, change, { status: 'skipped', reason: stop });
  return true;
}

/** The create of a role that this change speaks of and that was not made. */
function unmade(run: Run, change: Change): string | null {
  const missing = rolesOf(change).find((id) => typeof id === 'string' && !run.book.has(id));
  return run.tracks.creates.find((create) => create.roleId === missing)?.id ?? null;
}
