import { describe, expect, it } from '@jest/globals';
import { StalePlanError, staleRefusal, staleTexts } from '../../../src/apply/recheck/stale-plan.js';
import type { StaleField } from '../../../src/apply/recheck/stale-plan.js';

const field = (name: StaleField['field'], before: unknown, now: unknown, roleId = 7): StaleField => ({
  of: { kind: 'role', roleId },
  label: `role "R${roleId}"`,
  field: name,
  before,
  now,
});

describe('the message for a changed field', () => {
  it.each<[string, StaleField, string]>([
    ['a text', field('name', 'A', 'B'), 'name: "A" → "B"'],
    ['a removed value', field('role', 'A', null), 'role: "A" → none'],
    ['an added value', field('role', undefined, 'A'), 'role: none → "A"'],
    ['a missing name: the role', field('name', 'A', null), 'deleted'],
    ['added grants', field('grants', ['a'], ['a', 'b']), 'grants: + b'],
    ['removed grants', field('grants', ['a', 'b'], ['a']), 'grants: - b'],
    ['added and removed grants', field('grants', ['a'], ['b']), 'grants: + b, - a'],
    [
      'many grants, of which eight are named',
      field('grants', [], [...'abcdefghij']),
      'grants: + a, b, c, d, e, f, g, h and 2 more',
    ],
    ['roles of a list, quoted', field('roles', ['A'], ['A', 'B C']), 'roles: + "B C"'],
    ['a list that was turned off', field('roles', ['A'], 'off'), 'roles: ["A"] → "off"'],
  ])('%s', (_, one, text) => {
    expect(staleTexts([one])).toEqual([`role "R7" changed since it was made (${text})`]);
  });

  it('includes the other fields of its object', () => {
    expect(staleTexts([field('name', 'A', 'B'), field('grants', [], ['a'])], 'the run')).toEqual([
      'role "R7" changed since the run (name: "A" → "B"; grants: + a)',
    ]);
  });
});

describe('a stale plan', () => {
  const fields = [field('name', 'A', 'B', 8), field('grants', [], ['a']), field('description', '', 'd')];

  it('is one problem per object, sorted by object and field', () => {
    const error = new StalePlanError(fields);
    expect(error.problems.map(({ code, message, where }) => [code, message, where])).toEqual([
      [
        'stale-plan',
        'the plan is stale: role "R7" changed since it was made (description: "" → "d"; grants: + a)',
        { what: 'role "R7"' },
      ],
      [
        'stale-plan',
        'the plan is stale: role "R8" changed since it was made (name: "A" → "B")',
        { what: 'role "R8"' },
      ],
    ]);
    expect(error.fields.map((one) => one.field)).toEqual(['description', 'grants', 'name']);
  });

  it('is one refusal with a line per object', () => {
    expect(staleRefusal(fields)).toMatchObject({
      code: 'stale-plan',
      figure: 2,
      items: [expect.stringContaining('R7'), expect.stringContaining('R8')],
    });
  });
});
