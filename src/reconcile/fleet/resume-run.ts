import type { Attempt, FleetRow, InstanceFile } from '../../fleet/document.js';
import type { GroupCollector } from '../../fleet/groups.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import { isDriftOf } from '../../fleet/rows.js';
import type { Drift } from '../../drift/drift.js';
import type { Plan } from '../../plan/plan.js';
import { ProblemError } from '../../problem/problem.js';
import { checkPlanOrDrift } from '../saved-documents.js';
import { changesOfRow } from './changes-of-row.js';
import { attemptsOf } from './fleet-folder.js';
import type { FleetFolder } from './fleet-folder.js';

/** The remaining work after an earlier run of the same selection. */
interface ResumedWork {
  /** Successful rows, which are kept. */
  kept: readonly FleetRow[];
  /** Entries whose work is repeated. */
  left: readonly FleetEntry[];
  /** Adds the earlier attempts to a row of this run. */
  withAttempts: (row: FleetRow) => FleetRow;
}

/** The document of each instance, and the collector of its groups. */
export interface GroupedDocuments {
  groups: GroupCollector;
  file: InstanceFile;
}

/**
 * Resumes an earlier run in a folder: keeps successful rows and repeats the rest. Reads the plans of kept rows again for
 * their groups; a plan that a power failure damaged is made again.
 */
export async function resumeRun(
  folder: FleetFolder,
  entries: readonly FleetEntry[],
  documents: GroupedDocuments,
): Promise<ResumedWork> {
  const { earlier } = folder;
  const attempts = new Map(entries.map(({ name }) => [name, attemptsOf(earlier, name)]));
  const kept: FleetRow[] = [];
  const left: FleetEntry[] = [];
  for (const entry of entries) {
    const row = earlier?.begun.has(entry.name) ? undefined : earlier?.ended.get(entry.name);
    if (row && isKept(row) && (await regroup(folder, row, documents))) kept.push(row);
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

/** Is the row of an earlier run kept if that run is resumed? */
export function isKept({ status }: Pick<FleetRow, 'status'>): boolean {
  return KEPT.has(status);
}

const KEPT: ReadonlySet<FleetRow['status']> = new Set(['clean', 'changes', 'drift', 'done']);

/** The last attempt that began becomes the row: an instance that this run did not start keeps its earlier result. */
export function lastBegun({ earlier }: Pick<FleetFolder, 'earlier'>, row: FleetRow): FleetRow {
  const before = row.attempts.at(-1);
  if (row.status !== 'not-started' || before === undefined) return row;
  const ended = earlier?.begun.has(row.instance) ? undefined : earlier?.ended.get(row.instance);
  const { status, because, sent } = before;
  return ended ?? { ...row, status, exit: 5, because, sent, attempts: row.attempts.slice(0, -1) };
}

/** Documents that contain changes, by which instances are grouped. */
const GROUPED: ReadonlySet<InstanceFile> = new Set(['plan.json', 'drift.json']);

/** Adds the changes of a kept row to the groups. False if its document is lost, or another, and can be made again. */
export async function regroup(
  folder: Pick<FleetFolder, 'readInstance' | 'missingDocuments'>,
  row: FleetRow,
  { groups, file }: GroupedDocuments,
): Promise<boolean> {
  if (!GROUPED.has(file)) return (await folder.missingDocuments([row])).size === 0;
  const read = async (name: InstanceFile): Promise<unknown> =>
    folder.readInstance(row.instance, name).catch(() => null);
  const document = await read(file);
  const changes = file === 'drift.json' ? driftChanges(document, row) : planChanges(document, row);
  if (changes === null) return row.status === 'done';
  groups.add(row, await changesOfRow(row, changes, () => read('outcome.json')));
  return true;
}

function planChanges(document: unknown, row: FleetRow): Plan['changes'] | null {
  const plan = document as Partial<Pick<Plan, 'changes' | 'instance' | 'digest'>> | null;
  const isOfRow = plan?.instance === row.instance && (row.digest === null || plan.digest === row.digest);
  return isOfRow && Array.isArray(plan.changes) ? plan.changes : null;
}

function driftChanges(document: unknown, row: FleetRow): Drift['changes'] | null {
  try {
    const drift = checkPlanOrDrift(document, 'drift.json');
    return drift.kind === 'drift' && isDriftOf(drift, row) ? drift.changes : null;
  } catch (error) {
    if (error instanceof ProblemError) return null;
    throw error;
  }
}
