import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byCodeUnit } from '../../../src/model/sort.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { requestsFor } from '../../../src/apply/requests-for-change.js';
import { makePlan } from '../../../src/plan/make-plan.js';
import type { Cohort } from '../../../src/plan/order/cohorts.js';
import { grantShifts } from '../../../src/plan/review/grant-shifts.js';
import { impactOf, moveShifts } from '../../../src/plan/review/impact.js';
import { anyManifest, anySnapshot, person, snapshotOf } from '../../support/arbitraries.js';
import { perform } from '../../support/interpreter.js';
import { inputs, sawEvery } from '../../support/law.js';

const LISTS: Readonly<Record<number, string[]>> = {
  4: [],
  100: ['a.edit', 'a.view'],
  101: ['a.view', 'user.edit'],
  102: ['a.edit', 'a.view', 'user.edit'],
};
const cohort = (from: number, to: number, ...ids: number[]): Cohort => ({
  from: `#${from}`,
  to: `#${to}`,
  before: LISTS[from] ?? [],
  after: LISTS[to] ?? [],
  people: ids.map((id) => ({ ...person(id, from), ...(id === 12 ? { email: null } : {}) })),
  me: false,
});

describe('moveShifts', () => {
  const isProtected = new Set(['user.edit']);
  const shiftsOf = (cohorts: Cohort[]): unknown => [...moveShifts({ cohorts, isProtected })];

  it.each<[string, Cohort[], unknown]>([
    [
      'people who do not move although their grants change',
      [{ ...cohort(100, 100, 10), after: ['user.edit'] }],
      [],
    ],
    [
      'a gain of a protected grant and a loss',
      [cohort(100, 101, 10, 11)],
      [[10, { gained: ['user.edit'], loses: true }]],
    ],
    ['the loss of a protected grant', [cohort(101, 100, 10)], [[10, { gained: [], loses: true }]]],
    ['a gain of a grant that is not protected', [cohort(4, 100, 10)], []],
    [
      'a gain of a protected grant without a loss',
      [cohort(100, 102, 10)],
      [[10, { gained: ['user.edit'], loses: false }]],
    ],
    ['a protected grant that people keep', [cohort(101, 102, 10)], []],
    [
      'a protected grant that people keep, and a loss',
      [cohort(102, 101, 10)],
      [[10, { gained: [], loses: true }]],
    ],
  ])('of %s', (_, cohorts, expected) => expect(shiftsOf(cohorts)).toEqual(expected));
});

describe('impactOf', () => {
  const { catalogue } = snapshotOf({});
  const report = (limit: number, isProtected: ReadonlySet<string>): unknown => {
    const shifts = grantShifts([cohort(100, 101, 10, 11, 12)], (grant) =>
      isProtected.has(grant) ? Infinity : limit,
    );
    return impactOf(shifts, { catalogue, isProtected });
  };
  const all = [
    { id: 12, email: null },
    { id: 10, email: 'p10@acme.com' },
    { id: 11, email: 'p11@acme.com' },
  ];
  const none = { gains: [], loses: [], gainCount: 0, loseCount: 0 };

  it('puts protected grants first, then sorts by name; only the other lists are limited', () => {
    expect(report(1, new Set(['user.edit']))).toEqual([
      { ...none, grant: 'user.edit', title: 'Title of user.edit', protected: true, gains: all, gainCount: 3 },
      {
        ...none,
        grant: 'a.edit',
        title: 'Title of a.edit',
        protected: false,
        loses: all.slice(0, 1),
        loseCount: 3,
      },
    ]);
  });

  it.each([
    [0, 0],
    [2, 2],
    [3, 3],
    [100, 3],
  ])('names, with a limit of %d, this many: %d', (limit, named) => {
    expect(report(limit, new Set())).toMatchObject([
      { grant: 'a.edit', loses: all.slice(0, named), loseCount: 3 },
      { grant: 'user.edit', gains: all.slice(0, named), gainCount: 3 },
    ]);
  });

  it('has no title for a grant outside the catalogue', () => {
    const shift = { gains: [person(10, 4)], loses: [], gainCount: 1, loseCount: 0 };
    const options = { catalogue: [], isProtected: new Set<string>() };
    expect(impactOf(new Map([['odd.one', shift]]), options)).toMatchObject([
      { grant: 'odd.one', title: null },
    ]);
  });
});

describe('the impact of any plan', () => {
  it('is the difference of effective access before and after', () => {
    let held = 0;
    fc.assert(
      fc.property(anySnapshot, anyManifest, (snapshot, loaded) => {
        const plan = makePlan(loaded, snapshot, {
          now: '2026-01-01T00:00:00.000Z',
          version: '0',
          requestsFor,
        });
        if (plan.refusals.some(({ flag }) => flag === null)) return;
        const after = perform(snapshot, plan.changes).at(-1) ?? snapshot;
        const expected: string[] = [];
        for (const { id } of snapshot.people.list) {
          const had = accessOf(snapshot, id);
          const has = accessOf(after, id);
          for (const grant of has) if (!had.has(grant)) expected.push(`${grant} + ${id}`);
          for (const grant of had) if (!has.has(grant)) expected.push(`${grant} - ${id}`);
        }
        const reported = plan.impact.flatMap(({ grant, gains, loses }) => [
          ...gains.map(({ id }) => `${grant} + ${id}`),
          ...loses.map(({ id }) => `${grant} - ${id}`),
        ]);
        expect(reported.sort(byCodeUnit)).toEqual(expected.sort(byCodeUnit));
        for (const { gains, loses, gainCount, loseCount } of plan.impact)
          expect([gainCount, loseCount]).toEqual([gains.length, loses.length]);
        held += reported.length > 0 ? 1 : 0;
      }),
      { numRuns: inputs(150) },
    );
    expect(sawEvery(held)).toBe(true);
  });
});

function accessOf(snapshot: Snapshot, id: number): ReadonlySet<string> {
  const roleId = snapshot.people.list.find((one) => one.id === id)?.roleId;
  return new Set(snapshot.roles.find((role) => role.id === roleId)?.grants ?? []);
}
