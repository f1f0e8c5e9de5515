import { withLock } from '../lock.js';
import type { FleetApplyRequest } from './fleet-request.js';
import type { PlanEach } from './plan-fleet.js';

/**
 * With --wait-for-lock, also waits for another run's lock before planning: a plan made during that run would be stale when
 * it ends. A dry run takes no lock.
 */
export function lockBeforePlanning({
  folder,
  runtime,
  waitForLockMs = 0,
  dryRun,
  onWarning,
}: FleetApplyRequest): Pick<PlanEach, 'undisturbed'> {
  if (waitForLockMs === 0 || dryRun) return {};
  return {
    undisturbed: async ({ name }, connection, work) =>
      withLock(
        connection,
        {
          runtime,
          state: await folder.stateOf(name),
          waitForLockMs,
          onWarning: (line) => onWarning?.(name, line),
        },
        work,
      ),
  };
}
