import { parse } from 'csv-parse/sync';
import { quotedName } from '../model/names.js';
import { byCodeUnit } from '../model/sort.js';
import { problem, type Problem } from '../problem/problem.js';
import { suggest } from '../manifest/suggest.js';
import type { Place, SourceRange } from '../manifest/yaml-values.js';
import type { DraftEntry, DraftTable } from './draft.js';

/** More broken rows of one table are counted, not listed. */
const MOST_LISTED = 20;

/** What a table says. */
export interface TableRead {
  rows: readonly DraftEntry[];
  problems: readonly Problem[];
}

interface Row {
  line: number;
  cells: readonly string[];
}

/**
 * Reads a table of instances: a header with `name` and optionally `manifest`, and the columns that are labels. Other
 * columns are left out. An empty cell is no label.
 */
export function readInstanceTable(text: string, file: string, table: DraftTable): TableRead {
  const separator = separatorOf(text);
  const parsed = parseRows(text, separator, file);
  if (!Array.isArray(parsed)) return { rows: [], problems: [parsed] };
  const [header, ...rows] = parsed;
  const columns = header?.cells.map((cell) => cell.trim()) ?? [];
  const problems = headerProblems(columns, { file, table });
  const nameAt = columns.indexOf('name');
  if (nameAt < 0) return { rows: [], problems };
  const broken = rows.filter(({ cells }) => (cells[nameAt] ?? '').trim() === '');
  for (const { line } of broken.slice(0, MOST_LISTED)) {
    problems.push(rowProblem({ file, line }, 'has no name', 'give every row a name, or remove the row'));
  }
  if (broken.length > MOST_LISTED) {
    const line = broken[MOST_LISTED]?.line ?? 1;
    problems.push(
      rowProblem({ file, line }, `and ${broken.length - MOST_LISTED - 1} more have no name`, null),
    );
  }
  const named = rows.filter((row) => !broken.includes(row));
  return { rows: named.map((row) => entryOfRow(row, columns, { file, table })), problems };
}

function entryOfRow(
  { line, cells }: Row,
  columns: readonly string[],
  { file, table }: { file: string; table: DraftTable },
): DraftEntry {
  const at: Place = { file, line, column: 1, endLine: line, endColumn: 1 };
  const cell = (column: string): SourceRange<string> | null => {
    const value = plainCell(cells[columns.indexOf(column)] ?? '');
    return value === '' ? null : { value, at };
  };
  const labels = new Map<string, SourceRange<string>>();
  for (const { value: label } of table.labels) {
    const value = cell(label);
    if (value) labels.set(label, value);
  }
  const used = ['name', 'manifest', ...table.labels.map(({ value }) => value)];
  const source = JSON.stringify(used.map((column) => cell(column)?.value ?? ''));
  return {
    name: cell('name') ?? { value: '', at },
    labels,
    manifest: columns.includes('manifest') ? cell('manifest') : null,
    overlay: null,
    suspended: null,
    source,
  };
}

/** A cell without the quote that keeps spreadsheets from taking it for a formula. */
function plainCell(text: string): string {
  return text.trim().replace(/^'(?=[=+\-@\t\r])/u, '');
}

/** The separator of the header: the first of comma, semicolon and tab that it holds; of none, a comma. */
function separatorOf(text: string): string {
  const header = /^[^\r\n]*/u.exec(text)?.[0] ?? '';
  return [',', ';', '\t'].find((one) => header.includes(one)) ?? ',';
}

function parseRows(text: string, delimiter: string, file: string): Row[] | Problem {
  try {
    const records = parse(text, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    const line = (error as { lines?: number }).lines ?? 1;
    return rowProblem({ file, line }, 'cannot be read as CSV', 'check that every quote is closed');
  }
}

function headerProblems(
  columns: readonly string[],
  { file, table }: { file: string; table: DraftTable },
): Problem[] {
  const where = { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const problems: Problem[] = [];
  if (!columns.includes('name')) {
    problems.push(
      problem('instance-table', 'the table has no column "name"', {
        where,
        hint: 'the first row names the columns; one of them is name',
      }),
    );
  }
  for (const { value, at } of table.labels) {
    if (columns.includes(value)) continue;
    const meant = suggest(value, columns);
    problems.push(
      problem('instance-table', `the table ${quotedName(file)} has no column ${quotedName(value)}`, {
        where: at,
        hint:
          meant === null
            ? `its columns: ${[...columns].sort(byCodeUnit).join(', ')}`
            : `did you mean ${quotedName(meant)}?`,
      }),
    );
  }
  const twice = columns.find((column, index) => column !== '' && columns.indexOf(column) !== index);
  if (twice !== undefined) {
    problems.push(problem('instance-table', `two columns are named ${quotedName(twice)}`, { where }));
  }
  return problems;
}

function rowProblem(
  { file, line }: { file: string; line: number },
  what: string,
  hint: string | null,
): Problem {
  return problem('instance-table', `line ${line} of this table ${what}`, {
    where: { file, line, column: 1, endLine: line, endColumn: 1 },
    hint,
  });
}
