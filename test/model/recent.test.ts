import { describe, expect, it } from '@jest/globals';
import { openRecent } from '../../src/model/recent.js';

describe('What was used last', () => {
  it('is kept, and what was not used for longest is dropped', () => {
    const made: string[] = [];
    const recent = openRecent<number>(2);
    const get = (key: string): number => recent.get(key, () => made.push(key));
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b', 'c']) get(key);
    expect(made).toEqual(['a', 'b', 'c', 'b', 'c']);
    expect(get('c')).toBe(5);
  });
});
