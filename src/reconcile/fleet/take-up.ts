import type { Attempt, FleetRow } from '../../fleet/document.js';
import type { GroupCollector } from '../../fleet/groups.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import type { Plan } from '../../plan/plan.js';
import { attemptsOf } from './fleet-folder.js';
import type { FleetFolder, InstanceFile } from './fleet-folder.js';

/** What an earlier run of the same selection leaves to do. */
export interface TakenUp {
  /** Rows that ended well, and stay. */
  kept: readonly FleetRow[];
  /** Entries whose work is done anew. */
  left: readonly FleetEntry[];
  /** Adds what came before to a row of this run. */
  withAttempts: (row: FleetRow) => FleetRow;
}

/** Takes up an earlier run in a folder: what ended well stays, the rest is done anew. */
export function takeUp({ earlier }: FleetFolder, entries: readonly FleetEntry[]): TakenUp {
  const attempts = new Map(entries.map(({ name }) => [name, attemptsOf(earlier, name)]));
  const isKept = ({ name }: FleetEntry): boolean =>
    endedWell(earlier?.ended.get(name)) && !earlier?.begun.has(name);
  const kept = entries.filter(isKept).flatMap(({ name }) => earlier?.ended.get(name) ?? []);
  return {
    kept,
    left: entries.filter((entry) => !isKept(entry)),
    withAttempts: (row) => {
      const before: readonly Attempt[] = attempts.get(row.instance) ?? [];
      return before.length === 0 ? row : { ...row, attempts: before };
    },
  };
}

const KEPT: ReadonlySet<FleetRow['status']> = new Set(['clean', 'changes', 'drift', 'done']);

function endedWell(row: FleetRow | undefined): boolean {
  return row !== undefined && KEPT.has(row.status);
}

/** Adds the plans of kept rows to the groups; what they hold is read again from their documents. */
export async function regroup(
  folder: FleetFolder,
  { kept, groups, file }: { kept: readonly FleetRow[]; groups: GroupCollector; file: InstanceFile },
): Promise<void> {
  for (const row of kept) {
    const document = (await folder.readInstance(row.instance, file)) as Pick<Plan, 'changes'> | null;
    if (document) groups.add(row, document.changes);
  }
}
