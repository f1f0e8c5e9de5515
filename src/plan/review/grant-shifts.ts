import type { Grant } from '../../model/grant.js';
import { grantBits, setBit, writeNumbers } from '../../model/grant-bits.js';
import type { Bits } from '../../model/grant-bits.js';
import { memoize } from '../../model/memoize.js';
import type { Person } from '../../model/person.js';
import type { Cohort } from '../order/cohorts.js';
import { compareAddresses, visitByAddress } from './address-order.js';

/** People whose list of grants becomes another one, like a cohort. */
export type Shifted = Pick<Cohort, 'before' | 'after' | 'people'>;

/** The people who gain and lose a grant: the first ones by address, or all of them. */
export interface GrantShift {
  gains: readonly Person[];
  loses: readonly Person[];
  /** Counts of all people. */
  gainCount: number;
  loseCount: number;
}

/**
 * The people who gain and lose each grant, by effective access before and after. Everyone is counted; `most` limits the
 * names of a grant.
 */
export function grantShifts(
  all: readonly Shifted[],
  most: (grant: Grant) => number = () => Infinity,
): ReadonlyMap<Grant, GrantShift> {
  const cohorts = all.filter(({ before, after }) => before !== after);
  const lists = openLists(cohorts);
  const { grants, losers, numbers } = lists;
  const counts = new Uint32Array(numbers.length);
  for (let cohort = 0; cohort < cohorts.length; cohort += 1) {
    const people = (cohorts[cohort] as Shifted).people.length;
    const found = lists.find(cohort);
    for (let index = 0; index < found; index += 1) {
      const number = numbers[index] as number;
      counts[number] = (counts[number] as number) + people;
    }
  }
  const limits = grants.map(most);
  const names = namesOf(cohorts, { lists, counts, limitOf: (number) => limits[number % losers] ?? 0 });
  const shifts = new Map<Grant, GrantShift>();
  for (const [number, grant] of grants.entries()) {
    const gainCount = counts[number] as number;
    const loseCount = counts[losers + number] as number;
    const [gains = [], loses = []] = [names[number], names[losers + number]];
    if (gainCount + loseCount > 0) shifts.set(grant, { gains, loses, gainCount, loseCount });
  }
  return shifts;
}

/** The numbers of two lists for each grant: of those who gain it, at its own number, and of those who lose it. */
interface Lists {
  grants: readonly Grant[];
  /** The number of the first grant's list of those who lose it. */
  losers: number;
  /** Writes the numbers of the lists that a cohort is on, without closed ones, to the start of `numbers`. Returns how many. */
  find: (cohort: number, closed?: Bits) => number;
  numbers: Uint32Array;
}

function openLists(cohorts: readonly Shifted[]): Lists {
  const all = new Set<readonly Grant[]>();
  for (const { before, after } of cohorts) all.add(before).add(after);
  const { grants, bitsOf } = grantBits(all);
  // As many pairs of lists are compared as people move: tens of thousands, over a few lists.
  const bits = memoize(bitsOf);
  const hadBy = cohorts.map(({ before }) => bits(before));
  const hasBy = cohorts.map(({ after }) => bits(after));
  const words = Math.ceil(grants.length / 32);
  const shifted = new Uint32Array(2 * words);
  const numbers = new Uint32Array(32 * shifted.length);
  const none = new Uint32Array(shifted.length);
  const find: Lists['find'] = (cohort, closed = none) => {
    const had = hadBy[cohort] as Bits;
    const has = hasBy[cohort] as Bits;
    for (let word = 0; word < words; word += 1) {
      shifted[word] = (has[word] as number) & ~(had[word] as number);
      shifted[words + word] = (had[word] as number) & ~(has[word] as number);
    }
    return writeNumbers(numbers, shifted, closed);
  };
  return { grants, losers: 32 * words, find, numbers };
}

interface NameInput {
  lists: Lists;
  /** How many people are on each list. */
  counts: Uint32Array;
  /** The most names of a list. */
  limitOf: (number: number) => number;
}

/** The names on each list, sorted. Short lists name everyone. For the others, a walk by address ends when all are full. */
function namesOf(cohorts: readonly Shifted[], { lists, counts, limitOf }: NameInput): Person[][] {
  const { find, numbers } = lists;
  const names = Array.from(counts, (): Person[] => []);
  const long = bitsWhere(counts, (count, number) => count > limitOf(number));
  for (let cohort = 0; cohort < cohorts.length; cohort += 1) {
    const found = find(cohort, long);
    for (let index = 0; index < found; index += 1) {
      const list = names[numbers[index] as number] as Person[];
      for (const person of (cohorts[cohort] as Shifted).people) list.push(person);
    }
  }
  for (const list of names) list.sort(compareAddresses);
  const full = bitsWhere(counts, (count, number) => count <= limitOf(number) || limitOf(number) === 0);
  let open = counts.filter((count, number) => count > limitOf(number) && limitOf(number) > 0).length;
  if (open === 0) return names;
  visitByAddress(cohorts, (person, cohort) => {
    const found = find(cohort, full);
    for (let index = 0; index < found; index += 1) {
      const number = numbers[index] as number;
      const list = names[number] as Person[];
      list.push(person);
      if (list.length < limitOf(number)) continue;
      setBit(full, number);
      open -= 1;
    }
    return open > 0;
  });
  return names;
}

function bitsWhere(counts: Uint32Array, isSet: (count: number, number: number) => boolean): Bits {
  const bits = new Uint32Array(Math.ceil(counts.length / 32));
  for (const [number, count] of counts.entries()) if (isSet(count, number)) setBit(bits, number);
  return bits;
}
