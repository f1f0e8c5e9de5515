import { quotedName } from '../../model/quoted-name.js';
import { shortenedList } from '../../model/shortened-list.js';
import { isMeantAs } from '../../model/suggest.js';
import { problem, warning, type Problem } from '../../problem/problem.js';
import type { Place } from '../yaml/yaml-values.js';
import { joinedColumns, joinedMessage, type JoinedColumns } from './joined-columns.js';

/** The meaning of a column by its name in lower case. */
const COLUMNS: ReadonlyMap<string, Column> = new Map([
  ['email', 'email'],
  ['e-mail', 'email'],
  ['mail', 'email'],
  ['until', 'until'],
  ['note', 'note'],
]);

export type Column = 'email' | 'until' | 'note';

/** The most unknown columns that a warning lists, and the most letters of each name. */
const MOST_COLUMNS = 20;
const LONGEST_COLUMN = 60;

/** The place of a cell of the first row. */
type HeadAt = (index: number) => Place;

/** The meaning of a column; null if it is not known. */
export function columnOf(name: string): Column | null {
  return COLUMNS.get(name.trim().toLowerCase()) ?? null;
}

/** A column name that is likely meant as a known one. */
interface Misspelt {
  index: number;
  name: string;
  known: string;
}

/** All such names of the first row. */
export function misspeltColumns(names: readonly string[]): Misspelt[] {
  return names.flatMap((name, index) => {
    const word = name.trim().toLowerCase();
    if (word === '' || COLUMNS.has(word)) return [];
    const known = meantColumn(word);
    return known === undefined ? [] : [{ index, name: name.trim(), known }];
  });
}

/** The known column that a word in lower case is likely meant as. */
function meantColumn(word: string): string | undefined {
  return [...COLUMNS.keys()].find((one) => isMeantAs(word, one));
}

/** The cells of the first row that hold a delimiter and a known column, spelled right or not, which has no cell of its own. */
export function joinedHeads(names: readonly string[]): JoinedColumns[] {
  const own = new Set(names.map(columnOf));
  return joinedColumns(names, (name) => {
    const word = name.toLowerCase();
    const known = COLUMNS.has(word) ? word : meantColumn(word);
    return known === undefined || own.has(columnOf(known)) ? undefined : known;
  });
}

/** The problem of such a cell. */
export function joinedProblem(joined: JoinedColumns, where: Place): Problem {
  const { message, hint } = joinedMessage(joined, 'this members file');
  return problem('members-file', message, { where, hint });
}

/** The problems of misspelled and joined columns, and of columns that mean the same. */
export function headProblems(names: readonly string[], headAt: HeadAt): Problem[] {
  const problems = [
    ...misspeltColumns(names).map((one) => misspeltProblem(one, headAt(one.index))),
    ...joinedHeads(names).map((one) => joinedProblem(one, headAt(one.index))),
  ];
  for (const column of ['email', 'until', 'note'] as const) {
    const same = names.filter((name) => columnOf(name) === column);
    if (same.length < 2) continue;
    const list = same.map((name) => quotedName(name.trim())).join(' and ');
    problems.push(
      problem('members-file', `the columns ${list} of this members file are the same`, {
        where: headAt(names.lastIndexOf(same.at(-1) ?? '')),
        hint: 'keep one of them',
      }),
    );
  }
  return problems;
}

/** The problem of a misspelled column. */
export function misspeltProblem({ name, known }: Misspelt, where: Place): Problem {
  return problem('members-file', `the column ${quotedName(name)} of this members file is not known`, {
    where,
    hint: `did you mean ${quotedName(known)}? Otherwise give it another name, and it is not read`,
  });
}

/** One warning that lists all columns that are not read. */
export function ignoredColumns(names: readonly string[], headAt: HeadAt): Problem[] {
  const isOther = (name: string): boolean => name.trim() !== '' && columnOf(name) === null;
  const others = names.filter(isOther).map((name) => name.trim());
  if (others.length === 0) return [];
  const list = shortenedList(
    others.map((name) => quotedName(name.slice(0, LONGEST_COLUMN))),
    MOST_COLUMNS,
  );
  return [
    warning('column-not-read', `columns of this members file that are not read: ${list}`, {
      where: headAt(names.findIndex(isOther)),
      hint: 'known columns: email, until, note',
    }),
  ];
}
