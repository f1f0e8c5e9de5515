import { describe, expect, it } from '@jest/globals';
import type { OrderedChange } from '../../../src/plan/change.js';
import { deriveChanges } from '../../../src/plan/order/derive-changes.js';
import { NOTHING_DEFERRED } from '../../../src/plan/order/derive-input.js';
import { simulate } from '../../../src/plan/order/simulate.js';
import type { Simulation } from '../../../src/plan/order/simulate.js';
import { orderInput } from '../../support/order-input.js';
import type { OrderCase } from '../../support/order-input.js';

/** Simulates the changes of a case in this order, regardless of the planner. */
function walk(wanted: OrderCase, ...ids: string[]): Simulation {
  const input = orderInput(wanted);
  const changes = deriveChanges(input, NOTHING_DEFERRED);
  const inOrder = ids.map((id): OrderedChange => {
    const change = changes.find((one) => one.id === id);
    if (!change) throw new TypeError(`no ${id} in ${changes.map((one) => one.id).join()}`);
    return change;
  });
  const { live, cohorts, dependencies, desired } = input;
  return simulate(inOrder, { live, starts: desired.starts, cohorts, dependencies });
}

const GROWS: OrderCase = { roles: { T: ['a', 'a b'] }, people: { 10: ['T', 'Social'] } };

describe('the check for excess access (P1)', () => {
  it.each<[string, OrderCase, string[], [string, string[]][]]>([
    [
      'finds a leaver who gains grants',
      GROWS,
      ['grants.set:T', 'members.move:Social'],
      [['grants.set:T', ['b']]],
    ],
    ['finds nothing once they have left', GROWS, ['members.move:Social', 'grants.set:T'], []],
    [
      'finds an arrival before a list shrinks',
      { roles: { T: ['a b', 'a'] }, people: { 10: ['Editor', 'T'] } },
      ['members.move:T', 'grants.set:T'],
      [['members.move:T', ['b']]],
    ],
    [
      'finds nothing for people who stay',
      { roles: { T: ['a', 'b'] }, people: { 10: ['T', 'T'] } },
      ['grants.set:T'],
      [],
    ],
    [
      'counts the dependencies of a written list',
      { roles: { T: ['', 'a'] }, people: { 10: ['T', 'Social'] }, needs: { a: 'b' } },
      ['grants.set:T'],
      [['grants.set:T', ['a', 'b']]],
    ],
    [
      'accepts dependencies that people keep in the end',
      { roles: { T: ['', 'a'] }, people: { 10: ['T', 'T'] }, needs: { a: 'b' } },
      ['grants.set:T'],
      [],
    ],
  ])('%s', (_, wanted, ids, expected) => {
    const { excess } = walk(wanted, ...ids);
    expect(excess.map(({ after, grants }) => [after, grants.filter((one) => !one.includes('.'))])).toEqual(
      expected,
    );
  });
});

describe('the check for access gaps (P2)', () => {
  it.each<[string, OrderCase, string[], [string, string[]][]]>([
    [
      'finds a leaver who keeps a removed grant',
      { roles: { T: ['a b', 'a'], U: ['b', 'b'] }, people: { 10: ['T', 'U'] } },
      ['grants.set:T', 'members.move:U'],
      [['grants.set:T', ['b']]],
    ],
    [
      'finds nothing if they move first',
      { roles: { T: ['a b', 'a'], U: ['b', 'b'] }, people: { 10: ['T', 'U'] } },
      ['members.move:U', 'grants.set:T'],
      [],
    ],
    [
      'finds an arrival before the list that contains their grant',
      { roles: { T: ['', 'b'], U: ['b', 'b'] }, people: { 10: ['U', 'T'] } },
      ['members.move:T', 'grants.set:T'],
      [['members.move:T', ['b']]],
    ],
    [
      'does not count grants that an instance may add',
      { roles: { T: ['a b', 'a'], U: ['b', 'b'] }, people: { 10: ['T', 'U'] }, needs: { a: 'b' } },
      ['grants.set:T', 'members.move:U'],
      [['grants.set:T', ['b']]],
    ],
  ])('%s', (_, wanted, ids, expected) => {
    expect(walk(wanted, ...ids).gaps.map(({ since, grants }) => [since, grants])).toEqual(expected);
  });
});

describe('the check of the acting person’s power', () => {
  const leaves: OrderCase = {
    roles: { T: ['M', 'M'], U: ['a', 'b'] },
    people: { 1: ['T', 'Social'] },
    me: 1,
  };

  it.each<[string, OrderCase, string[], string | null]>([
    [
      'finds a change that removes it before other changes',
      leaves,
      ['members.move:Social', 'grants.set:U'],
      'members.move:Social',
    ],
    ['accepts a last change that removes it', leaves, ['grants.set:U', 'members.move:Social'], null],
    [
      'finds a write that removes it from their role',
      { roles: { T: ['M a', 'a'], U: ['a', 'b'] }, people: { 1: ['T', 'T'] }, me: 1 },
      ['grants.set:T', 'grants.set:U'],
      'grants.set:T',
    ],
    [
      'does not count grants that an instance may add',
      { roles: { T: ['M a', 'a'], U: ['a', 'b'] }, people: { 1: ['T', 'T'] }, me: 1, needs: { a: 'M' } },
      ['grants.set:T', 'grants.set:U'],
      'grants.set:T',
    ],
    [
      'finds nothing if they never had it',
      { roles: { T: ['a', 'a'], U: ['a', 'b'] }, people: { 1: ['T', 'Social'] }, me: 1 },
      ['members.move:Social', 'grants.set:U'],
      null,
    ],
    [
      'finds nothing if no one acts',
      { roles: { T: ['M', 'a'], U: ['a', 'b'] } },
      ['grants.set:T', 'grants.set:U'],
      null,
    ],
  ])('%s', (_, wanted, ids, expected) => {
    expect(walk(wanted, ...ids).powerless).toBe(expected);
  });
});

describe('the check of Domo’s own rules', () => {
  const becomes: OrderCase = { roles: { T: ['a', 'M'] }, defaultRole: ['T', 'Social'] };
  const listed: OrderCase = {
    roles: { T: ['a', 'M'] },
    allowlist: [
      ['T', 'Social', 'Participant'],
      ['Social', 'Participant'],
    ],
  };

  it.each<[string, OrderCase, string[], [string, string][]]>([
    [
      'finds a default role that starts to manage roles',
      becomes,
      ['grants.set:T', 'defaultRole.set'],
      [['grants.set:T', 'default']],
    ],
    ['accepts it once another role is the default', becomes, ['defaultRole.set', 'grants.set:T'], []],
    [
      'finds it if a dependency adds it',
      { ...becomes, roles: { T: ['a', 'b'] }, needs: { b: 'M' } },
      ['grants.set:T'],
      [['grants.set:T', 'default']],
    ],
    [
      'finds a role that becomes the default while it manages roles',
      { roles: { T: ['M', 'a'] }, defaultRole: ['Participant', 'T'] },
      ['defaultRole.set', 'grants.set:T'],
      [['defaultRole.set', 'default']],
    ],
    [
      'accepts it once the role no longer manages roles',
      { roles: { T: ['M', 'a'] }, defaultRole: ['Participant', 'T'] },
      ['grants.set:T', 'defaultRole.set'],
      [],
    ],
    [
      'finds a role on the allowlist that starts to manage roles',
      listed,
      ['grants.set:T', 'allowlist.set/early'],
      [['grants.set:T', 'allowlist']],
    ],
    ['accepts it once the role is off the allowlist', listed, ['allowlist.set/early', 'grants.set:T'], []],
    [
      'finds a role that is put on the allowlist while it manages roles',
      { roles: { T: ['M', 'a'] }, allowlist: ['off', ['T', 'Social', 'Participant']] },
      ['allowlist.set', 'grants.set:T'],
      [['allowlist.set', 'allowlist']],
    ],
    [
      'accepts a change of a role on it that already manages roles',
      {
        roles: { T: ['M', 'M a'] },
        allowlist: [
          ['T', 'Social', 'Participant'],
          ['T', 'Social', 'Participant'],
        ],
      },
      ['grants.set:T'],
      [],
    ],
    [
      'knows that a new default role is put on the allowlist',
      {
        roles: { T: ['a', 'a'], U: ['a', 'M'] },
        defaultRole: ['T', 'Social'],
        allowlist: [
          ['T', 'Participant', 'Social'],
          ['T', 'Social', 'Participant'],
        ],
      },
      ['defaultRole.set', 'grants.set:U'],
      [],
    ],
  ])('%s', (_, wanted, ids, expected) => {
    expect(walk(wanted, ...ids).forbidden.map(({ change, rule }) => [change, rule])).toEqual(expected);
  });
});
