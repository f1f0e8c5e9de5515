import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { requestIdOf, keyOf, liveKey, newKey, sortRoleIds } from '../../src/model/role-id.js';
import type { PlanRoleId } from '../../src/model/role-id.js';

const anyId: fc.Arbitrary<PlanRoleId> = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.constantFrom('', '5', '#5', '+A', 'new:A', 'A', 'A 2', 'A!', '{new:A}', '}').map(newKey),
);

describe('the spellings of a role', () => {
  it.each<[string, PlanRoleId, string, number | string]>([
    ['a live role', 5, '#5', 5],
    ['a new one', newKey('Analyst'), 'new:Analyst', '{new:Analyst}'],
    ['a new one with a number for a name', newKey('5'), 'new:5', '{new:5}'],
    ['a new one named like a live key', newKey('#5'), 'new:#5', '{new:#5}'],
    ['a new one named like a new one', newKey('new:5'), 'new:new:5', '{new:new:5}'],
  ])('%s', (_, id, key, sent) => expect([keyOf(id), requestIdOf(id)]).toEqual([key, sent]));

  it('are different for different roles, whatever their names', () => {
    fc.assert(
      fc.property(anyId, anyId, (one, other) => {
        expect(keyOf(one) === keyOf(other)).toBe(one === other);
        expect(requestIdOf(one) === requestIdOf(other)).toBe(one === other);
      }),
    );
    expect(liveKey(5)).not.toBe(newKey('5'));
  });
});

describe('the order of role ids', () => {
  it.each<[string, PlanRoleId[], PlanRoleId[]]>([
    ['numbers by size', [10, 9, 100], [9, 10, 100]],
    ['numbers before new roles', [newKey('A'), 7], [7, newKey('A')]],
    ['a name before a longer one', [newKey('A 2'), newKey('A')], [newKey('A'), newKey('A 2')]],
    ['each once', [7, newKey('A'), 7, newKey('A')], [7, newKey('A')]],
  ])('%s', (_, ids, sorted) => expect(sortRoleIds(ids)).toEqual(sorted));
});
