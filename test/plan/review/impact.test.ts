import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byCodeUnit } from '../../../src/model/sort.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { stateOf } from '../../../src/model/state.js';
import type { State } from '../../../src/model/state.js';
import { requestsFor } from '../../../src/apply/requests-for-change.js';
import { makePlan } from '../../../src/plan/make-plan.js';
import type { Cohort } from '../../../src/plan/order/cohorts.js';
import { grantShifts, impactOf, moveShifts } from '../../../src/plan/review/impact.js';
import type { GrantShift } from '../../../src/plan/review/impact.js';
import { anyManifest, anySnapshot, liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { perform } from '../../support/interpreter.js';
import { inputs, sawEvery } from '../../support/law.js';

const live = snapshotOf({
  custom: [liveRole(100, 'A', ['a.edit', 'a.view']), liveRole(101, 'B', ['a.view', 'user.edit'])],
});
const changed = snapshotOf({
  custom: [liveRole(100, 'A', ['a.view', 'c.use']), liveRole(101, 'B', ['a.view', 'user.edit'])],
});
const cohort = (from: number, to: number, ...ids: number[]): Cohort => ({
  from: `#${from}`,
  to: `#${to}`,
  people: ids.map((id) => ({ ...person(id, from), ...(id === 12 ? { email: null } : {}) })),
  me: false,
});

const statesOf = (before: Snapshot, after: Snapshot): { live: State; end: State } => ({
  live: stateOf(before),
  end: stateOf(after),
});

const peopleOf = ({ people }: Cohort): number[] => people.map(({ id }) => id);

/** Grant → ids of the people who gain it and of those who lose it. */
const idsOf = (shifts: ReadonlyMap<string, GrantShift>): Record<string, [number[], number[]]> =>
  Object.fromEntries(
    [...shifts].map(([grant, { gains, loses }]) => [
      grant,
      [gains.flatMap(peopleOf), loses.flatMap(peopleOf)],
    ]),
  );

describe('grantShifts', () => {
  it.each<[string, Snapshot, Cohort[], Record<string, [number[], number[]]>]>([
    ['no cohorts', changed, [], {}],
    ['people who stay in a role that stays', live, [cohort(101, 101, 10)], {}],
    [
      'people whose role changes',
      changed,
      [cohort(100, 100, 10, 11)],
      { 'c.use': [[10, 11], []], 'a.edit': [[], [10, 11]] },
    ],
    ['people who move', live, [cohort(100, 101, 10)], { 'user.edit': [[10], []], 'a.edit': [[], [10]] }],
    ['a move that changes nothing', live, [cohort(101, 101, 10)], {}],
    [
      'two cohorts, in their order',
      changed,
      [cohort(101, 100, 12), cohort(100, 100, 10)],
      { 'c.use': [[12, 10], []], 'user.edit': [[], [12]], 'a.edit': [[], [10]] },
    ],
  ])('of %s', (_, end, cohorts, expected) => {
    const shifts = grantShifts(statesOf(live, end), cohorts);
    expect(idsOf(shifts)).toEqual(expected);
    for (const [grant, { gainCount, loseCount }] of shifts)
      expect([gainCount, loseCount]).toEqual(expected[grant]?.map((ids) => ids.length));
  });

  it('keeps the first cohorts of a grant up to the limit, and counts all people', () => {
    const cohorts = [cohort(100, 100, 10), cohort(101, 100, 11, 12), cohort(4, 100, 13)];
    const shifts = grantShifts(statesOf(live, changed), cohorts, (grant) => (grant === 'c.use' ? 2 : 1));
    expect(idsOf(shifts)).toMatchObject({ 'c.use': [[10, 11, 12], []], 'a.edit': [[], [10]] });
    expect(shifts.get('c.use')?.gainCount).toBe(4);
  });
});

describe('moveShifts', () => {
  const isProtected = new Set(['user.edit']);
  const shiftsOf = (cohorts: Cohort[], end = changed): unknown => [
    ...moveShifts({ live: stateOf(live), end: stateOf(end), cohorts, isProtected }),
  ];

  it.each<[string, Cohort[], unknown]>([
    ['people who do not move although their grants change', [cohort(100, 100, 10)], []],
    [
      'a gain of a protected grant and a loss',
      [cohort(100, 101, 10, 11)],
      [[10, { gained: ['user.edit'], loses: true }]],
    ],
    ['the loss of a protected grant', [cohort(101, 100, 10)], [[10, { gained: [], loses: true }]]],
    ['a gain of a grant that is not protected', [cohort(4, 100, 10)], []],
  ])('of %s', (_, cohorts, expected) => expect(shiftsOf(cohorts)).toEqual(expected));
});

describe('impactOf', () => {
  const report = (limit: number, isProtected: ReadonlySet<string>): unknown =>
    impactOf(grantShifts(statesOf(live, live), [cohort(100, 101, 10, 11, 12)]), {
      catalogue: live.catalogue,
      isProtected,
      limit,
    });
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
    const shift = { gains: [cohort(4, 100, 10)], loses: [], gainCount: 1, loseCount: 0 };
    const options = { catalogue: [], isProtected: new Set<string>(), limit: 9 };
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
