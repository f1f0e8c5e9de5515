import type { FleetSelection } from '../../fleet/document.js';
import { makeSelection, wholeSelection } from '../../fleet/shard.js';
import type { Shard } from '../../fleet/shard.js';
import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { ProblemError, problem } from '../../problem/problem.js';

/** Is no instance left to work on? A name in saved plans that the inventory no longer has counts: it is refused. */
export function isNothing(
  entries: readonly FleetEntry[],
  { entries: all }: Inventory,
  planned: FleetSelection | undefined,
): boolean {
  if (!planned) return entries.length === 0;
  const known = new Set(all.map(({ name }) => name));
  const chosen = new Set(entries.map(({ name }) => name));
  return wholeSelection(planned).every((name) => known.has(name) && !chosen.has(name));
}

/** The part of the saved plans that the flags of this run select. */
interface LeftOfPlans {
  inventory: Inventory;
  names: readonly string[];
  shard: Shard | null;
  flags: FleetSelection['flags'];
}

/** What plans are about, less what flags leave out. A name that is gone stays, to be refused. */
export function ofPlans(
  { inventory, names, shard, flags }: LeftOfPlans,
  planned: FleetSelection,
): FleetSelection {
  const known = new Set(inventory.entries.map(({ name }) => name));
  const chosen = new Set(names);
  const isKept = (name: string): boolean => chosen.has(name) || !known.has(name);
  const kept = wholeSelection(planned).filter(isKept);
  if (planned.shard === null) return makeSelection(flags, kept, shard);
  const { index, count } = planned.shard;
  if (shard !== null && (shard.index !== index || shard.count !== count)) {
    throw new ProblemError(
      problem('usage', `the folder holds the plans of shard ${index} of ${count}`, {
        where: { what: '--shard' },
        hint: 'leave --shard out, or join the plans of all shards first with fleet merge',
      }),
    );
  }
  return { ...makeSelection(flags, kept, planned.shard), names: planned.names.filter(isKept) };
}
