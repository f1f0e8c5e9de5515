import type { Limit } from '../model/policy.js';
import { refusal } from '../model/refusal.js';
import type { Refusal } from '../model/refusal.js';
import type { FleetRow } from './document.js';

/** What of an inventory limits one apply. */
export interface LimitedFleet {
  entries: readonly { suspended: unknown }[];
  policy: { minInstances: number | null; maxInstances: Limit | null };
}

/** The refusals of a fleet as a whole: an inventory that shrank by accident, or too many instances changed at once. */
export function fleetRefusals(
  { entries, policy }: LimitedFleet,
  rows: readonly Pick<FleetRow, 'instance' | 'status'>[],
): Refusal[] {
  const { minInstances, maxInstances } = policy;
  const refusals: Refusal[] = [];
  const changed = rows
    .filter(({ status }) => status === 'changes' || status === 'done')
    .map(({ instance }) => instance);
  const limit =
    maxInstances && limitOf(maxInstances, entries.filter(({ suspended }) => suspended === null).length);
  if (limit !== null && changed.length > limit) {
    refusals.push(
      refusal('max-instances', `${changed.length} instances would be changed, at most ${limit} may be`, {
        figure: changed.length,
        limit,
        key: 'policy.maxInstances',
        items: changed,
        hint: 'select fewer instances, or raise the limit in the inventory',
      }),
    );
  }
  if (minInstances !== null && entries.length < minInstances) {
    const message = `the inventory has ${entries.length} ${entries.length === 1 ? 'instance' : 'instances'}, and must have at least ${minInstances}`;
    refusals.push(
      refusal('min-instances', message, {
        figure: entries.length,
        limit: minInstances,
        key: 'policy.minInstances',
        hint: 'restore the missing instances, or lower the limit in the inventory',
      }),
    );
  }
  return refusals;
}

/** How many of so many instances a limit allows: a share is rounded down, and never less than one. */
function limitOf(limit: Limit, of: number): number {
  if ('count' in limit) return limit.count;
  return Math.max(limit.floor, Math.floor((limit.percent / 100) * of));
}
