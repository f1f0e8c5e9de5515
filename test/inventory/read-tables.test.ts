import { realpath } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { readTables, type Reading } from '../../src/inventory/read-tables.js';
import { folderOf } from '../manifest/support.js';
import { PLACE } from './support.js';

async function read(files: Readonly<Record<string, string>>, names: readonly string[]) {
  const folder = await realpath(await folderOf(files));
  const reading: Reading = {
    ...{ cwd: folder, folder, within: [folder] },
    ...{ files: [], problems: [], inDoubt: 'none' },
  };
  const tables = names.map((value) => ({ file: { value, at: PLACE }, labels: [] }));
  const rows = await readTables(tables, reading);
  return { rows: rows.map(({ name }) => name.value), ...reading };
}

describe('The tables of an inventory', () => {
  it('are read in order, and are among the files', async () => {
    const { rows, files, inDoubt } = await read({ 'b.csv': 'name\nb\n', 'a.csv': 'name\na\n' }, [
      'b.csv',
      'a.csv',
    ]);
    expect(rows).toEqual(['b', 'a']);
    expect(files.map(({ path }) => path)).toEqual(['b.csv', 'a.csv']);
    expect(inDoubt).toBe('none');
  });

  it.each([
    ['does not exist', 'none.csv', 'instance-table'],
    ['is outside the repository', '../t.csv', 'path-outside'],
    ['has no column name', 'heads.csv', 'instance-table'],
  ])('are in doubt if one %s', async (_what, name, code) => {
    const { rows, problems, inDoubt } = await read({ 'a.csv': 'name\na\n', 'heads.csv': 'x\na\n' }, [
      name,
      'a.csv',
    ]);
    expect(rows).toEqual(['a']);
    expect(problems.map((one) => one.code)).toEqual([code]);
    expect(inDoubt).toBe('all');
  });
});
