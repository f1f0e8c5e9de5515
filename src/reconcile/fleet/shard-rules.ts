import { badShard, wholeSelection } from '../../fleet/shard.js';
import type { FleetRequest } from './fleet-request.js';

/**
 * Raises `usage` if an apply or rollback of a shard selects several waves or uses --all-or-nothing. A shard does not know
 * the plans and results of the others, so the CI system must run the waves one by one.
 */
export function refuseShardOfApply({
  inventory,
  selection,
  allOrNothing,
}: Pick<FleetRequest, 'inventory' | 'selection'> & { allOrNothing: boolean }): void {
  if (selection.shard === null) return;
  const chosen = new Set(wholeSelection(selection));
  const waves = new Set(inventory.entries.flatMap(({ name, wave }) => (chosen.has(name) ? [wave] : [])));
  if (waves.size > 1) {
    const list = inventory.waves.flatMap(({ name }) => (waves.has(name) ? [name] : []));
    throw badShard(
      `--shard takes one wave where it writes, and several are selected: ${list.join(', ')}`,
      'select one with --wave, and start the next after all shards of this one are merged',
    );
  }
  if (!allOrNothing) return;
  throw badShard(
    '--shard cannot be combined with --all-or-nothing: a shard does not know how the others are planned',
    'leave one of them out; fleet plan --shard and fleet merge plan everything before the first write',
  );
}
