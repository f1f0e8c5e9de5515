import type { Outcome } from '../../apply/outcome.js';
import { isDocument } from '../../fleet/document.js';
import type { Attempt, FleetRow, RowStatus, RowSummary } from '../../fleet/document.js';
import type { GroupCollector } from '../../fleet/groups.js';
import { changesMade, summaryOfChanges } from '../../fleet/rows.js';
import type { Change } from '../../plan/change.js';
import { attemptsOf } from './fleet-folder.js';
import type { FleetLog } from './fleet-log.js';

/** The result of a plan on an instance. */
interface MadeChanges {
  instance: string;
  planned: readonly Change[];
  outcome: Pick<Outcome, 'summary' | 'changes'>;
  /** The log of an earlier run in the same folder, which may have made a part of the changes. */
  earlier: FleetLog | null;
}

/**
 * The status and the totals of a row whose plan is in place, without the changes that were in place before: a row in which
 * none is left is clean. Its group shows what is left, too. Null if the run made all changes, in all of its attempts.
 */
export function countMade(
  { instance, planned, outcome, earlier }: MadeChanges,
  { status, groups }: { status: RowStatus; groups: GroupCollector },
): { status: RowStatus; summary: RowSummary } | null {
  if (outcome.summary.already === 0 || hasSent(attemptsOf(earlier, instance))) return null;
  const made = changesMade(planned, outcome);
  groups.add({ instance }, made);
  return { status: made.length === 0 ? 'clean' : status, summary: summaryOfChanges(made) };
}

/** The changes of a row of an earlier run, as its group shows them: those that it made. */
export async function changesOfRow(
  row: FleetRow,
  planned: readonly Change[],
  readOutcome: () => Promise<unknown>,
): Promise<readonly Change[]> {
  if (row.status === 'clean') return [];
  if (row.status !== 'done' || hasSent(row.attempts) || !isDocument(row, 'outcome.json')) return planned;
  const outcome = (await readOutcome()) as Partial<Outcome> | null;
  return Array.isArray(outcome?.changes) ? changesMade(planned, { changes: outcome.changes }) : planned;
}

/** May one of these attempts have written? What is in place is then their work. */
function hasSent(attempts: readonly Attempt[]): boolean {
  return attempts.some(({ sent }) => sent);
}
