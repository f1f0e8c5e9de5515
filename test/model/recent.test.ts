import { describe, expect, it } from '@jest/globals';
import { openRecent } from '../../src/model/recent.js';

describe('A cache of recent values', () => {
  it('keeps the values used last and drops the value that was unused for longest', () => {
    const made: string[] = [];
    const recent = openRecent<number>(2);
    const get = (key: string): number => recent.get(key, () => made.push(key));
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b', 'c']) get(key);
    expect(made).toEqual(['a', 'b', 'c', 'b', 'c']);
    expect(get('c')).toBe(5);
  });
});
