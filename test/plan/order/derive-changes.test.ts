import { describe, expect, it } from '@jest/globals';
import { deriveChanges } from '../../../src/plan/order/derive-changes.js';
import { NOTHING_DEFERRED } from '../../../src/plan/order/derive-input.js';
import type { DeferredChanges } from '../../../src/plan/order/derive-input.js';
import { letters, orderInput } from '../../support/order-input.js';
import type { OrderCase } from '../../support/order-input.js';

const SPLIT: OrderCase = {
  roles: { T: ['a b', 'a c'], From: ['a', 'a'], To: ['a', 'a'] },
  people: { 10: ['T', 'To'], 11: ['From', 'T'] },
};

describe('the order of phases', () => {
  it('is names, early settings, grants, moves, grants, late settings, deletes', () => {
    const wanted: OrderCase = {
      ...SPLIT,
      roles: { ...SPLIT.roles, Gone: ['a', null], N: [null, 'b'], P: ['a', 'M'] },
      defaultRole: ['P', 'Social'],
      allowlist: ['off', ['N', 'Social']],
    };
    expect(deriveChanges(orderInput(wanted), NOTHING_DEFERRED).map(({ id }) => id)).toEqual([
      'role.create:N',
      'defaultRole.set',
      'grants.set:N',
      'grants.set:P',
      'grants.set/before-moves:T',
      'members.move:T',
      'members.move:To',
      'grants.set/after-moves:T',
      'allowlist.set',
      'role.delete:Gone',
    ]);
  });

  it.each<[string, DeferredChanges, [string, string[]][]]>([
    ['as a whole', { move: false, grants: '#100', split: false }, [['grants.set:T', letters('b c')]]],
    [
      'split',
      { move: false, grants: '#100', split: true },
      [
        ['grants.set/before-moves:T', letters('M b c')],
        ['grants.set/last:T', letters('b c')],
      ],
    ],
  ])('writes deferred grants last, %s', (_, deferred, expected) => {
    const input = orderInput({
      roles: { T: ['M b', 'b c'], U: ['a', null] },
      people: { 1: ['T', 'T'] },
      me: 1,
    });
    const writes = deriveChanges(input, deferred).flatMap((one) => (one.kind === 'grants.set' ? [one] : []));
    expect(writes.map(({ id, after }) => [id, after])).toEqual(expected);
    expect(deriveChanges(input, deferred).at(-1)?.id).toBe(expected.at(-1)?.[0]);
    expect(writes.map(({ before }) => before)).toEqual([
      letters('M b'),
      ...expected.slice(0, -1).map(([, list]) => list),
    ]);
  });

  it('omits the grants of a role that is created with its final grants', () => {
    const changes = deriveChanges(orderInput({ roles: { N: [null, ''] } }), NOTHING_DEFERRED);
    expect(changes.map(({ id }) => id)).toEqual(['role.create:N']);
  });

  it('counts the people of one move by their previous roles', () => {
    const people = { 12: ['Editor', 'T'], 10: ['Social', 'T'], 11: ['Editor', 'T'] } as const;
    const [move] = deriveChanges(orderInput({ roles: { T: ['a', 'a'] }, people }), NOTHING_DEFERRED);
    expect(move).toMatchObject({
      before: [
        { role: 'Editor', people: 2 },
        { role: 'Social', people: 1 },
      ],
      after: { role: 'T', people: 3 },
      people: [
        { id: 10, from: 'Social', fromId: 5, email: 'p10@acme.com', why: 'listed' },
        { id: 11, from: 'Editor', fromId: 3 },
        { id: 12, from: 'Editor', fromId: 3 },
      ],
    });
  });

  it('puts deferred moves and grants after deletes', () => {
    const input = orderInput({
      roles: { T: ['M', 'a'], Gone: ['b', null] },
      people: { 1: ['T', 'Social'], 10: ['Gone', 'Social'] },
      me: 1,
    });
    const changes = deriveChanges(input, { move: true, grants: '#100', split: false });
    expect(changes.map(({ id }) => id)).toEqual([
      'members.move:Social',
      'role.delete:Gone',
      'grants.set:T',
      'members.move/last:Social',
    ]);
  });

  it('records in a delete the previous state of the role', () => {
    const changes = deriveChanges(orderInput({ roles: { Gone: ['b a', null] } }), NOTHING_DEFERRED);
    expect(changes).toEqual([
      {
        kind: 'role.delete',
        step: null,
        role: 'Gone',
        roleId: 100,
        before: { name: 'Gone', description: '', grants: ['a', 'b'] },
        after: null,
        id: 'role.delete:Gone',
        dependsOn: [],
      },
    ]);
  });
});
