import type { Refusal } from '../model/refusal.js';
import { byCodeUnit } from '../model/sort.js';
import { FLEET_FORMAT, ROW_STATUSES, isFailure } from './document.js';
import type {
  FleetCommand,
  FleetDocument,
  FleetGroup,
  FleetRow,
  FleetSelection,
  FleetSummary,
  FleetWave,
  RowStatus,
  RowSummary,
} from './document.js';
import { exitOfFleet, goesInWaves } from './exit.js';

/** The input of a fleet document. */
export interface FleetFacts {
  command: FleetCommand;
  madeBy: string;
  madeAt: string;
  fleet: string;
  inventory: FleetDocument['inventory'];
  selection: FleetSelection;
  refusals: readonly Refusal[];
  waves: readonly FleetWave[];
  rows: readonly FleetRow[];
  groups: readonly FleetGroup[];
  changesAre2: boolean;
}

/** Builds the document of a run. Rows are sorted by instance; the counts are computed from them. */
export function makeFleetDocument({ changesAre2, ...facts }: FleetFacts): FleetDocument {
  const rows = [...facts.rows].sort((a, b) => byCodeUnit(a.instance, b.instance));
  const exit = exitOfFleet({
    command: facts.command,
    rows,
    refused: facts.refusals.length > 0,
    changesAre2,
  });
  const { command, madeBy, madeAt, fleet, inventory, selection, refusals, waves, groups } = facts;
  return {
    formatVersion: FLEET_FORMAT,
    kind: 'fleet',
    ...{ command, madeBy, madeAt, fleet, inventory, selection },
    summary: summaryOf(rows, { command, exit }),
    ...{ refusals, waves, groups, rows },
  };
}

function summaryOf(
  rows: readonly FleetRow[],
  { command, exit }: { command: FleetCommand; exit: number },
): FleetSummary {
  const counts = Object.fromEntries(
    ROW_STATUSES.map((status) => [status, rows.filter((row) => row.status === status).length]),
  ) as Record<RowStatus, number>;
  return {
    instances: rows.length,
    ...counts,
    ...totalOf(rows.filter(({ status }) => countsInTotals(command, status))),
    exit,
  };
}

/**
 * Do the changes of a row count in the totals? Where a command goes wave by wave, only changes that were made
 * or that it is about to make do: not those of a row that was refused, was not started or has only a part of them.
 */
export function countsInTotals(command: FleetCommand, status: RowStatus): boolean {
  return !goesInWaves(command) || status === 'done' || status === 'changes';
}

/** The totals of rows. */
export function totalOf(rows: readonly Pick<FleetRow, 'summary'>[]): RowSummary {
  const total = { created: 0, deleted: 0, moved: 0, grantsAdded: 0, grantsRemoved: 0 };
  for (const { summary } of rows) {
    if (!summary) continue;
    total.created += summary.created;
    total.deleted += summary.deleted;
    total.moved += summary.moved;
    total.grantsAdded += summary.grantsAdded;
    total.grantsRemoved += summary.grantsRemoved;
  }
  return total;
}

/** Counts the failures of a wave's rows. */
export function failuresOf(rows: readonly Pick<FleetRow, 'status'>[]): number {
  return rows.filter(isFailure).length;
}
