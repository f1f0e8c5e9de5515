import type { Limit } from '../model/policy.js';
import { refusal } from '../model/refusal.js';
import type { Refusal } from '../model/refusal.js';
import { limitOf } from '../plan/guards/limits.js';
import type { FleetRow, InventoryFacts } from './document.js';
import type { Shard } from './shard.js';

/** The parts of an inventory that limit an apply. */
export interface LimitedFleet {
  entries: readonly { suspended: unknown }[];
  policy: { minInstances: number | null; maxInstances: Limit | null };
}

/** Limits as numbers. */
type FleetLimits = Pick<InventoryFacts, 'instances' | 'minInstances' | 'maxInstances'>;

/** The limits of an inventory. A share is of the entries that are not suspended. */
export function limitsOf({ entries, policy }: LimitedFleet): FleetLimits {
  const { minInstances, maxInstances } = policy;
  const active = entries.filter(({ suspended }) => suspended === null).length;
  return {
    instances: entries.length,
    minInstances,
    maxInstances: maxInstances && limitOf(maxInstances, active),
  };
}

/**
 * The refusals of a fleet as a whole: an inventory with too few instances, or too many instances changed at once. A
 * shard may change its share, rounded up. A fleet without changes is never refused.
 */
export function fleetRefusals(
  { instances, minInstances, maxInstances }: FleetLimits,
  rows: readonly Pick<FleetRow, 'instance' | 'status'>[],
  shard: Shard | null = null,
): Refusal[] {
  if (rows.length === 0) return [];
  const changed = rows
    .filter(({ status }) => status === 'changes' || status === 'done')
    .map(({ instance }) => instance);
  const share = maxInstances && Math.ceil(maxInstances / (shard?.count ?? 1));
  return [
    ...(share !== null && changed.length > share ? [tooMany(changed, share, shard)] : []),
    ...(minInstances !== null && instances < minInstances ? [tooFew(instances, minInstances)] : []),
  ];
}

function tooMany(changed: readonly string[], limit: number, shard: Shard | null): Refusal {
  const where = shard === null ? '' : ` by shard ${shard.index} of ${shard.count}`;
  const count = `${changed.length} ${changed.length === 1 ? 'instance' : 'instances'}`;
  const message = `${count} would be changed${where}, at most ${limit} may be`;
  return refusal('max-instances', message, {
    figure: changed.length,
    limit,
    key: 'policy.maxInstances',
    items: changed,
    hint: 'select fewer instances, or raise the limit in the inventory',
  });
}

function tooFew(instances: number, least: number): Refusal {
  const message = `the inventory has ${instances} ${instances === 1 ? 'instance' : 'instances'}, and must have at least ${least}`;
  return refusal('min-instances', message, {
    figure: instances,
    limit: least,
    key: 'policy.minInstances',
    hint: 'restore the missing instances, or lower the limit in the inventory',
  });
}
