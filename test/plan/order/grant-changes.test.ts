import { describe, expect, it } from '@jest/globals';
import { liveKey, newKey } from '../../../src/model/role.js';
import { NOTHING_DEFERRED } from '../../../src/plan/order/derive-input.js';
import type { DeferredChanges, DeriveInput } from '../../../src/plan/order/derive-input.js';
import { grantChanges } from '../../../src/plan/order/grant-changes.js';
import { letters, orderInput } from '../../support/order-input.js';
import type { OrderCase } from '../../support/order-input.js';

const writes = (input: DeriveInput, deferred: DeferredChanges = NOTHING_DEFERRED): string[] =>
  grantChanges(input, deferred).map(
    ({ role, step, stage, before, after }) =>
      `${role} ${step ?? '-'} ${stage}: ${before.join(' ')} > ${after.join(' ')}`,
  );

/** Leavers keep a and lose b, and arrivals only had a: no single write of T is right for both. */
const SPLIT: OrderCase = {
  roles: { T: ['a b', 'a c'], From: ['a', 'a'], To: ['a', 'a'] },
  people: { 10: ['T', 'To'], 11: ['From', 'T'] },
};

describe('the writes of grants', () => {
  it.each<[string, OrderCase, string[]]>([
    ['are none if no list differs', { roles: { T: ['a', 'a'] } }, []],
    ['take a list from before to after', { roles: { T: ['a', 'b'] } }, ['T - before-moves: a > b']],
    [
      'wait for the moves if leavers must not hold the added grants',
      { roles: { T: ['a', 'a b'] }, people: { 10: ['T', 'Social'] } },
      ['T - after-moves: a > a b'],
    ],
    [
      'are two in a split, each starting from the result of the previous one',
      SPLIT,
      ['T before-moves before-moves: a b > a', 'T after-moves after-moves: a > a c'],
    ],
    ['fill the list of a new role', { roles: { N: [null, 'a'] } }, ['N - before-moves:  > a']],
    ['are none for a new role without grants', { roles: { N: [null, ''] } }, []],
    ['are none for a role that is deleted', { roles: { T: ['a', null] } }, []],
  ])('%s', (_, wanted, expected) => expect(writes(orderInput(wanted))).toEqual(expected));

  it.each<[string, string, string[]]>([
    ['are none if the role starts as it should be', 'a b', []],
    ['remove grants that it starts with', 'a b c', ['N - before-moves: a b c > a b']],
    ['add grants that it does not start with', 'a', ['N - before-moves: a > a b']],
  ])('of a new role %s', (_, start, expected) => {
    const input = orderInput({ roles: { N: [null, 'a b'] } });
    const [from] = input.live.roles.values();
    if (!from) throw new TypeError('no live role');
    const starts = new Map([[newKey('N'), { from, grants: letters(start) }]]);
    expect(writes({ ...input, desired: { ...input.desired, starts } })).toEqual(expected);
  });

  it.each<[string, OrderCase, boolean, string[]]>([
    ['one write at the end', SPLIT, false, ['T - last: a b > a c']],
    [
      'with a split, the independent part before the moves',
      SPLIT,
      true,
      ['T before-moves before-moves: a b > a', 'T last last: a > a c'],
    ],
    [
      'with a split that one write can replace, that write at the end',
      { roles: { T: ['a b', 'a'] } },
      true,
      ['T - last: a b > a'],
    ],
  ])('of the deferred role are %s', (_, wanted, split, expected) => {
    expect(writes(orderInput(wanted), { move: false, grants: liveKey(100), split })).toEqual(expected);
  });

  it('of other roles keep their stage', () => {
    const deferred = { move: false, grants: liveKey(101), split: false };
    expect(writes(orderInput({ roles: { T: ['a', 'b'], U: ['a', 'b'] } }), deferred)).toEqual([
      'T - before-moves: a > b',
      'U - last: a > b',
    ]);
  });

  it('state the reason of the last write', () => {
    const deferred = { move: false, grants: liveKey(100), split: false };
    const [write] = grantChanges(orderInput({ roles: { T: ['M', 'a'] } }), deferred);
    expect(write).toMatchObject({
      kind: 'grants.set',
      roleId: 100,
      note: 'written after everything else: it takes authorization.roles from the acting person',
    });
  });
});
