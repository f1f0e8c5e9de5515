import type { FleetSelection } from '../../fleet/document.js';
import { makeSelection, wholeSelection } from '../../fleet/shard.js';
import type { Shard } from '../../fleet/shard.js';
import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { usageError } from '../../problem/problem.js';

/** The names in saved plans that the inventory no longer has. */
export function missingNames({ entries }: Inventory, planned: FleetSelection | undefined): readonly string[] {
  if (!planned) return [];
  const known = new Set(entries.map(({ name }) => name));
  return wholeSelection(planned).filter((name) => !known.has(name));
}

/** What a run selects: entries of the inventory, and planned names that the inventory no longer has. */
interface SelectedInstances {
  entries: readonly FleetEntry[];
  gone: readonly string[];
}

/** Does a run select no instance? A missing name counts, because the run refuses it. */
export function selectsNothing(
  { entries, gone }: SelectedInstances,
  planned: FleetSelection | undefined,
): boolean {
  if (!planned) return entries.length === 0;
  const chosen = new Set([...entries.map(({ name }) => name), ...gone]);
  return wholeSelection(planned).every((name) => !chosen.has(name));
}

/** The part of the saved plans that the flags of this run select. */
interface SelectedNames {
  /** Includes the names that are gone, which the run refuses. */
  names: readonly string[];
  shard: Shard | null;
  flags: FleetSelection['flags'];
}

/** Narrows the selection of saved plans to the names that the flags select. Raises `usage` for a different shard. */
export function narrowPlannedSelection(
  { names, shard, flags }: SelectedNames,
  planned: FleetSelection,
): FleetSelection {
  const chosen = new Set(names);
  const isKept = (name: string): boolean => chosen.has(name);
  const kept = wholeSelection(planned).filter(isKept);
  if (planned.shard === null) return makeSelection(flags, kept, shard);
  const { index, count } = planned.shard;
  if (shard !== null && (shard.index !== index || shard.count !== count)) {
    throw usageError(`the folder holds the plans of shard ${index} of ${count}`, {
      what: '--shard',
      hint: 'leave --shard out, or join the plans of all shards first with fleet merge',
    });
  }
  return { ...makeSelection(flags, kept, planned.shard), names: planned.names.filter(isKept) };
}

/** Why a shard selects nothing of a selection that is not empty. */
export function pastTheEnd({ shard, all = [] }: FleetSelection): string {
  const count = `${all.length} ${all.length === 1 ? 'instance' : 'instances'}`;
  return `shard ${shard?.index} of ${shard?.count} has none of ${count}`;
}

/** The names that `--allow` may use. A pipeline that repeats its failures gives the same flags if there are none. */
export function allowableNames({
  selection,
  chosen,
}: {
  selection: FleetSelection;
  chosen?: readonly string[];
}): readonly string[] {
  const names = wholeSelection(selection);
  return names.length > 0 ? names : (chosen ?? names);
}
