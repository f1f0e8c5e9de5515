import { describe, expect, it } from '@jest/globals';
import { packedList } from '../../src/render/html/list.js';

describe('a packed list', () => {
  const list = {
    id: 'people',
    noun: ['person', 'people'],
    columns: [
      { title: 'Number', show: 'number' },
      { title: 'Person', show: 'text' },
      { title: 'Role', show: 'code' },
    ],
    rows: [
      [7, 'ann', 'Editors'],
      [1, 'Editors', ''],
      [0, 'bob', 'Editors'],
    ],
    groups: { titles: ['one'], of: [0, 0, 0] },
  } as const;

  it('has each text once, in the order of its first use, and numbers as they are', () => {
    const { texts, rows } = packedList(list);
    expect(texts).toEqual(['ann', 'Editors', '', 'bob']);
    expect(rows).toEqual([
      [7, 0, 1],
      [1, 1, 2],
      [0, 3, 1],
    ]);
  });

  it('keeps everything but the rows', () => {
    expect(packedList(list)).toEqual({ ...list, rows: expect.anything(), texts: expect.anything() });
  });
});
