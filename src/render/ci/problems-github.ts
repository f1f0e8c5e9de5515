import type { Problem } from '../../problem/problem.js';
import { unchangedPlace, repositoryWhere, type PlaceOf } from './places.js';
import { oneLine } from '../format/one-line.js';

/**
 * Problems as workflow commands, one per line, which GitHub shows as annotations. Names are escaped, so that they cannot
 * end a command or start another. Empty without problems. `placeOf` resolves files to repository paths; a file outside
 * the repository is named in the message.
 */
export function problemsGithub(problems: readonly Problem[], placeOf: PlaceOf = unchangedPlace): string {
  return problems.map((problem) => `${commandOf(problem, placeOf)}\n`).join('');
}

/** A notice without a place. */
export function noticeGithub(title: string, text: string): string {
  return `::notice title=${escapeProperty(title)}::${escapeLine(text)}\n`;
}

/** An error without a place. */
export function errorGithub(title: string, text: string): string {
  return `::error title=${escapeProperty(title)}::${escapeLine(text)}\n`;
}

function commandOf(problem: Problem, placeOf: PlaceOf): string {
  const { code, severity, message, hint } = problem;
  const where = problem.where && repositoryWhere(problem.where, placeOf);
  const { file, line, column, endLine, endColumn } = where ?? {};
  // GitHub uses columns only if a place is on a single line.
  const isOneLine = endLine !== undefined && endLine === line;
  const properties: [string, string | number | undefined][] = [
    ['file', file],
    ['line', file === undefined ? undefined : line],
    ['endLine', file === undefined ? undefined : endLine],
    ['col', file === undefined ? undefined : column],
    ['endColumn', isOneLine && file !== undefined ? endColumn : undefined],
    ['title', code],
  ];
  const shown = properties.flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escapeProperty(String(value))}`],
  );
  const what = where?.file === undefined && where?.what !== undefined ? `${where.what}: ` : '';
  const text = `${what}${message}${hint === undefined ? '' : ` (hint: ${hint})`}`;
  return `::${severity} ${shown.join(',')}::${escapeLine(text)}`;
}

/** The text of a workflow command, with what ends a command escaped. */
export function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeLine(text: string): string {
  return escapeData(oneLine(text));
}

function escapeProperty(text: string): string {
  return escapeLine(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
