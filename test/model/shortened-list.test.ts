import { describe, expect, it } from '@jest/globals';
import { shortenedList } from '../../src/model/shortened-list.js';

describe('A list in a sentence', () => {
  it.each<[number, string]>([
    [0, ''],
    [2, '1, 2'],
    [10, '1, 2, 3, 4, 5, 6, 7, 8, 9, 10'],
    [12, '1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more'],
  ])('of %d items', (count, text) => {
    expect(shortenedList(Array.from({ length: count }, (_, index) => String(index + 1)))).toBe(text);
  });
});
