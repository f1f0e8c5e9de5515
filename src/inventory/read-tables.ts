import { quotedName } from '../model/quoted-name.js';
import { problem, type Problem } from '../problem/problem.js';
import type { ManifestFile } from '../manifest/manifest.js';
import { HIDDEN_HINT, displayPath, missingPathHint, openPath } from '../manifest/files/paths.js';
import { readText, type Unreadable } from '../manifest/files/read-text.js';
import type { DraftEntry, DraftTable } from './draft.js';
import { readInstanceTable } from './table.js';
import type { RowsInDoubt, TableRead } from './table.js';

/** The state of loading an inventory. */
export interface Reading {
  cwd: string;
  folder: string;
  /** Folders that may hold tables and manifests. */
  within: readonly string[];
  files: ManifestFile[];
  problems: Problem[];
  /** The rows of all tables that are in doubt. */
  inDoubt: RowsInDoubt;
}

/** Reads the tables of an inventory. Their files and problems are added to the state. */
export async function readTables(tables: readonly DraftTable[], reading: Reading): Promise<DraftEntry[]> {
  const rows: DraftEntry[] = [];
  for (const table of tables) {
    const read = await readTable(table, reading);
    if (reading.inDoubt !== 'all' && read.inDoubt !== 'none') reading.inDoubt = read.inDoubt;
    rows.push(...read.rows);
  }
  return rows;
}

async function readTable(table: DraftTable, reading: Reading): Promise<Pick<TableRead, 'rows' | 'inDoubt'>> {
  const { value, at } = table.file;
  const report = (
    code: 'path-outside' | 'instance-table' | 'bad-file',
    message: string,
    hint: string,
  ): Pick<TableRead, 'rows' | 'inDoubt'> => {
    reading.problems.push(problem(code, message, { where: at, hint }));
    return { rows: [], inDoubt: 'all' };
  };
  const target = await openPath(value, reading.folder, reading.within);
  const name = quotedName(value);
  if (target === 'outside')
    return report(
      'path-outside',
      `the table ${name} is outside the repository`,
      'keep it in the folder of the inventory, or in its git repository',
    );
  if (target === 'missing')
    return report(
      'instance-table',
      `the table ${name} does not exist`,
      missingPathHint(value, 'a path is relative to the inventory'),
    );
  const content = target === 'unreadable' ? target : await readText(target.real);
  // The fault is with this machine, not with the inventory.
  if (target === 'unreadable' || content === 'unreadable')
    return report('bad-file', `the table ${name} cannot be used: ${UNREADABLE_TEXT.unreadable}`, HIDDEN_HINT);
  if (typeof content === 'string')
    return report(
      'instance-table',
      `the table ${name} cannot be used: ${UNREADABLE_TEXT[content]}`,
      'make it a UTF-8 text file',
    );
  const file = displayPath(target.path, reading.cwd);
  reading.files.push({ path: file, digest: content.digest });
  const read = readInstanceTable(content.text, file, table);
  reading.problems.push(...read.problems);
  return read;
}

/** Why a file cannot be used, as the end of a sentence. */
export const UNREADABLE_TEXT: Readonly<Record<Unreadable, string>> = {
  missing: 'it does not exist',
  'not-a-file': 'it is not a file',
  'too-large': 'it is larger than 10 MB',
  'not-utf-8': 'it is not UTF-8',
  unreadable: 'it cannot be read',
};
