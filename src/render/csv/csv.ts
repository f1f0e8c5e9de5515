import { stringify } from 'csv-stringify/sync';
import { oneLine } from '../format/one-line.js';

/** A value of a table: null is an empty cell. */
export type CsvCell = string | number | boolean | null;

/** What a spreadsheet takes for the start of a formula. */
const FORMULA = /^[=+\-@\t\r]/u;

/** What is not text: controls but tabs and line ends, and halves of characters. A terminal would obey some of them. */
const NO_TEXT = /(?![\t\n\r])\p{Cc}|\p{Cs}/gu;

/** Line ends within a cell, and blanks around it, which some readers drop. */
const QUOTED = [/[\r\n]/u, /^\s|\s$/u];

/**
 * Rows as CSV: commas, a line feed after each row, quotes where they are needed. A cell that a spreadsheet would take
 * for a formula gets a `'` before it; control characters are shown as escapes.
 */
export function csvText(head: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return stringify(
    [head, ...rows].map((row) => row.map(cellText)),
    { quoted_match: QUOTED },
  );
}

function cellText(cell: CsvCell): string {
  const text = cell === null ? '' : String(cell).replace(NO_TEXT, oneLine);
  return FORMULA.test(text) ? `'${text}` : text;
}
