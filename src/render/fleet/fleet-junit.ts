import type { FleetDocument, FleetRow, RowStatus } from '../../fleet/document.js';
import type { Refusal } from '../../model/refusal.js';
import type { PlanWarning } from '../../plan/plan.js';
import { junitXml, testCase, type Case, type CaseFault } from '../ci/junit.js';
import { oneLine } from '../format/one-line.js';
import { itemText } from '../format/phrases.js';
import { changeLine, countsText, nextStepOf, STATUS_TEXT } from './fleet-facts.js';
import { runNote } from './run-note.js';
import { workText } from './fleet-totals.js';

/**
 * The result of a row as a case: findings are failures; a row that could not be checked or was interrupted is an error;
 * a row that was left out is skipped.
 */
const OUTCOMES: Readonly<Record<RowStatus, Case['outcome']>> = {
  clean: 'passed',
  changes: 'passed',
  done: 'passed',
  drift: 'failure',
  refused: 'failure',
  invalid: 'failure',
  incomplete: 'error',
  failed: 'error',
  missing: 'error',
  'not-started': 'skipped',
  suspended: 'skipped',
};

/** The most names in the sentence about a dry run. */
const NAMES_SHOWN = 12;

/** A fleet document as JUnit XML for CI dashboards: a case per instance, and one per refusal of the fleet itself. */
export function fleetJunit(document: FleetDocument): string {
  const linesOf = linesByInstance(document);
  const texts = [runNote(document, NAMES_SHOWN), workText(document)].filter((text) => text !== null);
  const summary = testCase('summary', countsText(document), { output: texts.join('\n') });
  return junitXml(
    `domo-roles fleet ${document.command} ${document.fleet}`,
    [
      { name: 'fleet', cases: [summary, ...document.refusals.map(refusalCase)] },
      {
        name: 'instances',
        cases: document.rows.map((row) => rowCase(row, linesOf.get(row.instance) ?? [])),
      },
    ],
    document.madeAt,
  );
}

function refusalCase(refusal: Refusal): Case {
  const { code, message } = refusal;
  const detail = refusalLines(refusal).join('\n');
  return testCase(code, message, { fault: { kind: 'failure', type: code, message, detail } });
}

/** What changes on each instance, a line per change. */
function linesByInstance({ groups }: FleetDocument): ReadonlyMap<string, readonly string[]> {
  return new Map(
    groups.flatMap(({ instances, changes }) => {
      const lines = changes.map((change) => oneLine(changeLine(change)));
      return instances.map((instance) => [instance, lines] as const);
    }),
  );
}

function rowCase(row: FleetRow, lines: readonly string[]): Case {
  const outcome = OUTCOMES[row.status];
  const message = row.because ?? STATUS_TEXT[row.status];
  const time = row.ms / 1000;
  // Dashboards group cases by class.
  const wave = `wave ${row.wave}`;
  switch (outcome) {
    case 'passed':
      return testCase(wave, row.instance, { time, output: [...labelLines(row), ...lines].join('\n') });
    case 'skipped':
      return testCase(wave, row.instance, { time, skipped: `${STATUS_TEXT[row.status]}: ${message}` });
    case 'failure':
    case 'error': {
      const fault: CaseFault = {
        ...{ kind: outcome, type: typeOf(row), message },
        detail: [...causeLines(row), ...lines].join('\n'),
      };
      return testCase(wave, row.instance, { time, fault, output: labelLines(row).join('\n') });
    }
  }
}

/** The code of the first cause, else the status: what a dashboard counts. */
function typeOf({ refusals, problems, status }: FleetRow): string {
  return [...refusals, ...problems][0]?.code ?? status;
}

function causeLines(row: FleetRow): string[] {
  const nextStep = nextStepOf(row);
  return [
    ...(row.because === null ? [] : [oneLine(row.because)]),
    ...row.refusals.flatMap(refusalLines),
    ...row.problems.map(problemLine),
    ...(nextStep === '' ? [] : [`next: ${oneLine(nextStep)}`]),
  ];
}

function refusalLines({ code, message, items, hint }: Refusal): string[] {
  return [
    `${code}: ${oneLine(message)}`,
    ...items.map((item) => `about ${itemText(item)}`),
    ...(hint === null ? [] : [`hint: ${oneLine(hint)}`]),
  ];
}

function problemLine({ code, message, file, line }: PlanWarning): string {
  const place = file === null ? '' : ` (${oneLine(file)}${line === null ? '' : `:${line}`})`;
  return `${code}: ${oneLine(message)}${place}`;
}

function labelLines({ labels }: FleetRow): string[] {
  return Object.entries(labels).map(([key, value]) => `${oneLine(key)}=${oneLine(value)}`);
}
