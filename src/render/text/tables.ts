import Table from 'cli-table3';
import { oneLine } from '../format/one-line.js';
import type { Style } from './style.js';

/** A cell as data: numbers are aligned right. */
export type Cell = string | number | boolean | null;

/** A plain table style: columns separated by two spaces, no lines. */
const BARE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/**
 * Renders rows as a table with a head, which is left out if none of its columns has a title. Texts are on one line with
 * invisible characters escaped; null is empty, true is `yes`. Ends with a line break. Without rows, returns a sentence.
 */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], style: Style): string {
  if (rows.length === 0) return `${style.dim('None.')}\n`;
  const right = head.map((_title, column) => rows.every((row) => typeof row[column] === 'number'));
  const drawn = new Table({
    head: head.every((title) => title === '') ? [] : head.map((title) => style.bold(title)),
    chars: BARE,
    colAligns: right.map((numbers) => (numbers ? 'right' : 'left')),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) drawn.push(row.map(cellText));
  const lines = drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return `${lines.join('\n')}\n`;
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return oneLine(String(cell));
}
