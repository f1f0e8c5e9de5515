import type { Outcome } from '../../apply/outcome.js';
import type { FleetRow, RowStatus, RowSummary } from '../../fleet/document.js';
import type { GroupCollector } from '../../fleet/groups.js';
import { changesMade, summaryOfChanges } from '../../fleet/rows.js';
import type { Change } from '../../plan/change.js';

/** What a run did of a plan. */
export interface MadeChanges {
  instance: string;
  planned: readonly Change[];
  outcome: Pick<Outcome, 'summary' | 'changes'>;
}

/**
 * The status and the totals of a row whose plan is in place, without the changes that were in place before: a row in which
 * none is left is clean. Its group shows what is left, too. Null if the run made all changes.
 */
export function countMade(
  { instance, planned, outcome }: MadeChanges,
  { status, groups }: { status: RowStatus; groups: GroupCollector },
): { status: RowStatus; summary: RowSummary } | null {
  if (outcome.summary.already === 0) return null;
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
  if (row.status !== 'done' || !row.document?.endsWith('/outcome.json')) return planned;
  const outcome = (await readOutcome()) as Partial<Outcome> | null;
  return Array.isArray(outcome?.changes) ? changesMade(planned, { changes: outcome.changes }) : planned;
}
