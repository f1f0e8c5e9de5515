import type { Person } from '../../model/person.js';

/** The bits that each letter of an address takes in a number, and the bits that such a number may have. */
const LETTER_BITS = 7;
const NUMBER_BITS = 53;

/** The last letter with a number of its own; those after it share it. */
const LAST_LETTER = 2 ** LETTER_BITS - 1;

/** A group of people, like a cohort. */
interface Group {
  people: readonly Person[];
}

/**
 * Visits the people of groups by address, then by id, each with the index of its group, until `visit` returns false. The
 * engine sorts numbers many times faster than it compares texts, so each person becomes a number: the first letters after
 * the start that all addresses share, then the position. Only people with the same letters are compared by the whole
 * address, and only as far as the visit goes.
 */
export function visitByAddress(
  groups: readonly Group[],
  visit: (person: Person, group: number) => boolean,
): void {
  const { groupOf, starts } = positionsOf(groups);
  const count = groupOf.length;
  const places = 2 ** Math.ceil(Math.log2(Math.max(2, count)));
  const numbers = numbersOf(groups, count, places);
  const personAt = (position: number): Person => {
    const group = groupOf[position] as number;
    return (groups[group] as Group).people[position - (starts[group] as number)] as Person;
  };
  const compare = (a: number, b: number): number =>
    compareAddresses(personAt(a % places), personAt(b % places));
  const lettersAt = (at: number): number => Math.floor((numbers[at] as number) / places);
  let sorted = 0;
  for (let at = 0; at < count; at += 1) {
    const letters = lettersAt(at);
    if (at === sorted) {
      do sorted += 1;
      while (sorted < count && lettersAt(sorted) === letters);
      if (sorted - at > 1) numbers.subarray(at, sorted).sort(compare);
    }
    const position = (numbers[at] as number) - letters * places;
    if (!visit(personAt(position), groupOf[position] as number)) return;
  }
}

/** Sorts groups by the first address among their people. */
export function sortByFirstAddress<G extends Group>(groups: readonly G[]): G[] {
  const found = new Set<number>();
  visitByAddress(groups, (_, group) => found.add(group).size < groups.length);
  return Array.from(found, (group) => groups[group] as G);
}

/** The group of each position, and the position of the first person of each group. */
function positionsOf(groups: readonly Group[]): { groupOf: Uint32Array; starts: Uint32Array } {
  const starts = new Uint32Array(groups.length);
  let count = 0;
  for (let group = 0; group < groups.length; group += 1) {
    starts[group] = count;
    count += (groups[group] as Group).people.length;
  }
  const groupOf = new Uint32Array(count);
  for (let group = 0; group < groups.length; group += 1)
    groupOf.fill(group, starts[group], starts[group + 1]);
  return { groupOf, starts };
}

/** The numbers of all people, sorted. `places` is a power of two, so that numbers can be taken apart without rounding. */
function numbersOf(groups: readonly Group[], count: number, places: number): Float64Array {
  const numbers = new Float64Array(count);
  const letters = Math.floor((NUMBER_BITS - Math.log2(places)) / LETTER_BITS);
  const first = groups.find(({ people }) => people.length > 0)?.people[0];
  let start = first ? addressOf(first) : '';
  // Begins again when an address starts differently, which most do among the first few.
  for (;;) {
    const shared = fillNumbers(numbers, groups, { start, letters, places });
    if (shared === start) return numbers.sort();
    start = shared;
  }
}

/**
 * Numbers people as long as their addresses share a start. Returns the start that all of these share. The loops go by
 * index: `for … of` makes an object for each of 50,000 people until the engine has optimized the code.
 */
function fillNumbers(
  numbers: Float64Array,
  groups: readonly Group[],
  { start, letters, places }: { start: string; letters: number; places: number },
): string {
  let position = 0;
  for (let index = 0; index < groups.length; index += 1) {
    const { people } = groups[index] as Group;
    for (let at = 0; at < people.length; at += 1) {
      const address = addressOf(people[at] as Person);
      if (!address.startsWith(start)) return sharedStart(address, start);
      numbers[position] = lettersOf(address, start.length, letters) * places + position;
      position += 1;
    }
  }
  return start;
}

function sharedStart(address: string, start: string): string {
  let shared = start;
  while (!address.startsWith(shared)) shared = shared.slice(0, -1);
  return shared;
}

/**
 * Letters from a place as one number. A text that sorts before another never has a greater number: the letters after one
 * that shares its number do not count.
 */
function lettersOf(text: string, from: number, count: number): number {
  let number = 0;
  let end = text.length;
  for (let at = from; at < from + count; at += 1) {
    const letter = at < end ? Math.min(text.charCodeAt(at), LAST_LETTER) : 0;
    number = number * (LAST_LETTER + 1) + letter;
    if (letter === LAST_LETTER) end = at;
  }
  return number;
}

function addressOf({ email }: Person): string {
  return email ?? '';
}

/** Compares two people by address, then by id. */
export function compareAddresses(a: Person, b: Person): number {
  const one = addressOf(a);
  const other = addressOf(b);
  return one < other ? -1 : one === other ? a.id - b.id : 1;
}
