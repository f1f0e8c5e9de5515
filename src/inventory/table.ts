import { quotedName } from '../model/quoted-name.js';
import { byCodeUnit } from '../model/sort.js';
import { problem, type Problem } from '../problem/problem.js';
import { MOST_ROWS, plainTable, readCsv, readHeads } from '../manifest/members/csv-rows.js';
import type { BrokenRow, CsvRow, Separator } from '../manifest/members/csv-rows.js';
import { withoutGuard } from '../manifest/members/cell-guard.js';
import { joinedColumns, joinedMessage } from '../manifest/members/joined-columns.js';
import type { JoinedColumns } from '../manifest/members/joined-columns.js';
import { isMeantAs, suggest } from '../model/suggest.js';
import { lineStart, type Place, type SourceRange } from '../manifest/yaml/yaml-values.js';
import type { DraftEntry, DraftTable } from './draft.js';

/** Maximum number of problems of a table that are listed; the rest is counted. */
const MAX_LISTED = 100;

/** Maximum number of column names in a hint. */
const MAX_COLUMNS = 20;

/** The content of a table. */
export interface TableRead {
  rows: readonly DraftEntry[];
  problems: readonly Problem[];
  inDoubt: RowsInDoubt;
}

/** The rows of a table that are in doubt: those that could not be read are `missing`; `all` may have other values. */
export type RowsInDoubt = 'none' | 'missing' | 'all';

/** The state of reading a table. */
interface Reading {
  file: string;
  table: DraftTable;
  /** The columns of the header. */
  columns: readonly string[];
}

/**
 * Reads a table of instances. Its header has `name`, optionally `manifest`, and the columns that are labels. Other columns
 * are ignored, but a misspelled `manifest` is an error. An empty cell is not a label.
 */
export function readInstanceTable(text: string, file: string, table: DraftTable): TableRead {
  const plain = plainTable(text);
  const head = headOf(plain);
  const reading: Reading = { file, table, columns: head.cells.map((cell) => cell.trim()) };
  const { rows, broken } = readCsv(plain, head.separator);
  const [first, ...others] = rows;
  const problems = headerProblems(reading, lineStart(file, first?.line ?? 1));
  if (!reading.columns.includes('name')) return { rows: [], problems, inDoubt: 'all' };
  if (rows.length > MOST_ROWS) {
    const where = lineStart(file, 1);
    const hint = `at most ${MOST_ROWS} rows`;
    return {
      rows: [],
      inDoubt: 'all',
      problems: [problem('instance-table', 'this table has too many rows', { where, hint })],
    };
  }
  const filled = others.filter(({ cells }) => cells.some(({ text: cell }) => cell.trim() !== ''));
  const faults = [
    ...broken.map((row) => rowProblem(row, file)),
    ...filled.flatMap((row) => rowFaults(row, reading).map((fault) => rowProblem(fault, file))),
  ].sort((a, b) => (a.where?.line ?? 0) - (b.where?.line ?? 0));
  const named = filled.filter((row) => cellOf(row, 'name', reading) !== null);
  const isMisread =
    duplicateColumn(reading) !== undefined ||
    misspeltManifest(reading) !== undefined ||
    joinedHeads(reading).length > 0 ||
    faults.length > MAX_LISTED;
  const isWhole = broken.length === 0 && named.length === filled.length;
  return {
    rows: named.map((row) => entryOfRow(row, reading)),
    problems: [...problems, ...limited(faults)],
    inDoubt: isMisread ? 'all' : isWhole ? 'none' : 'missing',
  };
}

/** Reads the header with the separator that yields a column `name`; otherwise with the one that yields most columns. */
function headOf(text: string): { separator: Separator; cells: readonly string[] } {
  const heads = readHeads(text);
  return (
    heads.find(({ cells }) => cells.some((cell) => cell.trim() === 'name')) ??
    heads.sort((a, b) => b.cells.length - a.cells.length)[0] ?? { separator: ',', cells: [] }
  );
}

function entryOfRow(row: CsvRow, reading: Reading): DraftEntry {
  const labels = new Map<string, SourceRange<string>>();
  for (const { value: label } of reading.table.labels) {
    const value = cellOf(row, label, reading);
    if (value) labels.set(label, value);
  }
  const manifest = cellOf(row, 'manifest', reading);
  const source = JSON.stringify([
    [...labels].map(([label, { value }]) => [label, value]).sort(),
    manifest?.value ?? null,
  ]);
  return {
    name: cellOf(row, 'name', reading) ?? { value: '', at: lineStart(reading.file, row.line) },
    labels,
    manifest,
    source,
    overlay: null,
    suspended: null,
  };
}

/** Returns the value of a cell with its place; null if the cell is empty or missing. */
function cellOf(
  { line, cells }: CsvRow,
  name: string,
  { columns, file }: Reading,
): SourceRange<string> | null {
  const cell = cells[columns.indexOf(name)];
  const value = withoutGuard(cell?.text ?? '').trim();
  if (cell === undefined || value === '') return null;
  const { column } = cell;
  return { value, at: { file, line, column, endLine: line, endColumn: column + value.length } };
}

/** Returns the problems of one row. */
function rowFaults(row: CsvRow, reading: Reading): BrokenRow[] {
  const { line, cells } = row;
  const faults: BrokenRow[] = [];
  if (cellOf(row, 'name', reading) === null)
    faults.push({ line, message: 'has no name', hint: 'give the row a name, or remove it' });
  if (cells.slice(reading.columns.length).some(({ text }) => text.trim() !== ''))
    faults.push({
      line,
      message: 'has more cells than the first row',
      hint: 'quote cells that contain a separator',
    });
  if (['name', 'manifest'].some((name) => /\p{Cc}/u.test(cellOf(row, name, reading)?.value ?? '')))
    faults.push({
      line,
      message: 'has a control character or a line break in a cell',
      hint: 'write each row on one line, and close every quote',
    });
  return faults;
}

function headerProblems({ columns, table, file }: Reading, where: Place): Problem[] {
  const joined = joinedHeads({ columns, table });
  const problems = joined.map((one) => {
    const { message, hint } = joinedMessage(one, 'the table');
    return problem('instance-table', message, { where, hint });
  });
  const isJoined = (name: string): boolean => joined.some(({ known }) => known.includes(name));
  if (!columns.includes('name') && !isJoined('name')) {
    const closest = columns.find((column) => suggest(column, ['name']) !== null);
    problems.push(
      problem('instance-table', 'the table has no column "name"', {
        where,
        hint:
          closest === undefined
            ? 'the first row must name the columns, one of them name'
            : `rename the column ${quotedName(closest)} to name`,
      }),
    );
  }
  for (const { value, at } of table.labels) {
    if (!columns.includes(value) && !isJoined(value))
      problems.push(missingColumn({ value, at }, columns, file));
  }
  const misspelt = misspeltManifest({ columns, table });
  if (misspelt !== undefined) {
    const hint = 'rename it to manifest; if it is something else, give it another name, and it is ignored';
    const message = `the column ${quotedName(misspelt)} of the table is not known`;
    problems.push(problem('instance-table', message, { where, hint }));
  }
  const duplicate = duplicateColumn({ columns, table });
  if (duplicate !== undefined) {
    const hint = 'keep one of them';
    problems.push(
      problem('instance-table', `two columns of the table are named ${quotedName(duplicate)}`, {
        where,
        hint,
      }),
    );
  }
  return problems;
}

/** A column that is likely meant as `manifest`. Ignored, its instances would get the manifest of the inventory. */
function misspeltManifest({ columns, table }: Pick<Reading, 'columns' | 'table'>): string | undefined {
  if (columns.includes('manifest')) return undefined;
  const labels = new Set(table.labels.map(({ value }) => value));
  return columns.find((column) => !labels.has(column) && isMeantAs(column, 'manifest'));
}

/** The cells that hold a delimiter and a column that is read, which has no cell of its own. */
function joinedHeads({ columns, table }: Pick<Reading, 'columns' | 'table'>): JoinedColumns[] {
  const missing = usedColumns(table).filter((name) => !columns.includes(name));
  return joinedColumns(columns, (name) =>
    missing.find((one) => one === name || (one === 'manifest' && isMeantAs(name, one))),
  );
}

/** The columns of a table that are read. */
function usedColumns({ labels }: DraftTable): string[] {
  return ['name', 'manifest', ...labels.map(({ value }) => value)];
}

function duplicateColumn({ columns, table }: Pick<Reading, 'columns' | 'table'>): string | undefined {
  const used = usedColumns(table);
  return used.find((column) => columns.indexOf(column) !== columns.lastIndexOf(column));
}

function missingColumn(
  { value, at }: SourceRange<string>,
  columns: readonly string[],
  file: string,
): Problem {
  return problem('instance-table', `the table ${quotedName(file)} has no column ${quotedName(value)}`, {
    where: at,
    // A file without the column name may hold anything, so its content is not shown.
    hint: columns.includes('name') ? columnHint(value, columns) : null,
  });
}

function columnHint(wanted: string, columns: readonly string[]): string {
  const closest = suggest(wanted, columns);
  if (closest !== null) return `did you mean ${quotedName(closest)}?`;
  const known = columns.filter((column) => column !== '').sort(byCodeUnit);
  return `its columns: ${known.slice(0, MAX_COLUMNS).map(quotedName).join(', ')}`;
}

function rowProblem({ line, message, hint }: BrokenRow, file: string): Problem {
  return problem('instance-table', `line ${line} of this table ${message}`, {
    where: lineStart(file, line),
    hint,
  });
}

function limited(problems: readonly Problem[]): Problem[] {
  if (problems.length <= MAX_LISTED) return [...problems];
  const more = problems.length - MAX_LISTED;
  const where = problems[MAX_LISTED]?.where ?? null;
  const message = `this table has ${more} more ${more === 1 ? 'problem' : 'problems'}`;
  return [...problems.slice(0, MAX_LISTED), problem('instance-table', message, { where })];
}
