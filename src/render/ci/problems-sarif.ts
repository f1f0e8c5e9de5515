import { byCodeUnit } from '../../model/sort.js';
import { CODES } from '../../problem/codes.js';
import type { Problem, Where } from '../../problem/problem.js';
import { asNamed, placed, type PlaceOf } from './places.js';
import { oneLine } from '../format/one-line.js';

/** What a SARIF log says beside the problems. */
export interface ProblemsSarifOptions {
  /** Version of this program. */
  version: string;
  /** What was read; problems without a place are shown at the first. */
  files: readonly string[];
  /** Gives files as the repository knows them; a file outside of it is named in the message. */
  placeOf?: PlaceOf;
}

/** Problems as a SARIF 2.1.0 log with one run: for code scanning and dashboards. Equal input gives equal bytes. */
export function problemsSarif(
  problems: readonly Problem[],
  { version, files, placeOf = asNamed }: ProblemsSarifOptions,
): string {
  const codes = [...new Set(problems.map(({ code }) => code))].sort(byCodeUnit);
  const rules = codes.map((id) => ({ id, shortDescription: { text: CODES[id].title } }));
  const driver = { name: 'domo-roles', version, informationUri: 'https://domo-roles.dev', rules };
  const first = files[0] === undefined ? null : placeOf(files[0]);
  const fallback = first === null ? undefined : { file: first, line: 1, column: 1 };
  const results = problems.map((problem) => ({
    ruleId: problem.code,
    ruleIndex: codes.indexOf(problem.code),
    level: problem.severity,
    message: { text: textOf(problem, placeOf) },
    ...locationsOf(problem.where?.file === undefined ? fallback : placed(problem.where, placeOf)),
    partialFingerprints: { 'domoRoles/v1': `${problem.code}:${oneLine(problem.message)}`.slice(0, 200) },
  }));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        automationDetails: { id: 'domo-roles/validation' },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function textOf(problem: Problem, placeOf: PlaceOf): string {
  const { message, hint } = problem;
  const where = problem.where && placed(problem.where, placeOf);
  const what = where?.file === undefined && where?.what !== undefined ? `${where.what}: ` : '';
  return `${oneLine(`${what}${message}`)}.${hint === undefined ? '' : ` Hint: ${oneLine(hint)}`}`;
}

function locationsOf(where: Where | undefined): { locations?: object[] } {
  if (where?.file === undefined) return {};
  const uri = where.file
    .split('/')
    .map((part) => encodeURIComponent(oneLine(part)))
    .join('/');
  const region = where.line === undefined ? {} : { region: regionOf(where, where.line) };
  return { locations: [{ physicalLocation: { artifactLocation: { uri }, ...region } }] };
}

function regionOf({ column, endLine, endColumn }: Where, startLine: number): Record<string, number> {
  return {
    startLine,
    ...(column === undefined ? {} : { startColumn: column }),
    ...(endLine === undefined ? {} : { endLine }),
    ...(endColumn === undefined ? {} : { endColumn }),
  };
}
