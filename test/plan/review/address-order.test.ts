import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Person } from '../../../src/model/person.js';
import { byCodeUnit } from '../../../src/model/sort.js';
import { sortByFirstAddress, visitByAddress } from '../../../src/plan/review/address-order.js';
import { person } from '../../support/arbitraries.js';
import { inputs } from '../../support/law.js';

interface Group {
  people: readonly Person[];
}

const named = (id: number, email: string | null): Person => ({ ...person(id, 4), email });
const PEOPLE = [named(1, 'd@x'), named(2, 'a@x'), named(3, 'c@x'), named(4, null), named(5, 'a@x')];
const group = (...ids: number[]): Group => ({ people: PEOPLE.filter(({ id }) => ids.includes(id)) });
const idsOf = ({ people }: Group): number[] => people.map(({ id }) => id);

/** The ids of the first people who are visited, each with the index of the group. */
const visited = (groups: readonly Group[], most = Infinity): [number, number][] => {
  const found: [number, number][] = [];
  visitByAddress(groups, ({ id }, index) => found.push([id, index]) < most);
  return found;
};

describe('people by address', () => {
  it.each<[string, Group[], [number, number][]]>([
    ['are none without groups', [], []],
    ['are none in groups without people', [group(), group()], []],
    ['come from all groups', [group(1, 2), group(3)], [[2, 0], [3, 1], [1, 0]]], // prettier-ignore
    ['begin with those without an address', [group(2), group(4)], [[4, 1], [2, 0]]], // prettier-ignore
    ['are sorted by letters outside ASCII too', [{ people: [named(1, 'éa'), named(2, 'èb')] }], [[2, 0], [1, 0]]], // prettier-ignore
    ['are sorted by id where addresses are equal', [group(5), group(), group(2)], [[2, 2], [5, 0]]], // prettier-ignore
  ])('%s', (_, groups, expected) => expect(visited(groups)).toEqual(expected));

  it('are visited until the visit ends', () => expect(visited([group(1, 2), group(3)], 1)).toEqual([[2, 0]]));

  it('equal a sorted list of everyone, for any addresses and groups', () => {
    const anyAddress = fc.oneof(
      fc.constant(null),
      fc.string({
        unit: fc.constantFrom('\0', 'A', 'a', 'b', '@', '~', '\u007f', '\u0080', 'è', 'é', '\u{1f600}'),
        maxLength: 12,
      }),
      fc.stringMatching(/^person[0-9]{1,9}@acme\.com$/u),
    );
    const anyPeople = fc.uniqueArray(fc.record({ id: fc.nat(60), email: anyAddress }), {
      selector: ({ id }) => id,
      maxLength: 30,
    });
    const anyStart = fc.constantFrom('', 'person', 'a~long-start.');
    fc.assert(
      fc.property(anyPeople, anyStart, fc.nat(4), (list, start, count) => {
        const people = list.map(({ id, email }) => named(id, email === null ? null : start + email));
        const groups = Array.from({ length: count + 1 }, (_, index) => ({
          people: people.filter((__, at) => at % (count + 1) === index),
        }));
        const sorted = [...people].sort((a, b) => byCodeUnit(a.email ?? '', b.email ?? '') || a.id - b.id);
        const expected = sorted.map((one) => [one.id, groups.findIndex((each) => each.people.includes(one))]);
        expect(visited(groups)).toEqual(expected);
      }),
      { numRuns: inputs(300) },
    );
  });
});

describe('groups by their first address', () => {
  it.each<[string, Group[], number[][]]>([
    ['are none without groups', [], []],
    [
      'are sorted by the first address of each, at any position',
      [group(1, 3), group(1, 2)],
      [
        [1, 2],
        [1, 3],
      ],
    ],
    ['begin with people without an address', [group(2), group(4)], [[4], [2]]],
    ['are sorted by id where addresses are equal', [group(5), group(2)], [[2], [5]]],
  ])('%s', (_, groups, expected) => expect(sortByFirstAddress(groups).map(idsOf)).toEqual(expected));
});
