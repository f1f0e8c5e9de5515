import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { resolveDesiredState } from '../../../src/desired/resolve.js';
import { stateOf } from '../../../src/model/state.js';
import type { State } from '../../../src/model/state.js';
import type { Change } from '../../../src/plan/change.js';
import { makePlan } from '../../../src/plan/make-plan.js';
import { endStateOf } from '../../../src/plan/saved/end-state.js';
import { anyManifest, anySnapshot, liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { allowlistSet, creation, defaultRoleSet, deletion } from '../../support/changes.js';
import { grantsSet, move, rename } from '../../support/changes.js';
import { inputs } from '../../support/law.js';

const start = stateOf(
  snapshotOf({
    custom: [liveRole(100, 'A', ['a.view']), liveRole(101, 'B')],
    persons: [person(10, 100)],
    allowlist: [4, 5, 100],
  }),
);
const off = { ...start, allowlist: 'off' as const };

describe('endStateOf', () => {
  it.each<[string, State, Change[], (end: State) => unknown, unknown]>([
    ['nothing', start, [], (end) => [end.defaultRole, end.allowlist], ['#4', ['#100', '#4', '#5']]],
    [
      'a new role',
      start,
      [creation('New', ['b', 'a'], 'text')],
      (end) => end.roles.get('new:New'),
      { key: 'new:New', id: null, name: 'New', description: 'text', grants: ['a', 'b'] },
    ],
    ['a new name', start, [rename(100, ['A', 'C'])], (end) => end.roles.get('#100')?.name, 'C'],
    [
      'grants, sorted',
      start,
      [grantsSet(100, [], ['c', 'b'])],
      (end) => end.roles.get('#100')?.grants,
      ['b', 'c'],
    ],
    [
      'grants of a new role',
      start,
      [creation('New', ['a']), grantsSet('new:New', ['a'], ['b'])],
      (end) => end.roles.get('new:New')?.grants,
      ['b'],
    ],
    [
      'people who move',
      start,
      [move(101, [10])],
      (end) => [end.people.get(10), end.people.get(1)],
      ['#101', '#1'],
    ],
    [
      'people who move into a new role',
      start,
      [creation('New'), move('new:New', [10])],
      (end) => end.people.get(10),
      'new:New',
    ],
    [
      'a new default role, which is then on the allowlist',
      start,
      [defaultRoleSet(101)],
      (end) => [end.defaultRole, end.allowlist],
      ['#101', ['#100', '#101', '#4', '#5']],
    ],
    [
      'a new default role while the allowlist is off',
      off,
      [defaultRoleSet(101)],
      (end) => end.allowlist,
      'off',
    ],
    [
      'an allowlist, with Social and the default role',
      off,
      [allowlistSet([101])],
      (end) => end.allowlist,
      ['#101', '#4', '#5'],
    ],
    ['an allowlist that is turned off', start, [allowlistSet(null)], (end) => end.allowlist, 'off'],
    [
      'a deletion, which takes the role off the allowlist',
      start,
      [deletion(100, 'A')],
      (end) => [end.roles.has('#100'), end.allowlist],
      [false, ['#4', '#5']],
    ],
    ['a deletion while the allowlist is off', off, [deletion(100, 'A')], (end) => end.allowlist, 'off'],
  ])('applies %s', (_, from, changes, look, expected) =>
    expect(look(endStateOf(from, changes))).toEqual(expected),
  );

  it.each<[string, Change[]]>([
    ['a rename', [rename(999, ['A', 'B'])]],
    ['grants', [grantsSet(999, [], [])]],
    ['a move', [move(999, [10])]],
    ['a move into a role that is created later', [move('new:New', [10]), creation('New')]],
    ['a default role', [defaultRoleSet(999)]],
    ['a deletion', [deletion(999, 'X')]],
    ['a role that is deleted already', [deletion(100, 'A'), grantsSet(100, [], [])]],
    ['a role that is created under another name', [{ ...creation('New'), roleId: 'new:Other' }]],
  ])('rejects %s of a role that does not exist', (_, changes) =>
    expect(() => endStateOf(start, changes)).toThrow(TypeError),
  );

  it('does not modify the initial state', () => {
    const before = JSON.stringify([...start.roles]);
    endStateOf(start, [rename(100, ['A', 'C']), deletion(101, 'B'), move(100, [1])]);
    expect(JSON.stringify([...start.roles])).toBe(before);
    expect(start.people.get(1)).toBe('#1');
  });

  it('of any plan is the desired state of its manifest', () => {
    fc.assert(
      fc.property(anySnapshot, anyManifest, (snapshot, loaded) => {
        const plan = makePlan(loaded, snapshot, {
          now: '2026-01-01T00:00:00.000Z',
          version: '0',
          requestsFor: () => [],
        });
        fc.pre(!plan.refusals.some(({ flag }) => flag === null));
        const { state } = resolveDesiredState(loaded, snapshot, { now: '2026-01-01T00:00:00.000Z' }).target;
        const end = endStateOf(stateOf(snapshot), plan.changes);
        const grantsIn = (one: State): unknown =>
          [...one.roles.values()].map(({ key, name, grants }) => [key, name, grants]).sort();
        expect(grantsIn(end)).toEqual(grantsIn(state));
        for (const { id } of snapshot.people.list) expect(end.people.get(id)).toBe(state.people.get(id));
        expect(end.defaultRole).toBe(state.defaultRole);
      }),
      { numRuns: inputs(100) },
    );
  });
});
