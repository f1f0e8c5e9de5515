import { describe, expect, it } from '@jest/globals';
import { chooseOrder } from '../../../src/plan/order/choose-order.js';
import { orderInput } from '../../support/order-input.js';
import type { OrderCase } from '../../support/order-input.js';

describe('the order of a plan', () => {
  const on = ['Participant', 'Social'] as const;

  it.each<[string, OrderCase, string[]]>([
    [
      'is the plain one if no one acts',
      { roles: { T: ['M', 'a'], U: ['a', 'b'] } },
      ['grants.set:T', 'grants.set:U'],
    ],
    [
      'is the plain one if the acting person keeps their power',
      { roles: { T: ['M a', 'M'], U: ['a', 'b'] }, people: { 1: ['T', 'T'] }, me: 1 },
      ['grants.set:T', 'grants.set:U'],
    ],
    [
      'moves the acting person last if the move takes their power',
      { roles: { T: ['M', 'M'], U: ['a', 'a'] }, people: { 1: ['T', 'Social'], 10: ['U', 'T'] }, me: 1 },
      ['members.move:T', 'members.move/last:Social'],
    ],
    [
      'writes their role last if the write takes their power',
      { roles: { T: ['M', 'a'], U: ['a', 'b'] }, people: { 1: ['T', 'T'] }, me: 1 },
      ['grants.set:U', 'grants.set:T'],
    ],
    [
      'splits their role if people who arrive must not hold all of it',
      { roles: { T: ['M c', 'd'], U: ['M', 'M'] }, people: { 1: ['T', 'T'], 10: ['U', 'T'] }, me: 1 },
      ['grants.set/before-moves:T', 'members.move:T', 'grants.set/last:T'],
    ],
    [
      'takes the default from a role before it starts to manage roles by a dependency',
      { roles: { T: ['a', 'a b'] }, defaultRole: ['T', 'Social'], needs: { b: 'M' } },
      ['defaultRole.set', 'grants.set:T'],
    ],
    [
      'writes the role that they move to last, if that keeps their power',
      { roles: { T: ['M', 'a'], U: ['M', 'b'] }, people: { 1: ['T', 'U'] }, me: 1 },
      ['members.move:U', 'grants.set:T', 'grants.set:U'],
    ],
  ])('%s', (_, wanted, ids) => {
    const { changes, refusals } = chooseOrder(orderInput(wanted));
    expect(refusals.map(({ code, message }) => [code, message])).toEqual([]);
    expect(changes.map(({ id }) => id)).toEqual(ids);
  });

  it.each<[string, OrderCase, [string, string[]][]]>([
    [
      'a default role that manages roles',
      { roles: { T: ['M', 'M'] }, defaultRole: ['Participant', 'T'] },
      [['default-forbidden', ['T']]],
    ],
    [
      'a role on the allowlist that manages roles',
      { roles: { T: ['M', 'M'] }, allowlist: ['off', ['T', ...on]] },
      [['allowlist-forbidden', ['T']]],
    ],
    [
      'a move that takes power and that a write waits for',
      { roles: { T: ['M', 'a'], U: ['b', 'b'] }, people: { 1: ['T', 'U'] }, me: 1 },
      [['self-lockout', ['members.move:U']]],
    ],
    [
      'an arrival that would hold power until the last write',
      { roles: { T: ['M', 'a'] }, people: { 1: ['T', 'T'], 10: ['Social', 'T'] }, me: 1 },
      [['self-lockout', ['grants.set:T']]],
    ],
  ])('is refused for %s', (_, wanted, expected) => {
    const { changes, refusals } = chooseOrder(orderInput(wanted));
    expect(refusals.map(({ code, items }) => [code, items])).toEqual(expected);
    expect(changes.length).toBeGreaterThan(0);
  });

  it.each<[string, OrderCase, object]>([
    [
      'the default role',
      { roles: { T: ['M', 'M'] }, defaultRole: ['Participant', 'T'] },
      {
        message: 'role "T" would be the default role while it holds authorization.roles, which Domo forbids',
        key: 'defaultRole',
        hint: 'make two plans: first the grants, then the default role',
      },
    ],
    [
      'a role on the allowlist',
      { roles: { T: ['M', 'M'] }, allowlist: ['off', ['T', ...on]] },
      {
        message: 'role "T" would be on the allowlist while it holds authorization.roles, which Domo forbids',
        key: 'allowlist',
        hint: 'remove it from the allowlist, or leave out the grant',
      },
    ],
    [
      'the acting person',
      { roles: { T: ['M', 'a'], U: ['b', 'b'] }, people: { 1: ['T', 'U'] }, me: 1 },
      { message: 'the acting person would lose authorization.roles before the last write', key: null },
    ],
  ])('is refused with the reason and advice about %s', (_, wanted, expected) => {
    expect(chooseOrder(orderInput(wanted)).refusals).toMatchObject([expected]);
  });
});
