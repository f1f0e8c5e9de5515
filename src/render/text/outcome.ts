import type { ChangeOutcome, Outcome } from '../../apply/outcome.js';
import { CHANGE_STATUSES, isCompleted } from '../../journal/entry.js';
import type { ChangeStatus } from '../../journal/entry.js';
import { ownerNote } from '../facts/owners.js';
import { acceptedText } from '../facts/accepted.js';
import { warningGroups } from '../facts/notes.js';
import { oneLine } from '../format/one-line.js';
import { styleOf, type Style } from './style.js';
import { formatNumber, personLabel, nameText, plural, series, timeText } from '../format/phrases.js';

/** Options of an outcome as text. */
export interface OutcomeTextOptions {
  colour: boolean;
  /** Show every change, not only those that need attention. */
  verbose?: boolean;
}

/** The most warnings of one code. */
const MOST_WARNINGS = 10;

/** What to do after an incomplete run. */
const NEXT_STEP = 'Remove the cause, then run the same command again: it continues with what is missing.';

const SIGNS: Readonly<Record<ChangeStatus, string>> = {
  done: '✓',
  already: '=',
  failed: '✗',
  skipped: '-',
  unknown: '?',
};

/** The outcome of a run: failures with their reasons first, counts last. Ends with a line break. */
export function outcomeText(outcome: Outcome, options: OutcomeTextOptions): string {
  const style = styleOf(options.colour);
  const { summary } = outcome;
  const bad = summary.failed + summary.skipped + summary.unknown;
  const shown = outcome.changes.filter(
    (change) => options.verbose === true || !isCompleted(change.status) || bad === 0,
  );
  const pad = Math.max(0, ...shown.map((change) => change.status.length));
  const lines = shown.flatMap((change) => changeLines(change, ownerOf(change, outcome), { pad, style }));
  const hidden = outcome.changes.length - shown.length;
  const warnings = warningLines(outcome, options, style);
  const facts = [
    timeText(outcome.finishedAt),
    ...(outcome.me ? [`as ${personLabel(outcome.me)}`] : []),
    `run ${oneLine(outcome.runId)}`,
  ];
  const title = outcome.dryRun ? 'Dry run for' : 'Applied to';
  const blocks = [
    [`${style.bold(`${title} ${nameText(outcome.instance)}`)}  ${style.dim(facts.join(' · '))}`],
    [
      ...lines,
      ...(hidden > 0 ? [style.dim(`  and ${formatNumber(hidden)} more done or already in place`)] : []),
    ],
    noteBlock('Allowed in this run', outcome.allowed.map(allowedText), style),
    noteBlock('Listed and not on the instance: left out', outcome.missingPeople.map(nameText), style),
    noteBlock('Accepted drift, left alone', outcome.accepted.map(acceptedText), style),
    warnings.length > 0 ? [style.bold('Warnings'), ...warnings] : [],
    [style.bold(outcomeLine(outcome)), ...(bad > 0 && !outcome.dryRun ? [style.dim(NEXT_STEP)] : [])],
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

/** Warnings, a line each; without `verbose` some of each code, since the plan shows them too. */
function warningLines({ warnings }: Outcome, { verbose }: OutcomeTextOptions, style: Style): string[] {
  return warningGroups(warnings, verbose === true ? Infinity : MOST_WARNINGS).flatMap(
    ({ code, shown, more }) => [
      ...shown.map(({ message }) => `  ${style.yellow(code)} ${oneLine(message)}`),
      ...(more > 0 ? [`  ${style.yellow(code)} and ${formatNumber(more)} more`] : []),
    ],
  );
}

function noteBlock(heading: string, lines: readonly string[], style: Style): string[] {
  return lines.length > 0 ? [style.bold(heading), ...lines.map((line) => `  ${oneLine(line)}`)] : [];
}

/** `missing-people: 1 person of the manifest is not on the instance; reason: agreed`. */
function allowedText({ code, message, reason }: Outcome['allowed'][number]): string {
  return `${code}: ${message}; ${reason === null ? 'no reason was given' : `reason: ${reason}`}`;
}

/** The owner of a changed role; null for a deleted one, which is not the manifest's role of that name. */
function ownerOf({ kind, role }: ChangeOutcome, { owners }: Outcome): string | null {
  if (kind === 'role.delete') return null;
  return owners.find((one) => one.role === role)?.owner ?? null;
}

function changeLines(
  change: ChangeOutcome,
  owner: string | null,
  { pad, style }: { pad: number; style: Style },
): string[] {
  const dress = {
    done: style.green,
    already: style.dim,
    failed: style.red,
    skipped: style.yellow,
    unknown: style.red,
  }[change.status];
  const because = change.because === null ? [] : [`    because of ${nameText(change.because)}`];
  const reason = change.reason === null ? [] : [`    ${oneLine(change.reason)}`];
  return [
    `${dress(`${SIGNS[change.status]} ${change.status.padEnd(pad)}`)}  ${nameText(change.id)}${style.dim(ownerNote(owner))}`,
    ...reason,
    ...because,
  ];
}

/** `Outcome: 5 changes: 4 done and 1 failed`. */
function outcomeLine({ summary, dryRun }: Outcome): string {
  const parts = CHANGE_STATUSES.filter((status) => summary[status] > 0).map(
    (status) => `${formatNumber(summary[status])} ${status}`,
  );
  const head = dryRun ? 'Dry run' : 'Outcome';
  return parts.length === 0
    ? `${head}: nothing to do`
    : `${head}: ${plural(summary.changes, 'change')}: ${series(parts)}`;
}
