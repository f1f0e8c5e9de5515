import { quotedName } from '../../model/quoted-name.js';

/** What separates the cells of a table here or in other tools, half and full width. */
const DELIMITERS = /[,;\t|\uff0c\uff1b\uff5c]/u;

/** The most characters of a cell that a message shows. */
const LONGEST_CELL = 60;

/** A cell of the first row that holds several columns: `until,note` in a table with semicolons. */
export interface JoinedColumns {
  index: number;
  /** The whole cell. */
  cell: string;
  /** The known columns in it. */
  known: readonly [string, ...string[]];
}

/**
 * All cells that hold a known column and a delimiter. Read as one unknown column, they would leave the known one without
 * effect. `knownOf` returns the known column that a name stands for, if it has no cell of its own.
 */
export function joinedColumns(
  cells: readonly string[],
  knownOf: (name: string) => string | undefined,
): JoinedColumns[] {
  return cells.flatMap((cell, index) => {
    const parts = cell.split(DELIMITERS).map((part) => part.replaceAll('"', '').trim());
    if (parts.length < 2) return [];
    const [first, ...others] = parts.map(knownOf).filter((one) => one !== undefined);
    return first === undefined ? [] : [{ index, cell: cell.trim(), known: [first, ...others] }];
  });
}

/** The message about such a cell, and what to do. */
export function joinedMessage(
  { cell, known: [first] }: JoinedColumns,
  table: string,
): { message: string; hint: string } {
  const name = quotedName(cell.slice(0, LONGEST_CELL));
  return {
    message: `the column ${name} of ${table} holds several columns, among them ${quotedName(first)}`,
    hint: 'separate all cells with the same character: a comma, a semicolon or a tab; if it is one column, give it another name',
  };
}
