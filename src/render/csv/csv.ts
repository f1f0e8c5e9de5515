import { stringify } from 'csv-stringify/sync';
import { oneLine } from '../format/one-line.js';

/** A value of a table: null is an empty cell. */
export type CsvCell = string | number | boolean | null;

/** Characters that start a formula in spreadsheets, or that some of them read as one that does. */
const FORMULA = /^[=+\-@\t\uff1d\uff0b\uff0d\uff20]/u;

/**
 * Cells that need quotes besides those with separators or quotes: surrounding spaces, which some readers drop, and what a
 * CI runner would read as a command at the start of a line.
 */
const QUOTED = /^\s|\s$|^::/u;

/**
 * Renders rows as CSV: commas, one line per row, quotes if needed. A cell that a spreadsheet would run as a formula
 * gets a `'` before it. Line ends and all that a reader cannot see are shown as escapes, as in every report for people:
 * a name could otherwise look like another name, or like a row of its own. Tabs remain.
 */
export function csvText(head: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return stringify(
    [head, ...rows].map((row) => row.map(cellText)),
    { quoted_match: QUOTED },
  );
}

function cellText(cell: CsvCell): string {
  const text = cell === null ? '' : String(cell).split('\t').map(oneLine).join('\t');
  return FORMULA.test(text) ? `'${text}` : text;
}
