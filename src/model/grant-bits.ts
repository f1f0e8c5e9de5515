import { grantList } from './grant.js';
import type { Grant } from './grant.js';

/** A set of grants with one bit each, for fast comparison. */
export type Bits = Uint32Array;

/** Numbers grants, and converts lists of them to bits and back. */
interface GrantBits {
  /** All grants, sorted: each at its number. */
  grants: readonly Grant[];
  bitsOf(list: readonly Grant[]): Bits;
  /** Sorted. */
  listOf(bits: Bits): Grant[];
  /** The number of a grant. */
  numberOf(grant: Grant): number;
}

/** Numbers the grants of these lists, which are all that may be converted. */
export function grantBits(lists: Iterable<readonly Grant[]>): GrantBits {
  const all = new Set<Grant>();
  for (const list of lists) for (const grant of list) all.add(grant);
  const grants = grantList(all);
  const numbers = new Map(grants.map((grant, number) => [grant, number]));
  const numberOf = (grant: Grant): number => {
    const number = numbers.get(grant);
    if (number === undefined) throw new TypeError(`a grant without a number: ${grant}`);
    return number;
  };
  const words = Math.ceil(grants.length / 32);
  return {
    grants,
    bitsOf: (list) => {
      const bits = new Uint32Array(words);
      for (const grant of list) setBit(bits, numberOf(grant));
      return bits;
    },
    listOf: (bits) => numbersIn(bits).map((number) => grants[number] as Grant),
    numberOf,
  };
}

/** Adds the grant with this number to a set. */
export function setBit(bits: Bits, number: number): void {
  bits[number >>> 5] = (bits[number >>> 5] ?? 0) | (1 << (number & 31));
}

/** Checks whether a set contains the grant with this number. */
export function hasBit(bits: Bits): (number: number) => boolean {
  return (number) => ((bits[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0;
}

/** The number of grants that two sets share. */
export function sharedCount(one: Bits, other: Bits): number {
  let count = 0;
  for (let word = 0; word < one.length; word += 1) {
    let bits = (one[word] ?? 0) & (other[word] ?? 0);
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    count += (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
  }
  return count;
}

const NO_BITS: Bits = new Uint32Array(0);

/** The numbers of a set's grants, in order, without those of another set. */
export function numbersIn(bits: Bits, without: Bits = NO_BITS): number[] {
  const numbers = new Uint32Array(32 * bits.length);
  return [...numbers.subarray(0, writeNumbers(numbers, bits, without))];
}

/**
 * Writes the numbers of a set's grants, in order, without those of another set, to the start of a list that has room for
 * all. Returns how many they are. It takes a step for each 32 grants, and one for each that is found.
 */
export function writeNumbers(numbers: Uint32Array, bits: Bits, without: Bits): number {
  let count = 0;
  for (let word = 0; word < bits.length; word += 1) {
    let rest = (bits[word] ?? 0) & ~(without[word] ?? 0);
    while (rest !== 0) {
      const lowest = rest & -rest;
      numbers[count] = 32 * word + 31 - Math.clz32(lowest);
      count += 1;
      rest ^= lowest;
    }
  }
  return count;
}
