import type { Grant } from '../model/grant.js';
import { grantList } from '../model/grant.js';

/** A set of grants with one bit each, for fast comparison. */
export type Bits = Uint32Array;

/** Converts lists to bits and back. */
export interface ToBits {
  (grants: readonly Grant[]): Bits;
  /** Sorted. */
  listOf(bits: Bits): Grant[];
  /** The number of a grant. */
  placeOf(grant: Grant): number;
}

/** Numbers these grants, which are all that may be converted. */
export function grantBits(all: readonly Grant[]): ToBits {
  const names = grantList(all);
  const index = new Map(names.map((grant, place) => [grant, place]));
  const placeOf = (grant: Grant): number => {
    const place = index.get(grant);
    if (place === undefined) throw new TypeError(`a grant without a number: ${grant}`);
    return place;
  };
  const words = Math.ceil(names.length / 32);
  const toBits = (grants: readonly Grant[]): Bits => {
    const bits = new Uint32Array(words);
    for (const grant of grants) {
      const place = placeOf(grant);
      bits[place >>> 5] = (bits[place >>> 5] ?? 0) | (1 << (place & 31));
    }
    return bits;
  };
  return Object.assign(toBits, {
    listOf: (bits: Bits): Grant[] => {
      const has = hasBit(bits);
      return names.filter((_, place) => has(place));
    },
    placeOf,
  });
}

/** Checks whether a set contains the grant with this number. */
export function hasBit(bits: Bits): (place: number) => boolean {
  return (place) => ((bits[place >>> 5] ?? 0) & (1 << (place & 31))) !== 0;
}

/** The number of grants that two sets share. */
export function intersection(one: Bits, other: Bits): number {
  let count = 0;
  for (let word = 0; word < one.length; word += 1) {
    let bits = (one[word] ?? 0) & (other[word] ?? 0);
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    count += (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
  }
  return count;
}
