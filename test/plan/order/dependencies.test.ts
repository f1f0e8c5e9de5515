import { describe, expect, it } from '@jest/globals';
import { deriveChanges } from '../../../src/plan/order/derive-changes.js';
import { NOTHING_DEFERRED } from '../../../src/plan/order/derive-input.js';
import type { DeferredChanges } from '../../../src/plan/order/derive-input.js';
import type { ChangeDraft } from '../../../src/plan/change.js';
import { linkChanges } from '../../../src/plan/order/dependencies.js';
import type { Order } from '../../../src/plan/order/dependencies.js';
import { grantChanges } from '../../../src/plan/order/grant-changes.js';
import { orderInput } from '../../support/order-input.js';
import type { OrderCase } from '../../support/order-input.js';

/** The ids that a change waits for. */
function waits(wanted: OrderCase, id: string, deferred: DeferredChanges = NOTHING_DEFERRED): string[] {
  const change = deriveChanges(orderInput(wanted), deferred).find((one) => one.id === id);
  if (!change) throw new TypeError(`no change ${id}`);
  return [...change.dependsOn];
}

const SPLIT: OrderCase = {
  roles: { T: ['a b', 'a c'], From: ['a', 'a'], To: ['a', 'a'] },
  people: { 10: ['T', 'To'], 11: ['From', 'T'] },
};

describe('a change that waits for another', () => {
  it.each<[string, OrderCase, string, string[]]>([
    ['a create waits for nothing', { roles: { N: [null, 'a'] } }, 'role.create:N', []],
    [
      'grants of a new role wait for its create',
      { roles: { N: [null, 'a'] } },
      'grants.set:N',
      ['role.create:N'],
    ],
    ['grants of a live role wait for nothing', { roles: { T: ['a', 'b'] } }, 'grants.set:T', []],
    ['the first write of a split waits for nothing', SPLIT, 'grants.set/before-moves:T', []],
    [
      'the second write waits for the first and for those who leave',
      SPLIT,
      'grants.set/after-moves:T',
      ['grants.set/before-moves:T', 'members.move:To'],
    ],
    [
      'grants before the moves do not wait for those who leave',
      { roles: { T: ['a b', 'a'] }, people: { 10: ['T', 'Social'] } },
      'grants.set:T',
      [],
    ],
    [
      'grants after the moves wait for those who leave',
      { roles: { T: ['a', 'a b'] }, people: { 10: ['T', 'Social'] } },
      'grants.set:T',
      ['members.move:Social'],
    ],
    [
      'grants after the moves do not wait for those who arrive',
      { roles: { T: ['a', 'a b'] }, people: { 10: ['T', 'Social'], 11: ['Social', 'T'] } },
      'grants.set:T',
      ['members.move:Social'],
    ],
    [
      'a move waits for the create and the grants of its target',
      { roles: { N: [null, 'a'] }, people: { 10: ['Social', 'N'] } },
      'members.move:N',
      ['grants.set:N', 'role.create:N'],
    ],
    [
      'a move waits for the first write of its target',
      SPLIT,
      'members.move:T',
      ['grants.set/before-moves:T'],
    ],
    [
      'a move does not wait for grants of the role that it leaves',
      { roles: { T: ['a b', 'a'] }, people: { 10: ['T', 'Social'] } },
      'members.move:Social',
      [],
    ],
    [
      'grants that start to manage roles wait for the default to go',
      { roles: { T: ['a', 'M a'] }, defaultRole: ['T', 'Social'] },
      'grants.set:T',
      ['defaultRole.set'],
    ],
    [
      'grants that bring it only as a dependency wait for the default to go',
      { roles: { T: ['a', 'a b'] }, defaultRole: ['T', 'Social'], needs: { b: 'M' } },
      'grants.set:T',
      ['defaultRole.set'],
    ],
    [
      'grants of another role do not wait for an early default',
      { roles: { T: ['a', 'M a'], U: ['a', 'b'] }, defaultRole: ['T', 'Social'] },
      'grants.set:U',
      [],
    ],
    [
      'grants that start to manage roles wait for an early allowlist',
      {
        roles: { T: ['a', 'M a'] },
        allowlist: [
          ['T', 'Social', 'Participant'],
          ['Social', 'Participant'],
        ],
      },
      'grants.set:T',
      ['allowlist.set/early'],
    ],
    [
      'grants that manage roles already wait for no setting',
      { roles: { T: ['M a', 'M b'], U: ['a', 'M'] }, defaultRole: ['U', 'Social'] },
      'grants.set:T',
      [],
    ],
    [
      'a late default waits for the create and the grants of its role',
      { roles: { N: [null, 'a'] }, defaultRole: ['Participant', 'N'] },
      'defaultRole.set',
      ['grants.set:N', 'role.create:N'],
    ],
    [
      'an early default waits for no grants',
      { roles: { T: ['a', 'M'], U: ['a', 'b'] }, defaultRole: ['T', 'U'] },
      'defaultRole.set',
      [],
    ],
    [
      'an allowlist waits for creates of the roles on it',
      { roles: { N: [null, 'a'], O: [null, 'a'] }, allowlist: ['off', ['N', 'Social', 'Participant']] },
      'allowlist.set',
      ['role.create:N'],
    ],
    [
      'an allowlist waits for the default before it',
      { roles: { T: ['a', 'a'] }, defaultRole: ['Participant', 'T'], allowlist: ['off', ['T', 'Social']] },
      'allowlist.set',
      ['defaultRole.set'],
    ],
    [
      'an allowlist waits for roles on it to stop managing roles',
      { roles: { T: ['M a', 'a'], U: ['M', 'b'] }, allowlist: ['off', ['T', 'Social', 'Participant']] },
      'allowlist.set',
      ['grants.set:T'],
    ],
    [
      'an allowlist does not wait for other grants of roles on it',
      { roles: { T: ['a', 'b'] }, allowlist: ['off', ['T', 'Social', 'Participant']] },
      'allowlist.set',
      [],
    ],
    [
      'a late allowlist waits for the early one',
      {
        roles: { T: ['a', 'M'], N: [null, ''] },
        allowlist: [
          ['T', 'Social', 'Participant'],
          ['N', 'Social', 'Participant'],
        ],
      },
      'allowlist.set',
      ['allowlist.set/early', 'role.create:N'],
    ],
    [
      'a delete waits for those who leave',
      { roles: { T: ['a', null] }, people: { 10: ['T', 'Social'] } },
      'role.delete:T',
      ['members.move:Social'],
    ],
    [
      'a delete does not wait for moves out of other roles',
      { roles: { T: ['a', null] }, people: { 10: ['Editor', 'Social'] } },
      'role.delete:T',
      [],
    ],
    [
      'a delete of the default role waits for another default',
      { roles: { T: ['a', null] }, defaultRole: ['T', 'Social'] },
      'role.delete:T',
      ['defaultRole.set'],
    ],
    [
      'a delete of another role does not wait for the default',
      { roles: { T: ['a', null] }, defaultRole: ['Participant', 'Social'] },
      'role.delete:T',
      [],
    ],
    [
      'a delete waits for the allowlist',
      {
        roles: { T: ['a', null] },
        allowlist: [
          ['T', 'Social', 'Participant'],
          ['Social', 'Participant'],
        ],
      },
      'role.delete:T',
      ['allowlist.set'],
    ],
  ])('%s', (_, wanted, id, expected) => {
    expect(waits(wanted, id)).toEqual(expected);
  });

  it('a deferred move that waits for everything else', () => {
    const wanted: OrderCase = {
      roles: { T: ['a', 'b'], U: ['M', 'M c'] },
      people: { 1: ['U', 'T'], 10: ['Editor', 'Social'] },
      me: 1,
    };
    const deferred = { move: true, grants: null, split: false };
    expect(waits(wanted, 'members.move/last:T', deferred)).toEqual([
      'grants.set:T',
      'grants.set:U',
      'members.move:Social',
    ]);
  });
});

describe('linkChanges', () => {
  const input = orderInput({ roles: { T: ['a', 'b'], U: ['a', 'b'], V: ['a', 'b'] } });
  const [t, u, v] = grantChanges(input, NOTHING_DEFERRED) as [ChangeDraft, ChangeDraft, ChangeDraft];
  const linked = (order: Partial<Order>): [string, readonly string[]][] =>
    linkChanges({ body: [], end: [], waitsFor: new Map(), ...order }, input).map(({ id, dependsOn }) => [
      id,
      dependsOn,
    ]);

  it.each<[string, Partial<Order>, [string, string[]][]]>([
    ['nothing', {}, []],
    [
      'changes that need not wait',
      { body: [u, t] },
      [
        ['grants.set:U', []],
        ['grants.set:T', []],
      ],
    ],
    [
      'changes at the end, which wait for all before it and not for each other',
      { body: [v, t], end: [u] },
      [
        ['grants.set:V', []],
        ['grants.set:T', []],
        ['grants.set:U', ['grants.set:T', 'grants.set:V']],
      ],
    ],
    [
      'two changes at the end',
      { end: [u, t] },
      [
        ['grants.set:U', []],
        ['grants.set:T', []],
      ],
    ],
    [
      'changes with others that must come first, sorted, each once',
      { body: [u, t, v], waitsFor: new Map([[v, [u, t, u, v]]]) },
      [
        ['grants.set:U', []],
        ['grants.set:T', []],
        ['grants.set:V', ['grants.set:T', 'grants.set:U']],
      ],
    ],
  ])('links %s', (_, order, expected) => expect(linked(order)).toEqual(expected));
});
