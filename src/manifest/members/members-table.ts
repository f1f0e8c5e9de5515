import { addressHint, isAddress, sameAddress } from '../../model/address.js';
import { codePoints } from '../../model/invisible.js';
import { isUntil } from '../../model/until.js';
import { problem, type Problem } from '../../problem/problem.js';
import { UNTIL } from '../form/expected-values.js';
import { dayHint } from '../form/value-hint.js';
import type { ManifestMember } from '../manifest.js';
import { lineStart, type Place } from '../yaml/yaml-values.js';
import { withoutGuard } from './cell-guard.js';
import {
  MOST_ROWS,
  plainTable,
  readCsv,
  readHeads,
  type BrokenRow,
  type CsvRow,
  type Separator,
} from './csv-rows.js';
import {
  columnOf,
  headProblems,
  ignoredColumns,
  joinedHeads,
  joinedProblem,
  misspeltColumns,
  misspeltProblem,
  type Column,
} from './members-columns.js';

/** The content of a members file. */
export interface MembersRead {
  listed: readonly ManifestMember[];
  problems: readonly Problem[];
}

/** Checking a table stops after this many problems. */
const MOST_PROBLEMS = 1000;

const LONGEST_NOTE = 1000;

/** The first row of a table. */
interface Head {
  separator: Separator;
  cells: readonly string[];
  row: CsvRow;
}

/**
 * Reads a members file as a table: the first row has a column for addresses, and optionally `until` and `note`. Null if
 * it has no such row. Messages name lines and quote only column names and addresses.
 */
export function readMembersTable(text: string, file: string): MembersRead | null {
  const table = plainTable(text);
  const heads = readHeads(table);
  const head = heads.find(({ cells }) => cells.some((name) => columnOf(name) === 'email'));
  if (!head) {
    const fault = faultOfEmailColumn(heads, file);
    return fault && { listed: [], problems: [fault] };
  }
  const control = /(?!\t|\n)\p{Cc}/u.exec(table);
  if (control) return { listed: [], problems: [controlProblem(table, control, file)] };
  return readTable(table, head, file);
}

/** Without a column for addresses, the cell that likely holds it; null if the row has none, has an address or is a comment. */
function faultOfEmailColumn(heads: readonly Head[], file: string): Problem | null {
  const named = heads.filter(({ cells }) => !cells.some((cell) => cell.includes('@')));
  for (const { cells, row } of named) {
    const typo = misspeltColumns(cells).find(({ known }) => columnOf(known) === 'email');
    if (typo) return misspeltProblem(typo, cellPlace(row, typo.index, file));
  }
  for (const { cells, row } of named) {
    if (cells[0]?.trimStart().startsWith('#')) continue;
    const joined = joinedHeads(cells).find(({ known }) => known.some((name) => columnOf(name) === 'email'));
    if (joined) return joinedProblem(joined, cellPlace(row, joined.index, file));
  }
  return null;
}

function readTable(table: string, head: Head, file: string): MembersRead {
  const { rows, broken } = readCsv(table, head.separator);
  const [first, ...others] = rows;
  const headAt = (index: number): Place => cellPlace(head.row, index, file);
  const wrong = [...headProblems(head.cells, headAt), ...shapeProblem(head.row, head.cells.length, file)];
  if (wrong.length > 0) return { listed: [], problems: wrong };
  if (rows.length > MOST_ROWS) {
    const where = lineStart(file, first?.line ?? 1);
    const hint = `at most ${MOST_ROWS} rows; split it`;
    return {
      listed: [],
      problems: [problem('members-file', 'this members file has too many rows', { where, hint })],
    };
  }
  const columns = head.cells.map(columnOf);
  const members: ManifestMember[] = [];
  const problems = broken.map((row) => brokenProblem(row, file));
  for (const row of others.filter(isFilled)) {
    const one = readRow(row, columns, file);
    if (one.member) members.push(one.member);
    problems.push(...one.problems);
    if (problems.length > MOST_PROBLEMS) break;
  }
  problems.sort((a, b) => (a.where?.line ?? 0) - (b.where?.line ?? 0));
  return { listed: members, problems: [...ignoredColumns(head.cells, headAt), ...firstOf(problems)] };
}

function isFilled({ cells }: CsvRow): boolean {
  return cells.some(({ text }) => text.trim() !== '');
}

interface RowRead {
  member: ManifestMember | null;
  problems: readonly Problem[];
}

function readRow(row: CsvRow, columns: readonly (Column | null)[], file: string): RowRead {
  const value = (column: Column): string => textAt(row, columns.indexOf(column));
  const where = (column: Column): Place => cellPlace(row, columns.indexOf(column), file);
  const fault = (column: Column, what: string, hint: string | null): Problem =>
    problem(
      column === 'until' ? 'bad-date' : 'members-file',
      `line ${row.line} of this members file ${what}`,
      {
        where: where(column),
        hint,
      },
    );
  const shape = shapeProblem(row, columns.length, file);
  if (shape.length > 0) return { member: null, problems: shape };
  const [email, until, note] = [value('email'), value('until'), value('note').replace(/\s+/gu, ' ')];
  const problems = [
    ...(email === '' ? [fault('email', 'has no address', 'give it one, or remove the row')] : []),
    ...(email !== '' && !isAddress(email)
      ? [fault('email', 'has no valid address', addressHint(email) ?? 'one e-mail address per row')]
      : []),
    ...(until === '' || isUntil(until) ? [] : [fault('until', 'has no valid date', dayHint(until) ?? UNTIL)]),
    ...(note.length > LONGEST_NOTE
      ? [fault('note', 'has a note that is too long', `at most ${LONGEST_NOTE} characters`)]
      : []),
  ];
  if (problems.length > 0) return { member: null, problems };
  const address = sameAddress(email);
  return {
    member: {
      ref: { email: address },
      email: address,
      until: until === '' ? null : until,
      note: note === '' ? null : note,
      where: where('email'),
    },
    problems,
  };
}

function textAt({ cells }: CsvRow, index: number): string {
  return withoutGuard(cells[index]?.text ?? '').trim();
}

/** Reports a cell without a column, or one that contains further rows because its quote is closed in a later one. */
function shapeProblem(row: CsvRow, columns: number, file: string): Problem[] {
  const { line, cells } = row;
  const report = (index: number, what: string, hint: string): Problem[] => [
    problem('members-file', `line ${line} of this members file ${what}`, {
      where: cellPlace(row, index, file),
      hint,
    }),
  ];
  const surplus = cells.findIndex(({ text }, index) => index >= columns && text.trim() !== '');
  if (surplus >= 0)
    return report(surplus, 'has more cells than the first row', 'quote cells that contain a separator');
  const open = cells.findIndex(({ text }) => text.includes('\n') && text.includes('@'));
  if (open >= 0)
    return report(open, 'has a quoted cell with another row in it', 'close the quote in the same line');
  return [];
}

function cellPlace({ line, cells }: CsvRow, index: number, file: string): Place {
  const cell = cells[index];
  const column = cell?.column ?? 1;
  return { file, line, column, endLine: line, endColumn: column + (cell?.text.split('\n')[0]?.length ?? 0) };
}

function brokenProblem({ line, message, hint }: BrokenRow, file: string): Problem {
  return problem('members-file', `line ${line} of this members file ${message}`, {
    where: lineStart(file, line),
    hint,
  });
}

function controlProblem(table: string, { index, 0: control }: RegExpExecArray, file: string): Problem {
  const line = table.slice(0, index).split('\n').length;
  const name = codePoints(control);
  return problem('members-file', `line ${line} of this members file holds the control character ${name}`, {
    where: lineStart(file, line),
    hint: 'save the table as CSV in UTF-8',
  });
}

/** The problems that are reported, and one more if the rest of the file is not checked. */
function firstOf(problems: readonly Problem[]): Problem[] {
  if (problems.length <= MOST_PROBLEMS) return [...problems];
  const message = 'the rest of this members file is not checked, since it has so many problems';
  const where = problems[MOST_PROBLEMS]?.where ?? null;
  return [...problems.slice(0, MOST_PROBLEMS), problem('members-file', message, { where })];
}
