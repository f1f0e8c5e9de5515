import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { changedEntries } from '../../reconcile/fleet/changed-entries.js';
import { oneLine } from '../../render/format/one-line.js';
import { note } from '../deliver.js';
import type { Environment } from '../environment.js';

/** Flags of `--changed-since`. */
export interface ChangedSinceFlags {
  /** A revision; with a trailing `...`, the merge base of it and HEAD. */
  changedSince?: string | undefined;
  /** A policy file to apply to every manifest. */
  policy?: string | undefined;
}

/** The changed entries, and the names that are no longer in the inventory. */
export interface ChangedSelection {
  entries: readonly FleetEntry[];
  disappeared: readonly string[];
}

/** Filters a selection to changed entries, and prints which names disappeared. Without the flag, returns all entries. */
export async function onlyChanged(
  { inventory, entries }: { inventory: Inventory; entries: readonly FleetEntry[] },
  { changedSince, policy }: ChangedSinceFlags,
  environment: Environment,
): Promise<ChangedSelection> {
  if (changedSince === undefined) return { entries, disappeared: [] };
  const found = await changedEntries({ inventory, entries }, changedSince, { cwd: environment.cwd, policy });
  const { disappeared, policyElsewhere } = found;
  const since = oneLine(changedSince);
  if (policyElsewhere)
    await note(
      environment,
      'note: the policy file is outside the repository: whether it changed is not known',
    );
  if (disappeared.length > 0) {
    const list = disappeared.map(oneLine).join(', ');
    await note(environment, `note: no longer in the inventory since ${since}, and left as they are: ${list}`);
  }
  if (found.entries.length === 0)
    await note(environment, `note: nothing to do: no selected instance changed since ${since}`);
  return { entries: found.entries, disappeared };
}
