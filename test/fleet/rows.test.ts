import { describe, expect, it } from '@jest/globals';
import { driftBeyondChanges } from '../../src/fleet/rows.js';

type Findings = Parameters<typeof driftBeyondChanges>[0];

/** The findings of a drift document other than its changes. */
function findings({
  missing = 0,
  unmanaged = 0,
  policy = 'fail',
  rules = [],
}: {
  missing?: number;
  unmanaged?: number;
  policy?: Findings['unmanaged']['policy'];
  rules?: readonly [string, 'refuse' | 'warn'][];
}): Findings {
  return {
    missingPeople: Array.from({ length: missing }, (_, index) => `p${index}@acme.com`),
    unmanaged: {
      policy,
      roles: Array.from({ length: unmanaged }, (_, index) => ({
        id: 100 + index,
        name: `R${index}`,
        people: 0,
        grants: 0,
      })),
    },
    violations: rules.map(([rule, level]) => ({
      rule,
      level,
      constraint: 'maxPeople',
      message: 'too many people',
      figure: 2,
      limit: 1,
      roles: [],
      people: [],
      items: [],
      hint: null,
      file: null,
      line: null,
      column: null,
    })),
  };
}

describe('drift that is not a change', () => {
  it.each<[string, Parameters<typeof findings>[0], string | null]>([
    ['nothing', {}, null],
    ['one missing person', { missing: 1 }, '1 listed person is not on the instance'],
    ['missing people', { missing: 2 }, '2 listed people are not on the instance'],
    ['one unmanaged role', { unmanaged: 1 }, '1 unmanaged role'],
    ['unmanaged roles', { unmanaged: 4 }, '4 unmanaged roles'],
    ['unmanaged roles that are only reported', { unmanaged: 4, policy: 'report' }, null],
    ['unmanaged roles that are deleted: changes', { unmanaged: 4, policy: 'delete' }, null],
    ['a broken rule', { rules: [['a', 'refuse']] }, 'broken rules: a'],
    ['a rule that only warns', { rules: [['a', 'warn']] }, null],
    [
      'all of them',
      {
        missing: 1,
        unmanaged: 1,
        rules: [
          ['a', 'refuse'],
          ['b', 'warn'],
          ['c', 'refuse'],
        ],
      },
      '1 listed person is not on the instance; 1 unmanaged role; broken rules: a, c',
    ],
  ])('%s', (_what, found, text) => {
    expect(driftBeyondChanges(findings(found))).toBe(text);
  });
});
