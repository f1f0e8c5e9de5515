import { describe, expect, it } from '@jest/globals';
import { roleCounts, roleSummary } from '../../src/render/facts/member-groups.js';
import { roleViews } from '../../src/render/facts/role-views.js';
import { vocabularyOf } from '../../src/render/vocabulary.js';
import type { Move } from '../../src/plan/change.js';
import { fullDrift, fullPlan } from '../support/plan-builder.js';

const plan = vocabularyOf({ kind: 'plan' });
const drift = vocabularyOf({ kind: 'drift' });

describe('the labels of a role', () => {
  it.each([
    ['plan', 'new', '+', 'new role'],
    ['plan', 'changed', '~', 'changes'],
    ['plan', 'deleted', '-', 'will be deleted'],
    ['drift', 'new', '-', 'is not on the instance'],
    ['drift', 'changed', '~', 'differs'],
    ['drift', 'deleted', '+', 'should not be on the instance'],
  ] as const)('in %s that is %s are %s %s', (kind, state, sign, text) => {
    expect(vocabularyOf({ kind }).roleStates[state]).toMatchObject({ sign, text });
  });

  it('swap gains and losses in drift', () => {
    expect([plan.impact.gains.sign, plan.impact.loses.sign]).toEqual(['+', '-']);
    expect([drift.impact.gains.sign, drift.impact.loses.sign]).toEqual(['-', '+']);
  });
});

describe('a role in one line', () => {
  it('has its state and counts in a plan, with the riskiest role first', () => {
    expect(roleViews(fullPlan()).map((view) => roleSummary(view, plan))).toEqual([
      'Report Author (owner finance-data): changes, +1 grant, −1 grant',
      'Old Role: will be deleted, −2 grants, 1 person out',
      'Data Analyst (owner Builds cards and data sets): new role, +4 grants, 3 people in',
    ]);
  });

  it.each<[string, Move['why'], string | null, string[]]>([
    ['people are taken out of its list', 'taken-out', null, ['Team: changes, 1 person out']],
    ['a membership has ended', 'expired', null, ['Team: changes, 1 person out']],
    ['a person returns to another role', 'returns', null, ['Team: changes, 1 person out']],
    [
      'another role lists them, and it has an owner',
      'listed',
      'ops',
      ['Team (owner ops): changes, 1 person out'],
    ],
    ['another role lists them', 'listed', null, []],
  ])('shows a role that only loses people in a plan if %s', (_, why, owner, lines) => {
    const { owners, changes, ...rest } = fullPlan();
    const plan = {
      ...rest,
      owners: owner === null ? owners : [...owners, { role: 'Team', roleId: 7777, owner }],
      changes: changes.map((change) =>
        change.kind === 'members.move'
          ? {
              ...change,
              people: change.people.map((move, at) =>
                at === 0 ? { ...move, why, from: 'Team', fromId: 7777 } : move,
              ),
            }
          : change,
      ),
    };
    const found = roleViews(plan).filter(({ name }) => name === 'Team');
    expect(found.map((view) => roleSummary(view, vocabularyOf(plan)))).toEqual(lines);
  });

  it('shows what is missing in drift, and proposes nothing', () => {
    const views = roleViews(fullDrift());
    const missing = views.find(({ name }) => name === 'Data Analyst');
    expect(missing && roleCounts(missing).map(({ text }) => text)).toEqual(['3 people missing']);
    for (const view of views)
      expect(view).toMatchObject({
        startsFrom: null,
        notes: [],
        arrivals: [],
        risks: [],
        risk: { level: 'low' },
      });
  });
});
