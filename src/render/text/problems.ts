import { codeFrameColumns } from '@babel/code-frame';
import type { PolicyFile } from '../../model/policy-overlay.js';
import type { Problem, Where } from '../../problem/problem.js';
import { policyFileNotices } from '../facts/policy-notices.js';
import { oneLine } from '../format/one-line.js';
import { styleOf, type Style } from './style.js';
import { plural } from '../format/phrases.js';

/** Code frames show this many characters before and after the place. */
const BEFORE = 60;
const AFTER = 60;

/** Options of problems as text. */
export interface ProblemsTextOptions {
  /** Texts of manifests by file name as in places. Other files get no code frame. */
  sources?: ReadonlyMap<string, string>;
  colour: boolean;
}

/**
 * Problems for a reader at a terminal: place, code and message, the lines of the manifest, a hint; at the
 * end how many there are. Empty without problems, else it ends with a line end.
 */
export function problemsText(problems: readonly Problem[], { sources, colour }: ProblemsTextOptions): string {
  if (problems.length === 0) return '';
  const style = styleOf(colour);
  const lines = new Map<string, readonly string[]>();
  const linesOf = (file: string): readonly string[] => {
    const text = sources?.get(file);
    const known = lines.get(file) ?? text?.split(/\r\n|\n/u) ?? [];
    lines.set(file, known);
    return known;
  };
  const blocks = problems.map((problem) => blockOf(problem, style, linesOf));
  return `${[...blocks, countLine(problems)].join('\n\n')}\n`;
}

/** `2 errors, 1 warning`. */
function countLine(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const parts = [errors > 0 ? plural(errors, 'error') : '', warnings > 0 ? plural(warnings, 'warning') : ''];
  return parts.filter((part) => part !== '').join(', ');
}

/** `roles.yaml:3:5`, or the live object; '' if unknown. */
function whereText(where: Where | undefined): string {
  const parts = where ? [where.file ?? where.what, where.line, where.column] : [];
  return oneLine(parts.filter((part) => part !== undefined).join(':'));
}

function blockOf(problem: Problem, style: Style, linesOf: (file: string) => readonly string[]): string {
  const paint = problem.severity === 'error' ? style.red : style.yellow;
  const where = whereText(problem.where);
  // Messages about a request already begin with it.
  const place = problem.message.startsWith(where) ? '' : where;
  const head = [place === '' ? [] : [style.bold(place)], [paint(problem.code)], [oneLine(problem.message)]];
  const frame =
    problem.where?.file === undefined ? null : frameOf(problem.where, linesOf(problem.where.file));
  const hint = problem.hint === undefined ? [] : [`  ${style.cyan('hint:')} ${oneLine(problem.hint)}`];
  return [head.flat().join('  '), ...(frame === null ? [] : [frame]), ...hint].join('\n');
}

/** The line of the place with two lines before and one after, with invisible characters escaped and long lines cut. */
function frameOf(where: Where, lines: readonly string[]): string | null {
  const { line, column = 1 } = where;
  const marked = line === undefined ? undefined : lines[line - 1];
  if (line === undefined || marked === undefined) return null;
  const first = Math.max(1, line - 2);
  const from = Math.max(0, column - 1 - BEFORE);
  const end = where.endLine === line ? (where.endColumn ?? column) : marked.length + 1;
  // The end of the last line begins no further one.
  const isLast = line + 1 === lines.length && lines.at(-1) === '';
  const window = lines.slice(first - 1, isLast ? line : line + 1).map((text) => shown(text, from));
  const start = column - 1 - from;
  const before = shown(marked, from, start).length;
  const width = shown(marked.slice(from + start), 0, Math.max(0, end - column)).length;
  const stop = before + 1 + Math.min(Math.max(1, width), AFTER);
  const place = { start: { line, column: before + 1 }, end: { line, column: stop } };
  const options = { startLine: first, linesAbove: 2, linesBelow: 1, highlightCode: false };
  return codeFrameColumns(window.join('\n'), place, options);
}

/** A part of a line with invisible characters escaped; `…` if text before it is cut. */
function shown(text: string, from: number, length: number = BEFORE + AFTER): string {
  const piece = oneLine(text.slice(from, from + length));
  return from > 0 && text.length > 0 ? `…${piece}` : piece;
}

/** A policy file in one line, and its changes below; '' without one. */
export function policyFileText(file: PolicyFile | null): string {
  if (file === null) return '';
  const [head, ...changes] = policyFileNotices(file).map(({ text }) => oneLine(text));
  return `policy file ${head}\n${changes.map((line) => `  ${line}\n`).join('')}`;
}
