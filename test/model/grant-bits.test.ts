import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { grantList } from '../../src/model/grant.js';
import { grantBits, hasBit, numbersIn, sharedCount } from '../../src/model/grant-bits.js';
import { inputs } from '../support/law.js';

const missingOf = (list: readonly string[], other: readonly string[]): string[] => {
  const { grants, bitsOf } = grantBits([list, other]);
  return numbersIn(bitsOf(list), bitsOf(other)).map((number) => grants[number] ?? 'none');
};

// More than one word of bits, and the first and the last bit of a word.
const MANY = Array.from({ length: 97 }, (_, index) => `grant.${String(index).padStart(2, '0')}`);
const lists = fc.subarray(MANY).map(grantList);

describe('grants as bits', () => {
  it('are the list again, and have its members', () => {
    const { bitsOf, listOf, numberOf } = grantBits([MANY]);
    fc.assert(
      fc.property(lists, lists, (list, other) => {
        const bits = bitsOf(list);
        expect(listOf(bits)).toEqual(list);
        expect(MANY.filter((grant) => hasBit(bits)(numberOf(grant)))).toEqual(list);
        expect(sharedCount(bits, bitsOf(other))).toBe(list.filter((grant) => other.includes(grant)).length);
      }),
      { numRuns: inputs(100), examples: [[MANY, MANY]] },
    );
  });

  it('have no number for another grant', () => {
    expect(() => grantBits([['a.view']]).bitsOf(['b.view'])).toThrow('a grant without a number: b.view');
  });
});

describe('the grants of one list that another lacks', () => {
  it.each<[string[], string[], string[]]>([
    [[], [], []],
    [['a.view'], [], ['a.view']],
    [[], ['a.view'], []],
    [['a.view', 'b.edit', 'c.use'], ['b.edit'], ['a.view', 'c.use']],
  ])('%j without %j is %j', (list, other, expected) => expect(missingOf(list, other)).toEqual(expected));

  it('are in order, for any number of grants', () => {
    fc.assert(
      fc.property(lists, lists, (list, other) => {
        expect(missingOf(list, other)).toEqual(list.filter((grant) => !other.includes(grant)));
      }),
      { numRuns: inputs(200), examples: [[MANY, []]] },
    );
  });
});
