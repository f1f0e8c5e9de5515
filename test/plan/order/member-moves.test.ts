import { describe, expect, it } from '@jest/globals';
import { NOTHING_DEFERRED } from '../../../src/plan/order/derive-input.js';
import { memberMoves } from '../../../src/plan/order/member-moves.js';
import { orderInput } from '../../support/order-input.js';
import type { OrderCase } from '../../support/order-input.js';

const DEFERRED = { ...NOTHING_DEFERRED, move: true };

describe('the moves of people', () => {
  const roles = { Beta: ['a', 'a'], Alpha: ['b', 'b'], New: [null, 'c'] } as const;

  it.each<[string, OrderCase, boolean, [string, number[]][]]>([
    ['are none if everyone stays', { people: { 10: ['Beta', 'Beta'] } }, false, []],
    [
      'are one change per target, by its name',
      { people: { 11: ['Alpha', 'Beta'], 10: ['Beta', 'Alpha'], 12: ['Social', 'New'] } },
      false,
      [
        ['Alpha', [10]],
        ['Beta', [11]],
        ['New', [12]],
      ],
    ],
    [
      'list the people of a change by id, whatever their previous roles',
      { people: { 12: ['Social', 'Beta'], 10: ['Alpha', 'Beta'], 11: ['Social', 'Beta'] } },
      false,
      [['Beta', [10, 11, 12]]],
    ],
    [
      'include the acting person if nothing is deferred',
      { people: { 1: ['Alpha', 'Beta'], 10: ['Alpha', 'Beta'] }, me: 1 },
      false,
      [['Beta', [1, 10]]],
    ],
    [
      'move the acting person last where their move is deferred',
      { people: { 1: ['Beta', 'Alpha'], 10: ['Beta', 'Alpha'], 11: ['Alpha', 'Beta'] }, me: 1 },
      true,
      [
        ['Alpha', [10]],
        ['Beta', [11]],
        ['Alpha last', [1]],
      ],
    ],
    [
      'move no one last if the acting person stays',
      { people: { 1: ['Beta', 'Beta'], 10: ['Beta', 'Alpha'] }, me: 1 },
      true,
      [['Alpha', [10]]],
    ],
    [
      'move no one last if there is no acting person',
      { people: { 10: ['Beta', 'Alpha'] } },
      true,
      [['Alpha', [10]]],
    ],
  ])('%s', (_, wanted, isDeferred, expected) => {
    const moves = memberMoves(orderInput({ roles, ...wanted }), isDeferred ? DEFERRED : NOTHING_DEFERRED);
    expect(
      moves.map(({ role, step, people }) => [
        step === null ? role : `${role} ${step}`,
        people.map(({ id }) => id),
      ]),
    ).toEqual(expected);
  });

  it('count people by previous role, each role once, sorted by name', () => {
    const people = {
      10: ['Beta', 'New'],
      11: ['Social', 'New'],
      12: ['Alpha', 'New'],
      13: ['Beta', 'New'],
    } as const;
    const [move] = memberMoves(orderInput({ roles, people }), NOTHING_DEFERRED);
    expect(move).toMatchObject({
      kind: 'members.move',
      roleId: 'new:New',
      before: [
        { role: 'Alpha', people: 1 },
        { role: 'Beta', people: 2 },
        { role: 'Social', people: 1 },
      ],
      after: { role: 'New', people: 4 },
    });
  });

  it('count people of two roles with the same name separately, by role id', () => {
    const input = orderInput({
      roles,
      people: { 10: ['Beta', 'New'], 11: ['Alpha', 'New'], 12: ['Alpha', 'New'] },
    });
    const twins = new Map(
      [...input.live.roles].map(([key, role]) => [key, role.id >= 100 ? { ...role, name: 'Twin' } : role]),
    );
    const [move] = memberMoves({ ...input, live: { ...input.live, roles: twins } }, NOTHING_DEFERRED);
    expect(move?.before).toEqual([
      { role: 'Twin', people: 1 },
      { role: 'Twin', people: 2 },
    ]);
  });

  it('list each person with address, origin and reason', () => {
    const input = orderInput({ roles, people: { 10: ['Beta', 'Alpha'], 11: ['Beta', 'Alpha'] } });
    const why = new Map([[11, 'taken-out' as const]]);
    const noAddress = input.people.map((one) => (one.id === 11 ? { ...one, email: null } : one));
    const [move] = memberMoves(
      {
        ...input,
        desired: { ...input.desired, why, until: new Map([[10, '2027-01-31']]) },
        people: noAddress,
      },
      NOTHING_DEFERRED,
    );
    expect(move?.people).toEqual([
      { id: 10, email: 'p10@acme.com', from: 'Beta', fromId: 100, why: 'listed', until: '2027-01-31' },
      { id: 11, email: null, from: 'Beta', fromId: 100, why: 'taken-out', until: null },
    ]);
  });
});
