import { describe, expect, it } from '@jest/globals';
import { memoize } from '../../src/model/memoize.js';

describe('A value derived from an object', () => {
  it('is computed once for each object, even if it is undefined', () => {
    const asked: object[] = [];
    const nothing = memoize((of: object): null => {
      asked.push(of);
      return null;
    });
    const [one, other] = [{}, {}];
    expect([nothing(one), nothing(other), nothing(one), nothing(one)]).toEqual([null, null, null, null]);
    expect(asked).toHaveLength(2);
  });
});
