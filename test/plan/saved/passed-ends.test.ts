import { describe, expect, it } from '@jest/globals';
import type { Move } from '../../../src/plan/change.js';
import { passedEnds, untilProblem } from '../../../src/plan/saved/passed-ends.js';
import { everyChange } from '../../support/plan-changes.js';

const MADE = '2026-12-01T12:00:00.000Z';

function planWith(fields: Partial<Move>): Parameters<typeof untilProblem>[0] {
  const changes = everyChange().flatMap((change) =>
    change.kind === 'members.move'
      ? [{ ...change, people: change.people.map((move): Move => ({ ...move, why: 'listed', ...fields })) }]
      : [],
  );
  return { changes, madeAt: MADE };
}

describe('passedEnds', () => {
  it.each<[string, Partial<Move>, string, number]>([
    ['an entry that has not ended', { until: '2026-12-31' }, '2026-12-31T23:59:59.999Z', 0],
    ['an entry that has ended', { until: '2026-12-31' }, '2027-01-01T00:00:00.000Z', 1],
    ['an entry without end', { until: null }, '2099-01-01T00:00:00.000Z', 0],
    ['an end that has passed before the plan', { why: 'expired', until: '2026-11-30' }, MADE, 0],
    ['a return', { why: 'returns', until: '2026-11-30' }, MADE, 0],
  ])('%s', (_, fields, now, count) => {
    expect(passedEnds(planWith(fields), now)).toHaveLength(count);
  });

  it('lists everyone whose entry has ended', () => {
    const plan = planWith({ until: '2026-12-31' });
    const [refusal] = passedEnds(plan, '2027-01-01T00:00:00.000Z');
    const people = plan.changes.flatMap((one) => (one.kind === 'members.move' ? one.people : []));
    expect(refusal).toMatchObject({ code: 'stale-plan', figure: people.length, flag: null });
    for (const { email, id } of people) expect(refusal?.items.join('\n')).toContain(email ?? `id ${id}`);
  });
});

describe('untilProblem', () => {
  it.each<[string, Partial<Move>, boolean]>([
    ['listed without end', { until: null }, true],
    ['listed with an end in the future', { until: '2026-12-01' }, true],
    ['listed with an end that has passed', { until: '2026-11-30' }, false],
    ['a day that does not exist', { until: '2027-02-30' }, false],
    ['expired', { why: 'expired', until: '2026-11-30' }, true],
    ['expired without until', { why: 'expired', until: null }, false],
    ['returning before the end', { why: 'returns', until: '2026-12-01' }, false],
    ['removed with until', { why: 'taken-out', until: '2026-12-31' }, false],
    ['removed', { why: 'taken-out', until: null }, true],
  ])('of a person who is %s', (_, fields, holds) => {
    expect(untilProblem(planWith(fields)) === null).toBe(holds);
  });

  it('of an --only-expired plan with other changes', () => {
    const ends = { ...planWith({ why: 'expired', until: '2026-11-30' }), onlyExpired: true as const };
    expect(untilProblem(ends)).toBeNull();
    expect(untilProblem({ ...planWith({}), onlyExpired: true })).not.toBeNull();
    const other = everyChange().filter(({ kind }) => kind === 'role.delete');
    expect(untilProblem({ ...ends, changes: [...ends.changes, ...other] })).not.toBeNull();
  });
});
