import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { changedEntries } from '../../reconcile/fleet/changed-entries.js';
import { oneLine } from '../../render/format/one-line.js';
import { note } from '../deliver.js';
import type { Environment } from '../environment.js';

/** Flags that say what a change is. */
export interface ChangedSinceFlags {
  /** A revision; with `...` at its end, the merge base of it and HEAD. */
  changedSince?: string | undefined;
  /** A policy file that is laid over every manifest. */
  policy?: string | undefined;
}

/** The entries that changed, and the names that are gone from the inventory. */
export interface ChangedSelection {
  entries: readonly FleetEntry[];
  disappeared: readonly string[];
}

/** Leaves the entries of a selection that changed, and prints which disappeared; all of them without the flag. */
export async function onlyChanged(
  { inventory, entries }: { inventory: Inventory; entries: readonly FleetEntry[] },
  { changedSince, policy }: ChangedSinceFlags,
  world: Environment,
): Promise<ChangedSelection> {
  if (changedSince === undefined) return { entries, disappeared: [] };
  const found = await changedEntries({ inventory, entries }, changedSince, { cwd: world.cwd, policy });
  const { disappeared, policyElsewhere } = found;
  const since = oneLine(changedSince);
  if (policyElsewhere)
    await note(world, 'note: the policy file is outside the repository: whether it changed is not known');
  if (disappeared.length > 0) {
    const list = disappeared.map(oneLine).join(', ');
    await note(world, `note: no longer in the inventory since ${since}, and left as they are: ${list}`);
  }
  if (found.entries.length === 0)
    await note(world, `note: nothing to do: no selected instance changed since ${since}`);
  return { entries: found.entries, disappeared };
}
