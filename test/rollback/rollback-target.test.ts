import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/model/snapshot.js';
import type { State } from '../../src/model/state.js';
import { rollbackTarget } from '../../src/rollback/rollback-target.js';
import type { RollbackTarget } from '../../src/rollback/rollback-target.js';
import { runResult } from '../../src/rollback/run-result.js';
import { liveRole, person, snapshotOf } from '../support/arbitraries.js';
import { allowlistSet, creation, defaultRoleSet, deletion } from '../support/changes.js';
import { grantsSet, move, rename } from '../support/changes.js';
import { A, B, conflictsIn, NEW, world } from '../support/rollback-world.js';
import type { Steps } from '../support/rollback-world.js';
import { runRecord } from '../support/run-record.js';

const before = world();
const targetOf = (steps: Steps, live: Snapshot, start = before): RollbackTarget => {
  const run = runRecord(start, steps);
  return rollbackTarget({ run }, runResult(run, live), live);
};
const roleIn = (state: State, key: string): unknown => {
  const role = [...state.roles.values()].find((one) => one.key === key);
  return role && [role.name, role.description, ...role.grants];
};

const GRANTS: Steps = [[grantsSet(100, ['a.view'], ['b.view']), 'done']];
const GRANTS_MAYBE: Steps = [[grantsSet(100, ['a.view'], ['b.view']), 'sent']];
const withGrants = (...grants: string[]): Snapshot => world([{ ...A, grants }, B]);
const NAME: Steps = [[rename(100, ['A', 'C']), 'done']];
const MOVE: Steps = [[move(101, [10]), 'done']];
const CREATE: Steps = [[creation('New', ['c.use']), 'done', 900]];
const INTO_NEW: Steps = [...CREATE, [move('new:New', [10]), 'done']];
const DELETE: Steps = [
  [move(101, [10]), 'done'],
  [deletion(100, 'A'), 'done'],
];
const DEFAULT: Steps = [[defaultRoleSet(3), 'done']];

describe('a rollback of', () => {
  it.each<[string, Steps, Snapshot, (target: RollbackTarget) => unknown, unknown]>([
    ['grants', GRANTS, withGrants('b.view'), ({ state }) => roleIn(state, '#100'), ['A', '', 'a.view']],
    [
      'grants whose write is unconfirmed, but was done',
      GRANTS_MAYBE,
      withGrants('b.view'),
      ({ state }) => roleIn(state, '#100'),
      ['A', '', 'a.view'],
    ],
    [
      'grants whose write is unconfirmed, and was not done',
      GRANTS_MAYBE,
      before,
      ({ state }) => roleIn(state, '#100'),
      ['A', '', 'a.view'],
    ],
    [
      'grants that are already restored',
      GRANTS,
      before,
      ({ state }) => roleIn(state, '#100'),
      ['A', '', 'a.view'],
    ],
    [
      'a name',
      NAME,
      world([{ ...A, name: 'C' }, B]),
      ({ state }) => roleIn(state, '#100'),
      ['A', '', 'a.view'],
    ],
    [
      'a name, while others changed the description',
      NAME,
      world([{ ...A, name: 'C', description: 'theirs' }, B]),
      ({ state }) => roleIn(state, '#100'),
      ['A', 'theirs', 'a.view'],
    ],
    [
      'a move',
      MOVE,
      world(undefined, [[10, 101]]),
      ({ state, why }) => [state.people.get(10), why.get(10)],
      ['#100', 'listed'],
    ],
    [
      'a move of a person who has already moved back',
      MOVE,
      before,
      ({ state, why }) => [state.people.get(10), why.size],
      ['#100', 0],
    ],
    ['a create', CREATE, world([A, B, NEW]), ({ state }) => state.roles.has('#900'), false],
    [
      'a create, with the people who were moved into it',
      INTO_NEW,
      world([A, B, NEW], [[10, 900]]),
      ({ state, why }) => [state.people.get(10), why.get(10)],
      ['#100', 'role-deleted'],
    ],
    [
      'a create of a role that is deleted already',
      CREATE,
      before,
      ({ state }) => roleIn(state, '#900'),
      undefined,
    ],
    [
      'a deletion: the role is created again, and its people move back',
      DELETE,
      world([B], [[10, 101]]),
      ({ state, recreated }) => [roleIn(state, 'new:A'), state.people.get(10), [...recreated.keys()]],
      [['A', '', 'a.view'], 'new:A', ['new:A']],
    ],
    [
      'a deletion that was not done',
      [[deletion(100, 'A'), 'sent']],
      before,
      ({ state, recreated }) => [roleIn(state, '#100'), recreated.size],
      [['A', '', 'a.view'], 0],
    ],
    [
      'a default role',
      DEFAULT,
      world(undefined, [], { defaultRoleId: 3 }),
      ({ state }) => state.defaultRole,
      '#4',
    ],
    ['a default role that is back already', DEFAULT, before, ({ state }) => state.defaultRole, '#4'],
  ])('%s', (_, steps, live, look, expected) => {
    const target = targetOf(steps, live);
    expect(look(target)).toEqual(expected);
    expect(target.conflicts).toEqual([]);
  });

  it('nothing leaves live state unchanged', () => {
    const live = withGrants('user.edit');
    const { state, managesAllowlist } = targetOf([], live);
    expect(roleIn(state, '#100')).toEqual(['A', '', 'user.edit']);
    expect(managesAllowlist).toBe(false);
  });

  it('a move of a person who has left lists them, sorted', () => {
    const steps: Steps = [[move(3, [11, 10]), 'done']];
    const live = snapshotOf({ custom: [A, B] });
    const target = targetOf(steps, live);
    expect([target.missingPeople, target.conflicts]).toEqual([[10, 11], []]);
  });
});

describe('a rollback of the allowlist', () => {
  const listed = (allowlist: Snapshot['allowlist'], parts: Partial<Snapshot> = {}): Snapshot =>
    world(undefined, [], { allowlist, ...parts });
  it.each<[string, Snapshot, Steps, Snapshot, unknown, boolean]>([
    [
      'restores the list',
      listed([4, 5]),
      [[allowlistSet([100]), 'done']],
      listed([4, 5, 100]),
      ['#4', '#5'],
      true,
    ],
    ['turns it off', listed('off'), [[allowlistSet([100]), 'done']], listed([4, 5, 100]), 'off', true],
    [
      'turns it on',
      listed([4, 5, 100]),
      [[allowlistSet(null), 'done']],
      listed('off'),
      ['#100', '#4', '#5'],
      true,
    ],
    [
      'leaves a list that the run did not change',
      listed([4, 5]),
      [],
      listed([4, 5, 101]),
      ['#101', '#4', '#5'],
      false,
    ],
    [
      'leaves a list that cannot be read now',
      listed([4, 5]),
      [[allowlistSet([100]), 'done']],
      listed('unreadable'),
      'unreadable',
      false,
    ],
    [
      'leaves a list that could not be read before',
      listed('unreadable'),
      [[allowlistSet([100]), 'done']],
      listed([4, 5, 100]),
      ['#100', '#4', '#5'],
      false,
    ],
    [
      'leaves out a role that the run created',
      listed([4, 5]),
      [...CREATE, [allowlistSet(['new:New']), 'done']],
      world([A, B, NEW], [], { allowlist: [4, 5, 900] }),
      ['#4', '#5'],
      true,
    ],
  ])('%s', (_, start, steps, live, allowlist, manages) => {
    const target = targetOf(steps, live, start);
    expect([target.state.allowlist, target.managesAllowlist]).toEqual([allowlist, manages]);
    expect(target.conflicts).toEqual([]);
  });

  it('puts a role that is created again on it', () => {
    const start = listed([4, 5, 100]);
    const live = world([B], [[10, 101]], { allowlist: [4, 5] });
    const target = targetOf(DELETE, live, start);
    expect([target.state.allowlist, target.managesAllowlist]).toEqual([['#4', '#5', 'new:A'], true]);
  });

  it('puts the restored default role on a list that the run did not write', () => {
    const live = listed([3, 5], { defaultRoleId: 3 });
    const target = targetOf(DEFAULT, live, listed([3, 4, 5]));
    expect(target.state.allowlist).toContain('#4');
  });
});

describe('a change since a run is a conflict', () => {
  it.each<[string, Steps, Snapshot, unknown[]]>([
    ['grants', GRANTS, withGrants('user.edit'), ['role "A"', 'grants', ['b.view'], ['user.edit']]],
    [
      'grants of a role that was deleted',
      GRANTS,
      snapshotOf({ custom: [B] }),
      ['role "A"', 'grants', ['b.view'], null],
    ],
    ['a name', NAME, world([{ ...A, name: 'D' }, B]), ['role "D"', 'name', 'C', 'D']],
    ['the role of a person', MOVE, world(undefined, [[10, 3]]), ['p10@acme.com', 'role', 'B', 'Editor']],
    [
      'the role that a person would go back to',
      MOVE,
      snapshotOf({ custom: [B], persons: [person(10, 101)] }),
      ['role "A"', 'name', 'A', null],
    ],
    [
      'the members of a role that the run created',
      CREATE,
      world([A, B, NEW], [[77, 900]]),
      ['p77@acme.com', 'role', null, 'New'],
    ],
    [
      'the default role',
      DEFAULT,
      world(undefined, [], { defaultRoleId: 2 }),
      ['the default role', 'role', 'Editor', 'Privileged'],
    ],
    [
      'the allowlist',
      [[allowlistSet([100]), 'done']],
      world(undefined, [], { allowlist: [4, 5, 101] }),
      ['the roles allowlist', 'roles', ['Participant', 'Social', 'A'], ['Participant', 'Social', 'B']],
    ],
    [
      'the role with the name of a deleted one',
      DELETE,
      world([{ ...liveRole(555, 'A') }, B], [[10, 101]]),
      ['the name "A"', 'role', null, 'id 555'],
    ],
    [
      'a name, shown as one clean line',
      NAME,
      world([{ ...A, name: 'D\n\u202e' }, B]),
      ['role "D\\n\\u202e"', 'name', 'C', 'D\n\u202e'],
    ],
  ])('%s', (_, steps, live, expected) => expect(conflictsIn(targetOf(steps, live))).toContainEqual(expected));

  it('names a person without an address by id', () => {
    const live = snapshotOf({ custom: [A, B], persons: [{ ...person(10, 3), email: null }] });
    expect(conflictsIn(targetOf(MOVE, live))).toEqual([['person 10', 'role', 'B', 'Editor']]);
  });

  it('for a default role to restore that was deleted', () => {
    const start = world(undefined, [], { defaultRoleId: 100 });
    const live = snapshotOf({ custom: [B], defaultRoleId: 3 });
    expect(conflictsIn(targetOf(DEFAULT, live, start))).toContainEqual([
      'the default role',
      'role',
      'A',
      null,
    ]);
  });

  it('except for two roles that had the same name before', () => {
    const twins = [A, { ...B, name: 'A' }];
    const live = world([
      { ...A, grants: ['b.view'] },
      { ...B, name: 'A' },
    ]);
    expect(targetOf(GRANTS, live, world(twins)).conflicts).toEqual([]);
  });
});
