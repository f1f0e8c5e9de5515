import { isFailure } from './document.js';
import type { FleetCommand, FleetRow } from './document.js';

/** What each command does to the instances. A dry run goes wave by wave as the apply would, and stops where it would. */
const COMMANDS: Readonly<Record<FleetCommand, { writes: boolean; inWaves: boolean }>> = {
  plan: { writes: false, inWaves: false },
  apply: { writes: true, inWaves: true },
  'dry-run': { writes: false, inWaves: true },
  drift: { writes: false, inWaves: false },
  doctor: { writes: false, inWaves: false },
  export: { writes: false, inWaves: false },
  rollback: { writes: true, inWaves: true },
};

/** Does this command write? `rollback` without `--yes` only plans: none of its rows has sent a request. */
export function isWriting(command: FleetCommand): boolean {
  return COMMANDS[command].writes;
}

/** Does this command go wave by wave? */
export function goesInWaves(command: FleetCommand): boolean {
  return COMMANDS[command].inWaves;
}

/** The input of a fleet's exit code. */
interface ExitFacts {
  command: FleetCommand;
  rows: readonly Pick<FleetRow, 'status' | 'sent' | 'attempts'>[];
  /** The fleet as a whole was refused. */
  refused: boolean;
  /** `plan --detailed-exitcode`: changes are 2. Drift always is. */
  changesAre2: boolean;
}

/**
 * The exit code of a fleet, with the same meanings as for a single instance. Suspended rows do not count.
 *
 * If anything was or may have been written: 0 if every row is `done` or `clean`, else 5. So 1, 3 and 4 still mean
 * that nothing was written anywhere. Otherwise: the first of 1, 3, 4, 2, 0 that a row has.
 */
export function exitOfFleet({ command, rows, refused, changesAre2 }: ExitFacts): number {
  const counted = rows.filter(({ status }) => status !== 'suspended');
  if (isWriting(command) && counted.some((row) => mayHaveWritten(command, row))) {
    return counted.every(({ status }) => status === 'done' || status === 'clean') ? 0 : 5;
  }
  const codes = new Set(relevant(command, counted, refused).map((row) => codeOf(row, changesAre2)));
  if (refused) codes.add(4);
  return [1, 3, 4, 2].find((code) => codes.has(code)) ?? 0;
}

/** An apply whose row is missing may have written; a rollback may have been no more than a plan, which `sent` decides. */
function mayHaveWritten(command: FleetCommand, row: ExitFacts['rows'][number]): boolean {
  return hasSent(row) || (command === 'apply' && row.status === 'missing');
}

/** Was a write sent to the instance of a row, or may it have been, in any of its attempts? */
export function hasSent({ sent, attempts }: Pick<FleetRow, 'sent' | 'attempts'>): boolean {
  return sent || attempts.some((attempt) => attempt.sent);
}

/** In a run that goes wave by wave, rows that were not started only count if nothing else explains why the run stopped. */
function relevant<R extends Pick<FleetRow, 'status'>>(
  command: FleetCommand,
  rows: readonly R[],
  refused: boolean,
): readonly R[] {
  const hasCause = goesInWaves(command) && (refused || rows.some(isFailure));
  return hasCause ? rows.filter(({ status }) => status !== 'not-started') : rows;
}

function codeOf({ status }: Pick<FleetRow, 'status'>, changesAre2: boolean): number {
  switch (status) {
    case 'clean':
    case 'done':
    case 'suspended':
      return 0;
    case 'changes':
      return changesAre2 ? 2 : 0;
    case 'drift':
      return 2;
    case 'invalid':
      return 3;
    case 'refused':
      return 4;
    case 'incomplete':
    case 'failed':
    case 'missing':
    case 'not-started':
      return 1;
  }
}
