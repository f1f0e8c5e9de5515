import { describe, expect, it } from '@jest/globals';
import type { Change, Risk } from '../../../src/plan/change.js';
import { riskOf } from '../../../src/plan/review/risk.js';
import type { RiskInput } from '../../../src/plan/review/risk.js';
import { allowlistSet, creation, defaultRoleSet, deletion } from '../../support/changes.js';
import { grantsSet, move, rename } from '../../support/changes.js';

/** `p` and `q` are protected. Every role has people and no grants, before and after. */
const INPUT: RiskInput = {
  isProtected: new Set(['p', 'q']),
  moveShifts: new Map(),
  defaultGrants: { had: [], has: [] },
  grantsOf: () => ({ had: [], has: [] }),
  isInhabited: () => true,
};
const holding = (had: readonly string[], has: readonly string[]): Partial<RiskInput> => ({
  grantsOf: () => ({ had, has }),
});
const LOW: Risk = { level: 'low', reasons: [] };

describe('riskOf', () => {
  it.each<[string, Change, Partial<RiskInput>, Risk]>([
    ['a create that starts with nothing', creation('N'), {}, LOW],
    [
      'a create whose protected initial grant is removed again',
      creation('N', ['p']),
      holding([], ['a']),
      LOW,
    ],
    [
      'a create that keeps a protected grant',
      creation('N', ['a', 'p', 'q']),
      holding([], ['a', 'p']),
      { level: 'highest', reasons: ['adds protected p'] },
    ],
    ['a new description', rename(100, ['A', 'A']), {}, LOW],
    ['a temporary name', rename(100, ['A', '~'], 'temporary'), {}, LOW],
    [
      'a new name',
      rename(100, ['A', 'B']),
      {},
      { level: 'medium', reasons: ['SAML sets roles by name: mappings to the old name break'] },
    ],
    ['grants that are added', grantsSet(100, ['a'], ['a', 'b']), holding(['a'], ['a', 'b']), LOW],
    [
      'a grant that is removed',
      grantsSet(100, ['a', 'b'], ['a']),
      holding(['a', 'b'], ['a']),
      { level: 'medium', reasons: ['takes away 1 grant'] },
    ],
    [
      'two grants that are removed',
      grantsSet(100, ['a', 'b'], []),
      holding(['a', 'b'], []),
      { level: 'medium', reasons: ['takes away 2 grants'] },
    ],
    ['a removal that a later step restores', grantsSet(100, ['a'], []), holding(['a'], ['a']), LOW],
    [
      'a removal of a grant that was only held between steps',
      grantsSet(100, ['b'], []),
      holding([], []),
      LOW,
    ],
    [
      'a protected grant that is added, which outweighs a removal',
      grantsSet(100, ['a'], ['p', 'q']),
      holding(['a'], ['p', 'q']),
      { level: 'highest', reasons: ['adds protected p, q'] },
    ],
    [
      'a protected grant for a role without people',
      grantsSet(100, [], ['p']),
      { isInhabited: () => false },
      { level: 'highest', reasons: ['adds protected p to a role without people'] },
    ],
    [
      'a protected grant that is restored, since it was held before',
      grantsSet(100, [], ['p']),
      holding(['p'], ['p']),
      LOW,
    ],
    ['a move without loss or gain', move(3, [10]), {}, LOW],
    [
      'a move of people who lose grants',
      move(3, [10]),
      { moveShifts: new Map([[10, { gained: [], loses: true }]]) },
      { level: 'medium', reasons: ['people lose grants'] },
    ],
    [
      'a move of people who gain protected grants, each named once and sorted',
      move(3, [10, 11]),
      {
        moveShifts: new Map([
          [10, { gained: ['q', 'p'], loses: true }],
          [11, { gained: ['p'], loses: false }],
        ]),
      },
      { level: 'highest', reasons: ['people gain protected p, q'] },
    ],
    [
      'a move of other people than those who gain',
      move(3, [12]),
      { moveShifts: new Map([[10, { gained: ['p'], loses: true }]]) },
      LOW,
    ],
    [
      'a default role',
      defaultRoleSet(3),
      { defaultGrants: { had: ['p'], has: ['a', 'p'] } },
      { level: 'medium', reasons: ['new people without a role get this one'] },
    ],
    [
      'a default role with more protected grants',
      defaultRoleSet(3),
      { defaultGrants: { had: ['p'], has: ['p', 'q'] } },
      { level: 'highest', reasons: ['new people get protected q'] },
    ],
    [
      'an allowlist',
      allowlistSet([3]),
      {},
      { level: 'medium', reasons: ['decides which roles people can be given'] },
    ],
    [
      'a deletion',
      deletion(100, 'A'),
      {},
      {
        level: 'high',
        reasons: [
          'a deleted role cannot be restored under its id',
          'SCIM sets roles by id: mappings to it break',
        ],
      },
    ],
  ])('of %s', (_, change, input, risk) => expect(riskOf(change, { ...INPUT, ...input })).toEqual(risk));
});
