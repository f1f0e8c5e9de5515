import { describe, expect, it } from '@jest/globals';
import { grantSet } from '../../../src/model/grant.js';
import { liveKey } from '../../../src/model/role.js';
import type { RoleKey } from '../../../src/model/role.js';
import { roleAt } from '../../../src/model/state.js';
import {
  accessBounds,
  excessOf,
  forbiddenBy,
  canStillManageRoles,
  missingOf,
} from '../../../src/plan/order/checkers.js';
import type { AccessBounds } from '../../../src/plan/order/checkers.js';
import { deriveChanges } from '../../../src/plan/order/derive-changes.js';
import { NOTHING_DEFERRED } from '../../../src/plan/order/derive-input.js';
import { instanceModel } from '../../../src/plan/order/instance-model.js';
import type { InstanceModel } from '../../../src/plan/order/instance-model.js';
import { person } from '../../support/arbitraries.js';
import { letters, orderInput } from '../../support/order-input.js';
import type { OrderCase } from '../../support/order-input.js';

const T = liveKey(100);
const U = liveKey(101);
const sorted = (set: ReadonlySet<string>): string => [...set].sort().join(' ');

function modelOf(wanted: OrderCase): InstanceModel {
  const { live, desired, cohorts, dependencies } = orderInput(wanted);
  return instanceModel({ live, starts: desired.starts, cohorts, dependencies });
}

describe('the access limits of a cohort', () => {
  const wanted: OrderCase = { roles: { T: ['a', 'b'], U: ['c', 'd'] }, needs: { b: 'e', d: 'e' } };
  const { live, desired, dependencies } = orderInput(wanted);

  it.each<[string, RoleKey, RoleKey, RoleKey[], string[]]>([
    ['if it stays in a role that is written', T, T, [T], ['a', 'b e', 'b']],
    ['if it stays in a role that is not written', T, T, [], ['a', 'b', 'b']],
    ['if it moves to a role that is written', T, U, [U], ['a', 'd e', 'd']],
    ['if it leaves a role that is written', T, U, [T], ['a', 'd', 'd']],
  ])('%s', (_, from, to, written, expected) => {
    const closureOf = (list: readonly string[]): ReadonlySet<string> => dependencies.closure(list);
    const boundsOf = accessBounds(new Set(written), closureOf);
    const lists = { before: roleAt(live, from).grants, after: roleAt(desired.state, to).grants };
    const { before, most, after } = boundsOf({
      from,
      to,
      ...lists,
      people: [person(10, 100)],
      me: false,
    });
    expect([before, most, after].map(sorted)).toEqual(expected);
  });
});

describe('the grants at one moment', () => {
  const bounds = (before: string, after: string): AccessBounds => ({
    before: grantSet(letters(before)),
    most: grantSet(letters(after)),
    after: grantSet(letters(after)),
  });

  it.each<[string, string, string, string, string[], string[]]>([
    ['as before', 'a b', 'b c', 'a b', [], []],
    ['as after', 'a b', 'b c', 'b c', [], []],
    ['all of both', 'a b', 'b c', 'a b c', [], []],
    ['only those of both', 'a b', 'b c', 'b', [], []],
    ['without a grant of both', 'a b', 'b c', 'a', [], ['b']],
    ['with a grant of neither', 'a b', 'b c', 'b d', ['d'], []],
    ['excess and missing grants, sorted', 'a b c', 'a b c', 'e d', ['d', 'e'], ['a', 'b', 'c']],
  ])('%s', (_, before, after, now, excess, missing) => {
    const held = new Set(letters(now));
    for (const arrived of [false, true]) {
      expect(excessOf(held, bounds(before, after), arrived)).toEqual(excess);
      expect(missingOf(held, bounds(before, after), arrived)).toEqual(missing);
    }
  });

  it('are within the limits if they equal the list before or after', () => {
    const both = bounds('a', 'b');
    for (const arrived of [false, true]) {
      for (const held of [both.before, both.most]) expect(excessOf(held, both, arrived)).toEqual([]);
      for (const sent of [both.before, both.after]) expect(missingOf(sent, both, arrived)).toEqual([]);
    }
  });
});

describe('a change that Domo rejects', () => {
  const on = ['Social', 'Participant'] as const;

  it.each<[string, OrderCase, string, [string, string][]]>([
    [
      'nothing for a list without the power',
      { roles: { T: ['a', 'b'] }, defaultRole: ['T', 'T'] },
      'grants.set:T',
      [],
    ],
    [
      'the power for the default role',
      { roles: { T: ['a', 'M'] }, defaultRole: ['T', 'T'] },
      'grants.set:T',
      [['#100', 'default']],
    ],
    [
      'the power for the default role, as a dependency',
      { roles: { T: ['a', 'b'] }, defaultRole: ['T', 'T'], needs: { b: 'M' } },
      'grants.set:T',
      [['#100', 'default']],
    ],
    [
      'the power for a role on the allowlist',
      {
        roles: { T: ['a', 'M'] },
        allowlist: [
          ['T', ...on],
          ['T', ...on],
        ],
      },
      'grants.set:T',
      [['#100', 'allowlist']],
    ],
    ['nothing if the allowlist is off', { roles: { T: ['a', 'M'] } }, 'grants.set:T', []],
    ['nothing for any other role', { roles: { T: ['a', 'M'] }, allowlist: [on, on] }, 'grants.set:T', []],
    [
      'nothing for a list that had the power before',
      { roles: { T: ['M', 'M a'] }, defaultRole: ['T', 'T'] },
      'grants.set:T',
      [],
    ],
    [
      'a default role with the power',
      { roles: { T: ['M', 'M'] }, defaultRole: ['Participant', 'T'] },
      'defaultRole.set',
      [['#100', 'default']],
    ],
    [
      'nothing for another default role',
      { roles: { T: ['a', 'a'] }, defaultRole: ['Participant', 'T'] },
      'defaultRole.set',
      [],
    ],
    [
      'each role with the power on an allowlist',
      { roles: { T: ['M', 'M'], U: ['a', 'a'], V: ['M', 'M'] }, allowlist: ['off', ['T', 'U', 'V', ...on]] },
      'allowlist.set',
      [
        ['#100', 'allowlist'],
        ['#102', 'allowlist'],
      ],
    ],
    ['nothing for an allowlist that is turned off', { allowlist: [on, 'off'] }, 'allowlist.set', []],
    ['nothing for a create', { roles: { N: [null, 'M'] } }, 'role.create:N', []],
    [
      'nothing for a move',
      { roles: { T: ['M', 'M'] }, people: { 10: ['Social', 'T'] } },
      'members.move:T',
      [],
    ],
    ['nothing for a delete', { roles: { T: ['M', null] } }, 'role.delete:T', []],
  ])('%s', (_, wanted, id, expected) => {
    const change = deriveChanges(orderInput(wanted), NOTHING_DEFERRED).find((one) => one.id === id);
    if (!change) throw new TypeError(`no ${id}`);
    expect(forbiddenBy(change, modelOf(wanted))).toEqual(
      expected.map(([role, rule]) => ({ change: id, role, rule })),
    );
  });
});

describe('the power of the acting person', () => {
  it.each<[string, OrderCase, boolean]>([
    [
      'is kept in a role that manages roles',
      { roles: { T: ['M', 'M'] }, people: { 1: ['T', 'T'] }, me: 1 },
      true,
    ],
    ['is missing in another role', { roles: { T: ['a', 'a'] }, people: { 1: ['T', 'T'] }, me: 1 }, false],
    [
      'does not depend on grants that an instance adds by itself',
      { roles: { T: ['a', 'a'] }, people: { 1: ['T', 'T'] }, me: 1, needs: { a: 'M' } },
      false,
    ],
    ['counts as kept if there is no acting person', {}, true],
  ])('%s', (_, wanted, kept) => {
    const acting = orderInput(wanted).cohorts.find(({ me }) => me);
    expect(canStillManageRoles(acting, modelOf(wanted))).toBe(kept);
  });
});
