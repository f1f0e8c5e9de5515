import { describe, expect, it } from '@jest/globals';
import { isRecord } from '../../src/model/record.js';

describe('isRecord', () => {
  it.each<[unknown, boolean]>([
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    ['x', false],
    [undefined, false],
  ])('of %j is %s', (value, is) => {
    expect(isRecord(value)).toBe(is);
  });
});
