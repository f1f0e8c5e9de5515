import { stringify } from 'csv-stringify/sync';
import { oneLine } from '../format/one-line.js';

/** A value of a table: null is an empty cell. */
export type CsvCell = string | number | boolean | null;

/** Characters that start a formula in spreadsheets, or that some of them read as one that does. */
const FORMULA = /^[=+\-@\t\uff1d\uff0b\uff0d\uff20]/u;

/**
 * Line ends, since a row is one line: a name could otherwise look like a row of its own to `grep` or to a reader. Control
 * characters except tabs, which terminals may interpret; bidirectional marks, which reorder the row; and lone surrogates.
 */
const NO_TEXT = /(?!\t)\p{Cc}|\p{Bidi_Control}|\p{Zl}|\p{Zp}|\p{Cs}/gu;

/** Cells that need quotes besides those with separators or quotes: surrounding spaces, which some readers drop. */
const QUOTED = /^\s|\s$/u;

/**
 * Renders rows as CSV: commas, one line per row, quotes if needed. A cell that a spreadsheet would run as a formula gets a
 * `'` before it; line ends, control characters and bidirectional marks are shown as escapes.
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
