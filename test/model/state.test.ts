import { describe, expect, it } from '@jest/globals';
import { roleAt, sortKeys, stateOf } from '../../src/model/state.js';
import { ProblemError } from '../../src/problem/problem.js';
import { liveRole, person, snapshotOf } from '../support/arbitraries.js';

describe('stateOf', () => {
  const snapshot = snapshotOf({
    custom: [{ ...liveRole(100, 'Alpha', ['a.view']), description: 'text', userCount: 7 }],
    persons: [person(10, 100)],
    allowlist: [100, 5, 999, 5],
    defaultRoleId: 100,
  });
  const state = stateOf(snapshot);

  it('contains every role by the key of its id, without the counts of the instance', () => {
    expect(state.roles.size).toBe(6);
    expect(state.roles.get('#100')).toEqual({
      key: '#100',
      id: 100,
      name: 'Alpha',
      description: 'text',
      grants: ['a.view'],
    });
  });

  it('contains people in their live roles, the default role, and the ordered allowlist without unknown ids', () => {
    expect(state.people.get(10)).toBe('#100');
    expect(state.defaultRole).toBe('#100');
    expect(state.allowlist).toEqual(['#100', '#5']);
  });

  it.each(['off', 'unreadable'] as const)('keeps an allowlist that is %s', (allowlist) => {
    expect(stateOf(snapshotOf({ allowlist })).allowlist).toBe(allowlist);
  });

  it('is created once for each snapshot', () => {
    expect(stateOf(snapshot)).toBe(state);
    expect(stateOf({ ...snapshot })).not.toBe(state);
  });

  it.each([
    [
      'a person in a role that is not listed',
      { persons: [person(10, 404)] },
      'person 10 is in role 404, which is not in the list of roles',
    ],
    [
      'a default role that is not listed',
      { defaultRoleId: 404 },
      'the default role is 404, which is not in the list of roles',
    ],
  ])('refuses %s', (_, parts, message) => {
    const error = (() => {
      try {
        return stateOf(snapshotOf(parts));
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).problems).toMatchObject([
      { code: 'bad-answer', message, hint: 'roles may have been changed while they were read: try again' },
    ]);
  });
});

describe('keys', () => {
  it('are sorted, each once', () => {
    expect(sortKeys(['new:B', '#20', '#3', 'new:B', 'new:A'])).toEqual(['#20', '#3', 'new:A', 'new:B']);
  });
});

describe('roleAt', () => {
  it('finds a role, and throws an internal error if it does not exist', () => {
    const state = stateOf(snapshotOf({}));
    expect(roleAt(state, '#1').name).toBe('Admin');
    expect(() => roleAt(state, '#404')).toThrow(new TypeError('no role #404 in this state'));
  });
});
