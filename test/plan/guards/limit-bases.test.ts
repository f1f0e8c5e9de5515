import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { stateOf } from '../../../src/model/state.js';
import { countPeople, customRoles, limitBases } from '../../../src/plan/guards/limit-bases.js';
import { liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { endOf } from '../../support/guard-input.js';

const persons = [person(1, 1), person(2, 4, 'pending'), person(3, 4, 'support'), person(4, 4, 'system')];
const A = liveRole(100, 'A', ['a.view', 'b.view']);
const B = liveRole(101, 'B', ['c.use']);
const live = snapshotOf({ custom: [A, B], persons });
const counted = (count: (id: number) => number | null): Snapshot => ({
  ...live,
  people: { ...live.people, scope: 'admins' },
  roles: live.roles.map((role) => ({ ...role, userCount: count(role.id) })),
});

describe('the base of a percentage limit', () => {
  it.each<[string, Snapshot, Snapshot, ReturnType<typeof limitBases>]>([
    [
      'custom roles, ordinary people and grants of custom roles',
      live,
      live,
      { customRoles: 2, people: 2, customGrants: 3 },
    ],
    [
      'live grants of roles that stay',
      live,
      {
        ...live,
        roles: live.roles
          .filter(({ id }) => id !== 101)
          .map((role) => (role.id === 100 ? { ...role, grants: [] } : role)),
      },
      { customRoles: 2, people: 2, customGrants: 2 },
    ],
    [
      'people as the instance counts them, if only administrators were read',
      counted(() => 10),
      live,
      { customRoles: 2, people: 70, customGrants: 3 },
    ],
    [
      'the people who were read, if the instance does not count those of a role',
      counted((id) => (id === 100 ? null : 10)),
      live,
      { customRoles: 2, people: 4, customGrants: 3 },
    ],
    [
      'only people on a new instance',
      snapshotOf({}),
      snapshotOf({}),
      { customRoles: 0, people: 1, customGrants: 0 },
    ],
  ])('%s', (_, now, end, expected) => {
    expect(limitBases(now, stateOf(now), endOf(now, end))).toEqual(expected);
  });

  it('excludes system roles and accounts of Domo itself', () => {
    expect(customRoles(stateOf(live)).map(({ name }) => name)).toEqual(['A', 'B']);
    expect(countPeople(persons)).toBe(2);
  });
});
