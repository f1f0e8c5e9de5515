import { describe, expect, it } from '@jest/globals';
import { oncePer } from '../../src/model/once.js';

describe('What follows from an object', () => {
  it('is worked out once for each object, also where it is nothing', () => {
    const asked: object[] = [];
    const nothing = oncePer((of: object): null => {
      asked.push(of);
      return null;
    });
    const [one, other] = [{}, {}];
    expect([nothing(one), nothing(other), nothing(one), nothing(one)]).toEqual([null, null, null, null]);
    expect(asked).toHaveLength(2);
  });
});
