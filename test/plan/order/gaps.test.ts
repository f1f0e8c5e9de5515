import { describe, expect, it } from '@jest/globals';
import { person } from '../../support/arbitraries.js';
import { asChangeId } from '../../support/change-ids.js';
import { orderInput } from '../../support/order-input.js';
import type { Person } from '../../../src/model/person.js';
import { roleAt } from '../../../src/model/state.js';
import { gapWarnings } from '../../../src/plan/order/gaps.js';
import type { AccessGap } from '../../../src/plan/order/checkers.js';

const input = orderInput({
  roles: { T: ['a', 'b'], U: ['a', 'a'] },
  people: { 10: ['T', 'U'], 11: ['T', 'U'], 12: ['T', 'T'] },
});
const states = { live: input.live, end: input.desired.state };
const someone = (id: number): Person => ({ ...person(id, 100), ...(id > 90 ? { email: null } : {}) });
const gap = (ids: number[], grants: string[], to: '#100' | '#101' = '#101'): AccessGap => ({
  cohort: { from: '#100', to, before: [], after: [], people: ids.map(someone), me: false },
  role: '#100',
  grants,
  since: asChangeId('x'),
});

describe('the warnings about access gaps', () => {
  it.each<[string, AccessGap[], string[]]>([
    ['none', [], []],
    [
      'a person who moves',
      [gap([10], ['a'])],
      ['p10@acme.com moving from "T" to "U" lacks a during the apply'],
    ],
    ['a person who stays', [gap([12], ['a'], '#100')], ['p12@acme.com in "T" lacks a during the apply']],
    [
      'two gaps of one move as one',
      [gap([11], ['b']), gap([10, 11], ['a', 'b'])],
      ['p10@acme.com, p11@acme.com moving from "T" to "U" lack a, b during the apply'],
    ],
    [
      'two moves as two',
      [gap([10], ['a']), gap([12], ['a'], '#100')],
      [
        'p10@acme.com moving from "T" to "U" lacks a during the apply',
        'p12@acme.com in "T" lacks a during the apply',
      ],
    ],
    [
      'a person without an address',
      [gap([99], ['a'])],
      ['id 99 moving from "T" to "U" lacks a during the apply'],
    ],
    [
      'three people by name',
      [gap([10, 11, 99], ['a'])],
      ['id 99, p10@acme.com, p11@acme.com moving from "T" to "U" lack a during the apply'],
    ],
    [
      'more than three people by number',
      [gap([10, 11, 98, 99], ['a'])],
      ['4 people moving from "T" to "U" lack a during the apply'],
    ],
  ])('%s', (_, gaps, messages) => {
    const warnings = gapWarnings(gaps, states);
    expect(warnings.map(({ message }) => message)).toEqual(messages);
    for (const { code, hint } of warnings) expect([code, hint]).toEqual(['split-gap', expect.any(String)]);
  });

  it('name both roles where two swap their names', () => {
    const swapped = new Map(states.end.roles);
    for (const [key, name] of [
      ['#100', 'U'],
      ['#101', 'T'],
    ] as const)
      swapped.set(key, { ...roleAt(states.end, key), name });
    const end = { ...states.end, roles: swapped };
    const warnings = gapWarnings([gap([10], ['a']), gap([12], ['a'], '#100')], { ...states, end });
    expect(warnings.map(({ message }) => message)).toEqual([
      'p10@acme.com moving from "T" (renamed to "U") to "T" lacks a during the apply',
      'p12@acme.com in "U" lacks a during the apply',
    ]);
  });
});
