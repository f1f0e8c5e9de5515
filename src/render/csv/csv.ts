import { stringify } from 'csv-stringify/sync';
import { oneLine } from '../format/one-line.js';

/** A value of a table: null is an empty cell. */
export type CsvCell = string | number | boolean | null;

/** Characters that start a formula in spreadsheets. */
const FORMULA = /^[=+\-@\t\r]/u;

/**
 * Control characters except tabs and line ends, which terminals may interpret; bidirectional marks, which reorder the row;
 * unusual line ends; and lone surrogates.
 */
const NO_TEXT = /(?![\t\n\r])\p{Cc}|\p{Bidi_Control}|\p{Zl}|\p{Zp}|\p{Cs}/gu;

/** Cells that need quotes: with separators, quotes or line ends, or with surrounding spaces, which some readers drop. */
const QUOTED = [/[\r\n]/u, /^\s|\s$/u];

/**
 * Renders rows as CSV: commas, a line feed after each row, quotes if needed. A cell that a spreadsheet would run as a
 * formula gets a `'` before it; control characters and bidirectional marks are shown as escapes.
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
