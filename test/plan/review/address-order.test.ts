import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Person } from '../../../src/model/person.js';
import { byCodeUnit } from '../../../src/model/sort.js';
import type { Cohort } from '../../../src/plan/order/cohorts.js';
import { makeNamer, sortByFirstAddress } from '../../../src/plan/review/impact-names.js';
import { person } from '../../support/arbitraries.js';
import { inputs } from '../../support/law.js';

const named = (id: number, email: string | null): Person => ({ ...person(id, 4), email });
const PEOPLE = [named(1, 'd@x'), named(2, 'a@x'), named(3, 'c@x'), named(4, null), named(5, 'a@x')];
const cohortOf = (people: readonly Person[]): Cohort => ({ from: '#4', to: '#5', people, me: false });
const cohort = (...ids: number[]): Cohort => cohortOf(PEOPLE.filter(({ id }) => ids.includes(id)));
const idsOf = (cohorts: readonly Cohort[]): number[][] =>
  cohorts.map(({ people }) => people.map(({ id }) => id));

describe('sortByFirstAddress', () => {
  it.each<[string, Cohort[], number[][]]>([
    ['nothing', [], []],
    [
      'by the first address of each cohort, at any position',
      [cohort(1, 3), cohort(1, 2)],
      [
        [1, 2],
        [1, 3],
      ],
    ],
    ['people without an address first', [cohort(2), cohort(4)], [[4], [2]]],
    ['by id where addresses are equal', [cohort(5), cohort(2)], [[2], [5]]],
  ])('sorts %s', (_, cohorts, expected) => expect(idsOf(sortByFirstAddress(cohorts))).toEqual(expected));
});

describe('makeNamer', () => {
  it.each<[string, Cohort[], number, number[]]>([
    ['nothing', [], 5, []],
    ['one cohort by address', [cohort(1, 2, 3)], 5, [2, 3, 1]],
    ['several cohorts as one list', [cohort(1, 2), cohort(3, 4)], 5, [4, 2, 3, 1]],
    ['no one with a limit of 0', [cohort(1, 2)], 0, []],
    ['the first ones up to a limit', [cohort(1, 2), cohort(3, 4)], 2, [4, 2]],
    ['two people with one address by id', [cohort(5), cohort(2)], 2, [2, 5]],
  ])('names %s', (_, cohorts, limit, expected) => {
    const names = makeNamer()(sortByFirstAddress(cohorts), limit);
    expect(names.map(({ id }) => id)).toEqual(expected);
  });

  it('returns id and address, or null without an address', () => {
    expect(makeNamer()([cohort(4, 2)], 2)).toEqual([
      { id: 4, email: null },
      { id: 2, email: 'a@x' },
    ]);
  });

  it('equals sorting everyone, for any cohorts and limit', () => {
    const anyPeople = fc.uniqueArray(
      fc.record({ id: fc.nat(60), email: fc.constantFrom('a', 'b', 'c', null) }),
      {
        selector: ({ id }) => id,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(anyPeople, fc.nat(4), fc.nat(12), (list, groups, limit) => {
        const people = list.map(({ id, email }) => named(id, email));
        const cohorts = Array.from({ length: groups + 1 }, (_, group) =>
          cohortOf(people.filter((__, index) => index % (groups + 1) === group)),
        ).filter((one) => one.people.length > 0);
        const sorted = [...people].sort((a, b) => byCodeUnit(a.email ?? '', b.email ?? '') || a.id - b.id);
        const names = makeNamer()(sortByFirstAddress(cohorts), limit);
        expect(names).toEqual(sorted.slice(0, limit).map(({ id, email }) => ({ id, email })));
      }),
      { numRuns: inputs(300) },
    );
  });
});
