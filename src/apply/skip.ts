import type { Change } from '../plan/change.js';
import { isFinished, settle, stopReason } from './run.js';
import type { ApplyRun } from './run.js';
import { roleIdsIn } from './send.js';

/** Skips a change that may not be sent: the run is stopping, or what it waits for was not brought to its end. */
export async function skipIfBlocked(run: ApplyRun, change: Change): Promise<boolean> {
  const because =
    change.dependsOn.find((id) => !isFinished(run, id)) ??
    missingCreate(run, change) ??
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
function missingCreate(run: ApplyRun, change: Change): string | null {
  const missing = roleIdsIn(change).find((id) => typeof id === 'string' && !run.createdRoleIds.has(id));
  return run.planned.creates.find((create) => create.roleId === missing)?.id ?? null;
}
