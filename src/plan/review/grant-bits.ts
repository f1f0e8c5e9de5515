import { grantList } from '../../model/grant.js';
import type { Grant } from '../../model/grant.js';
import { memoize } from '../../model/memoize.js';

/** Finds what one list of grants has and another lacks. */
export interface GrantBits {
  /** All grants of the lists, by their numbers. */
  grants: readonly Grant[];
  /** The number of each grant of the first list that the second lacks, in the order of the list. */
  missing(list: readonly Grant[], other: readonly Grant[]): readonly number[];
}

/**
 * Numbers the grants of these lists, which are all that may be compared, and keeps each list as bits. When ten thousand
 * people move, as many pairs of lists are compared: that is two steps for each 32 grants, and one for each that differs.
 */
export function grantBits(lists: Iterable<readonly Grant[]>): GrantBits {
  const grants = grantList([...lists].flat());
  const numbers = new Map(grants.map((grant, number) => [grant, number]));
  const bitsOf = memoize((list: readonly Grant[]): Int32Array => {
    const bits = new Int32Array(Math.ceil(grants.length / 32));
    for (const grant of list) {
      const number = numbers.get(grant) as number;
      bits[number >> 5] = (bits[number >> 5] as number) | (1 << (number & 31));
    }
    return bits;
  });
  return {
    grants,
    missing: (list, other) => {
      const has = bitsOf(list);
      const lacks = bitsOf(other);
      const found: number[] = [];
      for (let word = 0; word < has.length; word += 1) {
        let rest = (has[word] as number) & ~(lacks[word] as number);
        while (rest !== 0) {
          const lowest = rest & -rest;
          found.push(32 * word + 31 - Math.clz32(lowest));
          rest ^= lowest;
        }
      }
      return found;
    },
  };
}
