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

/** What an earlier run left of each instance, and where its plans are grouped. */
export interface LeftDocuments {
  groups: GroupCollector;
  file: InstanceFile;
}

/**
 * Takes up an earlier run in a folder: what ended well stays, the rest is done anew. Plans of rows that stay are read again
 * for their group; one that a power cut took is made anew.
 */
export async function resumeRun(
  folder: FleetFolder,
  entries: readonly FleetEntry[],
  documents: LeftDocuments,
): Promise<TakenUp> {
  const { earlier } = folder;
  const attempts = new Map(entries.map(({ name }) => [name, attemptsOf(earlier, name)]));
  const kept: FleetRow[] = [];
  const left: FleetEntry[] = [];
  for (const entry of entries) {
    const row = earlier?.begun.has(entry.name) ? undefined : earlier?.ended.get(entry.name);
    if (row && KEPT.has(row.status) && (await isRegrouped(folder, row, documents))) kept.push(row);
    else left.push(entry);
  }
  return {
    kept,
    left,
    withAttempts: (row) => {
      const before: readonly Attempt[] = attempts.get(row.instance) ?? [];
      return before.length === 0 ? row : lastBegun(folder, { ...row, attempts: before });
    },
  };
}

const KEPT: ReadonlySet<FleetRow['status']> = new Set(['clean', 'changes', 'drift', 'done']);

/** Of several attempts the last begun is the row: one that this run did not come to keeps what became of it before. */
export function lastBegun({ earlier }: Pick<FleetFolder, 'earlier'>, row: FleetRow): FleetRow {
  const before = row.attempts.at(-1);
  if (row.status !== 'not-started' || before === undefined) return row;
  const ended = earlier?.begun.has(row.instance) ? undefined : earlier?.ended.get(row.instance);
  const { status, because, sent } = before;
  return ended ?? { ...row, status, exit: 5, because, sent, attempts: row.attempts.slice(0, -1) };
}

/** Documents that hold changes, by which instances are grouped. */
const GROUPED: ReadonlySet<InstanceFile> = new Set(['plan.json', 'drift.json']);

/** Adds what a row's document holds to the groups. False where that is lost and can be made anew. */
async function isRegrouped(
  folder: FleetFolder,
  row: FleetRow,
  { groups, file }: LeftDocuments,
): Promise<boolean> {
  if (!GROUPED.has(file)) return true;
  const document = (await folder.readInstance(row.instance, file).catch(() => null)) as Partial<
    Pick<Plan, 'changes'>
  > | null;
  if (!Array.isArray(document?.changes)) return row.status === 'done';
  groups.add(row, document.changes);
  return true;
}
