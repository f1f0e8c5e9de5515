import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { changedEntries } from '../../reconcile/fleet/changed-entries.js';
import { oneLine } from '../../render/format/one-line.js';

/** Flags of `--changed-since`. */
export interface ChangedSinceFlags {
  /** A revision; with a trailing `...`, the merge base of it and HEAD. */
  changedSince?: string | undefined;
  /** A policy file to apply to every manifest. */
  policy?: string | undefined;
}

/** The changed entries, and the names that are no longer in the inventory. */
interface ChangedSelection {
  entries: readonly FleetEntry[];
  disappeared: readonly string[];
  /** The note that nothing is selected; null otherwise. */
  nothing: string | null;
}

/** Prints a note for people. */
export type PrintNote = (line: string) => Promise<void>;

/** Filters a selection to changed entries, and prints which names disappeared. Without the flag, returns all entries. */
export async function onlyChanged(
  { inventory, entries }: { inventory: Inventory; entries: readonly FleetEntry[] },
  { changedSince, policy }: ChangedSinceFlags,
  { cwd, print }: { cwd: string; print: PrintNote },
): Promise<ChangedSelection> {
  if (changedSince === undefined) return { entries, disappeared: [], nothing: null };
  const found = await changedEntries({ inventory, entries }, changedSince, { cwd, policy });
  const { disappeared, policyElsewhere } = found;
  const since = oneLine(changedSince);
  if (policyElsewhere)
    await print('note: the policy file is outside the repository: whether it changed is not known');
  if (disappeared.length > 0) {
    const list = disappeared.map(oneLine).join(', ');
    await print(`note: no longer in the inventory since ${since}, and left as they are: ${list}`);
  }
  const isNothing = found.entries.length === 0;
  const nothing = isNothing ? `nothing to do: no selected instance changed since ${since}` : null;
  return { entries: found.entries, disappeared, nothing };
}
