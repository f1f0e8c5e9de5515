import type { FleetSelection } from '../../fleet/document.js';
import { makeSelection, wholeSelection } from '../../fleet/shard.js';
import type { Shard } from '../../fleet/shard.js';
import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { ProblemError, problem } from '../../problem/problem.js';

/** The names in saved plans that the inventory no longer has. */
export function goneFrom({ entries }: Inventory, planned: FleetSelection | undefined): readonly string[] {
  if (!planned) return [];
  const known = new Set(entries.map(({ name }) => name));
  return wholeSelection(planned).filter((name) => !known.has(name));
}

/** What is selected: entries, and beside them names in saved plans that the inventory no longer has. */
export interface Chosen {
  entries: readonly FleetEntry[];
  gone: readonly string[];
}

/** Is no instance left to work on? One that is gone counts: it is refused. */
export function isNothing({ entries, gone }: Chosen, planned: FleetSelection | undefined): boolean {
  if (!planned) return entries.length === 0;
  const chosen = new Set([...entries.map(({ name }) => name), ...gone]);
  return wholeSelection(planned).every((name) => !chosen.has(name));
}

/** The part of the saved plans that the flags of this run select. */
interface LeftOfPlans {
  /** Also of what is gone: it stays, to be refused. */
  names: readonly string[];
  shard: Shard | null;
  flags: FleetSelection['flags'];
}

/** What plans are about, less what flags leave out. */
export function ofPlans({ names, shard, flags }: LeftOfPlans, planned: FleetSelection): FleetSelection {
  const chosen = new Set(names);
  const isKept = (name: string): boolean => chosen.has(name);
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
