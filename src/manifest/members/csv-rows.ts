import { parse, type CsvError } from 'csv-parse/sync';

/** One row of a table. */
export interface CsvRow {
  /** The line where it starts. */
  line: number;
  cells: readonly CsvCell[];
}

/** A cell, with the column where it starts. A cell below the first line of its row has the row's column. */
interface CsvCell {
  text: string;
  column: number;
}

/** A row with invalid quotes. */
export interface BrokenRow {
  line: number;
  message: string;
  hint: string;
}

/** The result of reading a table. */
interface CsvRead {
  rows: readonly CsvRow[];
  broken: readonly BrokenRow[];
}

/** The separators that a table may have. */
const SEPARATORS = [',', ';', '\t'] as const;

export type Separator = (typeof SEPARATORS)[number];

/** The longest row in characters. A longer one probably has a quote that is not closed. */
const LONGEST_ROW = 20_000;

/** The most rows of a table. One more is read, to detect longer tables. */
export const MOST_ROWS = 200_000;

/** Reading stops after this many rows with invalid quotes. */
const MOST_BROKEN = 100;

/** The first line in which spreadsheets declare the separator. */
const SEPARATOR_LINE = /^sep=[,;\t](?=\n|$)/iu;

/** Normalizes line ends; removes a byte order mark and a line that declares the separator. */
export function plainTable(text: string): string {
  return text
    .replace(/^\u{feff}/u, '')
    .replace(/\r\n?/gu, '\n')
    .replace(SEPARATOR_LINE, '');
}

/** The first row, read with each separator that parses. `text` must come from `plainTable`. */
export function readHeads(text: string): { separator: Separator; cells: readonly string[]; row: CsvRow }[] {
  return SEPARATORS.flatMap((separator) => {
    const [row] = readCsv(text.slice(0, LONGEST_ROW), separator, 1).rows;
    return row ? [{ separator, cells: row.cells.map((cell) => cell.text), row }] : [];
  });
}

/**
 * Reads the rows of a table that are not empty. After a row with invalid quotes, reading continues on the next line, to
 * find all of them. `text` must come from `plainTable`.
 */
export function readCsv(text: string, separator: Separator, most = MOST_ROWS + 1): CsvRead {
  const rows: CsvRow[] = [];
  const broken: BrokenRow[] = [];
  let rest = text;
  let linesBefore = 0;
  while (broken.length < MOST_BROKEN) {
    const found = readUntilBroken(rest, separator, most);
    for (const row of found.rows) rows.push({ ...row, line: row.line + linesBefore });
    if (found.broken === null) break;
    const { line } = found.broken;
    broken.push({ ...found.broken, line: line + linesBefore });
    rest = afterLines(rest, line);
    linesBefore += line;
  }
  return { rows, broken };
}

function afterLines(text: string, count: number): string {
  let at = 0;
  for (let line = 0; line < count && at >= 0; line += 1) at = text.indexOf('\n', at) + 1 || -1;
  return at < 0 ? '' : text.slice(at);
}

interface Parsed {
  record: string[];
  raw: string;
  info: { lines: number };
}

function readUntilBroken(
  text: string,
  separator: Separator,
  most: number,
): { rows: CsvRow[]; broken: BrokenRow | null } {
  const rows: CsvRow[] = [];
  let next = 1;
  const keep = (found: unknown): null => {
    const { record, raw, info } = found as Parsed;
    const written = raw.replace(/^\n+/u, '').replace(/\n$/u, '');
    const line = info.lines - (written.match(/\n/gu)?.length ?? 0);
    next = info.lines + 1;
    rows.push({ line, cells: cellsOf(record, written, separator) });
    return null;
  };
  try {
    parse(text, {
      delimiter: separator,
      record_delimiter: '\n',
      info: true,
      raw: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: LONGEST_ROW,
      to: most,
      on_record: keep,
    });
    return { rows, broken: null };
  } catch (error) {
    const blank = /^\n*/u.exec(afterLines(text, next - 1))?.[0].length ?? 0;
    return { rows, broken: { line: next + blank, ...quoteFault(error as CsvError) } };
  }
}

function quoteFault({ code }: CsvError): Omit<BrokenRow, 'line'> {
  return code === 'CSV_QUOTE_NOT_CLOSED' || code === 'CSV_MAX_RECORD_SIZE'
    ? { message: 'is too long, or has a quote that is not closed', hint: 'close the quote, or remove it' }
    : {
        message: 'has a quote in the middle of a cell',
        hint: 'put the whole cell in quotes, and write each quote in it twice',
      };
}

function cellsOf(record: readonly string[], raw: string, separator: Separator): CsvCell[] {
  let at = 0;
  const firstLine = raw.indexOf('\n') < 0 ? raw.length : raw.indexOf('\n');
  return record.map((text) => {
    const column = at <= firstLine ? at + 1 : 1;
    at = endOfCell(raw, at, separator) + 1;
    return { text, column };
  });
}

function endOfCell(raw: string, start: number, separator: Separator): number {
  let quoted = false;
  for (let at = start; at < raw.length; at += 1) {
    if (raw[at] === '"') quoted = !quoted;
    else if (raw[at] === separator && !quoted) return at;
  }
  return raw.length;
}
