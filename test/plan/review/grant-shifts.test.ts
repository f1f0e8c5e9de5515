import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { grantSet } from '../../../src/model/grant.js';
import type { Person } from '../../../src/model/person.js';
import { byCodeUnit } from '../../../src/model/sort.js';
import type { Cohort } from '../../../src/plan/order/cohorts.js';
import { grantShifts } from '../../../src/plan/review/grant-shifts.js';
import type { GrantShift } from '../../../src/plan/review/grant-shifts.js';
import { person } from '../../support/arbitraries.js';
import { inputs } from '../../support/law.js';

const A = ['a.edit', 'a.view'];
const B = ['a.view', 'user.edit'];
const C = ['a.view', 'c.use'];
const cohort = (before: readonly string[], after: readonly string[], ...ids: number[]): Cohort => ({
  from: '#100',
  to: '#101',
  before,
  after,
  people: ids.map((id) => ({ ...person(id, 100), ...(id === 12 ? { email: null } : {}) })),
  me: false,
});

const idsOf = (people: readonly Person[]): number[] => people.map(({ id }) => id);

/** Grant → ids of the people who gain it and of those who lose it. */
const namesOf = (shifts: ReadonlyMap<string, GrantShift>): Record<string, [number[], number[]]> =>
  Object.fromEntries([...shifts].map(([grant, { gains, loses }]) => [grant, [idsOf(gains), idsOf(loses)]]));

describe('the people who gain and lose grants', () => {
  it.each<[string, Cohort[], Record<string, [number[], number[]]>]>([
    ['are none without cohorts', [], {}],
    ['are none if the list stays', [cohort(A, A, 10)], {}],
    ['are none if both lists are equal', [cohort(A, [...A], 10)], {}],
    [
      'are everyone whose list changes',
      [cohort(A, C, 10, 11)],
      { 'c.use': [[10, 11], []], 'a.edit': [[], [10, 11]] },
    ],
    [
      'are sorted by address across cohorts',
      [cohort(A, C, 11), cohort(B, C, 10, 12)],
      { 'c.use': [[12, 10, 11], []], 'a.edit': [[], [11]], 'user.edit': [[], [12, 10]] },
    ],
  ])('%s', (_, cohorts, expected) => {
    const shifts = grantShifts(cohorts);
    expect(namesOf(shifts)).toEqual(expected);
    for (const [grant, { gainCount, loseCount }] of shifts)
      expect([gainCount, loseCount]).toEqual(expected[grant]?.map((ids) => ids.length));
  });

  it('are all counted, and named up to the limit of the grant', () => {
    const cohorts = [cohort(A, C, 13, 10), cohort(B, C, 11, 12)];
    const shifts = grantShifts(cohorts, (grant) => ({ 'c.use': 3, 'a.edit': 0 })[grant] ?? 1);
    expect(namesOf(shifts)).toEqual({
      'a.edit': [[], []],
      'c.use': [[12, 10, 11], []],
      'user.edit': [[], [12]],
    });
    expect(shifts.get('c.use')?.gainCount).toBe(4);
    expect(shifts.get('user.edit')?.loseCount).toBe(2);
  });

  it('equal the difference of both sets of each person, for any lists and limit', () => {
    const grants = Array.from({ length: 70 }, (_, index) => `grant.${index}`);
    const anyList = fc.subarray(grants);
    fc.assert(
      fc.property(fc.array(fc.tuple(anyList, anyList), { maxLength: 6 }), fc.nat(5), (pairs, limit) => {
        const cohorts = pairs.map(([before, after], index) =>
          cohort(before, after, ...Array.from({ length: 1 + (index % 3) }, (_, at) => 10 * (at + 1) + index)),
        );
        const everyone = cohorts
          .flatMap((one) => one.people.map((each) => ({ ...one, ...each })))
          .sort((a, b) => byCodeUnit(a.email ?? '', b.email ?? ''));
        const expected = grants.flatMap((grant) => {
          const gain = everyone.filter(
            ({ before, after }) => grantSet(after).has(grant) && !grantSet(before).has(grant),
          );
          const lose = everyone.filter(
            ({ before, after }) => grantSet(before).has(grant) && !grantSet(after).has(grant),
          );
          const first = (list: readonly Person[]): number[] => idsOf(list).slice(0, limit);
          return gain.length + lose.length === 0
            ? []
            : [{ grant, names: [first(gain), first(lose)], counts: [gain.length, lose.length] }];
        });
        const found = [...grantShifts(cohorts, () => limit)].map(([grant, shift]) => ({
          grant,
          names: [idsOf(shift.gains), idsOf(shift.loses)],
          counts: [shift.gainCount, shift.loseCount],
        }));
        const byGrant = (a: { grant: string }, b: { grant: string }): number => byCodeUnit(a.grant, b.grant);
        expect(found).toEqual(expected.sort(byGrant));
      }),
      { numRuns: inputs(200) },
    );
  });
});
