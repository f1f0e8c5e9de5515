import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { grantList } from '../../../src/model/grant.js';
import { grantBits } from '../../../src/plan/review/grant-bits.js';
import { inputs } from '../../support/law.js';

const missingOf = (list: readonly string[], other: readonly string[]): string[] => {
  const { grants, missing } = grantBits([list, other]);
  return missing(list, other).map((number) => grants[number] ?? 'none');
};

describe('the grants of one list that another lacks', () => {
  it.each<[string[], string[], string[]]>([
    [[], [], []],
    [['a.view'], [], ['a.view']],
    [[], ['a.view'], []],
    [['a.view', 'b.edit', 'c.use'], ['b.edit'], ['a.view', 'c.use']],
  ])('%j without %j is %j', (list, other, expected) => expect(missingOf(list, other)).toEqual(expected));

  it('are in order, for any number of grants', () => {
    // More than one word of bits, and the first and the last bit of a word.
    const all = Array.from({ length: 97 }, (_, index) => `grant.${String(index).padStart(2, '0')}`);
    const lists = fc.subarray(all).map(grantList);
    fc.assert(
      fc.property(lists, lists, (list, other) => {
        expect(missingOf(list, other)).toEqual(list.filter((grant) => !other.includes(grant)));
      }),
      { numRuns: inputs(200), examples: [[all, []]] },
    );
  });
});
