import type { Problem } from '../../problem/problem.js';
import { oneLine } from '../format/one-line.js';
import { unchangedPlace, repositoryWhere, type PlaceOf } from './places.js';
import { sarifLog, type SarifFinding } from './sarif.js';

/** Further content of a SARIF log. */
export interface ProblemsSarifOptions {
  /** Version of this program. */
  version: string;
  /** The files that were read; problems without a place are shown at the first. */
  files: readonly string[];
  /** Resolves files to repository paths; a file outside the repository is named in the message. */
  placeOf?: PlaceOf;
}

/** Problems as a SARIF 2.1.0 log with one run: for code scanning and dashboards. Equal input gives equal bytes. */
export function problemsSarif(
  problems: readonly Problem[],
  { version, files, placeOf = unchangedPlace }: ProblemsSarifOptions,
): string {
  const first = files[0] === undefined ? null : placeOf(files[0]);
  const fallback = first === null ? null : { file: first, line: 1, column: 1 };
  const findings = problems.map((problem): SarifFinding => ({
    ruleId: problem.code,
    level: problem.severity,
    text: textOf(problem, placeOf),
    fingerprint: `${problem.code}:${oneLine(problem.message)}`,
    where: problem.where?.file === undefined ? fallback : repositoryWhere(problem.where, placeOf),
    justification: null,
  }));
  return sarifLog({ version, id: 'domo-roles/validation', findings, notes: [] });
}

function textOf(problem: Problem, placeOf: PlaceOf): string {
  const { message, hint } = problem;
  const where = problem.where && repositoryWhere(problem.where, placeOf);
  const what = where?.file === undefined && where?.what !== undefined ? `${where.what}: ` : '';
  return `${oneLine(`${what}${message}`)}.${hint === undefined ? '' : ` Hint: ${oneLine(hint)}`}`;
}
