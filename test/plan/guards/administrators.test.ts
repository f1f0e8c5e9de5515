import { describe, expect, it } from '@jest/globals';
import type { Person, PersonKind } from '../../../src/model/person.js';
import type { PersonRef } from '../../../src/model/policy.js';
import type { LiveRole, Snapshot } from '../../../src/model/snapshot.js';
import { stateOf } from '../../../src/model/state.js';
import {
  administrators,
  defaultForbidden,
  minAdmins,
  requiredAdmins,
  selfLockout,
} from '../../../src/plan/guards/administrators.js';
import { liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { guardInput } from '../../support/guard-input.js';

const KEEPER = liveRole(100, 'Keeper', ['authorization.roles']);
const TEAM = liveRole(101, 'Team', ['a.view']);
const world = (
  persons: readonly Person[],
  custom: readonly LiveRole[] = [KEEPER, TEAM],
  parts: Partial<Snapshot> = {},
): Snapshot => snapshotOf({ custom, persons, ...parts });

describe('administrators', () => {
  it.each<[PersonKind, boolean]>([
    ['active', true],
    ['pending', false],
    ['support', false],
    ['system', false],
  ])('count a person of kind %s: %s', (kind, counts) => {
    const state = stateOf(world([person(1, 4), person(10, 100, kind)]));
    expect(administrators(state).map(({ id }) => id)).toEqual(counts ? [10] : []);
  });

  it('include every role that has the grant, sorted by id', () => {
    const state = stateOf(world([person(1, 1), person(12, 100), person(11, 101), person(3, 100)]));
    expect(administrators(state).map(({ id }) => id)).toEqual([1, 3, 12]);
  });
});

describe('min-admins', () => {
  const refused = (persons: readonly Person[], least: number): unknown => {
    const end = world(persons);
    return minAdmins(guardInput(end, end, { policy: { minAdmins: least } }));
  };

  it.each<[string, Person[], number]>([
    ['exactly enough', [person(1, 1), person(2, 100)], 2],
    ['more than enough', [person(1, 1), person(2, 100)], 1],
    ['none where 0 are needed', [person(1, 4)], 0],
  ])('passes %s', (_, persons, least) => expect(refused(persons, least)).toBeNull());

  it.each<[string, Person[], number, string, string[]]>([
    ['none', [person(1, 4)], 1, '0 active people would hold authorization.roles, at least 1 must', []],
    [
      'one too few',
      [person(1, 1)],
      2,
      '1 active person would hold authorization.roles, at least 2 must',
      ['p1@acme.com'],
    ],
    [
      'enough, but one of them pending, one support and one system',
      [person(1, 1), person(2, 1, 'pending'), person(3, 1, 'support'), person(4, 1, 'system')],
      2,
      '1 active person would hold authorization.roles, at least 2 must',
      ['p1@acme.com'],
    ],
    [
      'a person without an address, by id',
      [person(1, 4), { ...person(7, 1), email: null }],
      2,
      '1 active person would hold authorization.roles, at least 2 must',
      ['id 7'],
    ],
  ])('refuses %s', (_, persons, least, message, items) =>
    expect(refused(persons, least)).toEqual({
      code: 'min-admins',
      message,
      figure: items.length,
      limit: least,
      key: 'policy.minAdmins',
      flag: '--allow min-admins',
      items,
      hint: null,
    }),
  );

  it('counts the end state and not the live state', () => {
    const input = guardInput(world([person(1, 1)]), world([person(1, 4)]));
    expect(minAdmins(input)).toMatchObject({ figure: 0, limit: 1 });
  });
});

describe('required-admins', () => {
  const refused = (required: readonly PersonRef[], persons: readonly Person[]): unknown => {
    const end = world(persons);
    return requiredAdmins(guardInput(end, end, { policy: { requiredAdmins: required } }));
  };
  const ADMIN = [person(1, 4), person(5, 100)];

  it.each<[string, PersonRef[], Person[]]>([
    ['an empty list although there are no administrators', [], [person(1, 4)]],
    ['one by address', [{ email: 'p5@acme.com' }], ADMIN],
    ['one by id', [{ id: 5 }], ADMIN],
  ])('passes %s', (_, required, persons) => expect(refused(required, persons)).toBeNull());

  it.each<[string, PersonRef[], Person[], string[]]>([
    ['a person in another role', [{ email: 'p1@acme.com' }], ADMIN, ['p1@acme.com']],
    ['a person who is not on the instance', [{ email: 'x@acme.com' }], ADMIN, ['x@acme.com']],
    ['an id that is not on the instance', [{ id: 99 }], ADMIN, ['id 99']],
    ['a pending account', [{ id: 6 }], [person(1, 1), person(6, 1, 'pending')], ['id 6']],
    ['only those who are missing', [{ id: 5 }, { id: 1 }, { id: 2 }], ADMIN, ['id 1', 'id 2']],
  ])('refuses %s', (_, required, persons, items) =>
    expect(refused(required, persons)).toEqual({
      code: 'required-admins',
      message: `${items.join(', ')} must hold authorization.roles and would not`,
      figure: items.length,
      limit: 0,
      key: 'policy.requiredAdmins',
      flag: '--allow required-admins',
      items,
      hint: null,
    }),
  );
});

describe('self-lockout', () => {
  const IN = (roleId: number): Snapshot => world([person(1, roleId), person(2, 1)]);

  it.each<[string, Snapshot, Snapshot, number | null]>([
    ['a person who keeps the right', IN(1), IN(1), 1],
    ['a person who keeps it in another role', IN(1), IN(100), 1],
    ['a person who never had it', IN(4), IN(3), 1],
    ['a person who gains it', IN(4), IN(1), 1],
    ['an unknown person', IN(1), IN(4), null],
    ['a person who is not listed', IN(1), IN(4), 99],
  ])('passes %s', (_, live, end, me) => expect(selfLockout(guardInput(live, end, { me }))).toBeNull());

  it.each<[string, Snapshot, Snapshot]>([
    ['a move out of the role', IN(1), IN(4)],
    ['a role that loses the grant', IN(100), world([person(1, 100)], [{ ...KEEPER, grants: [] }, TEAM])],
  ])('refuses %s', (_, live, end) =>
    expect(selfLockout(guardInput(live, end, { me: 1 }))).toEqual({
      code: 'self-lockout',
      message: 'the acting person would lose authorization.roles',
      figure: null,
      limit: null,
      key: null,
      flag: '--allow self-lockout',
      items: [],
      hint: 'apply with the token of an administrator who keeps it',
    }),
  );
});

describe('default-forbidden', () => {
  const withDefault = (id: number, custom = [KEEPER, TEAM]): Snapshot =>
    world([], custom, { defaultRoleId: id });
  const TEAM_AS_KEEPER = { ...TEAM, grants: ['authorization.roles'] };

  it.each<[string, Snapshot, Snapshot]>([
    ['a default role without the grant', withDefault(4), withDefault(101)],
    ['a default role that already had it', withDefault(100), withDefault(100)],
    ['a default role that loses it', withDefault(100), withDefault(100, [{ ...KEEPER, grants: [] }, TEAM])],
  ])('passes %s', (_, live, end) => expect(defaultForbidden(guardInput(live, end))).toBeNull());

  it.each<[string, Snapshot, Snapshot, string]>([
    ['a role that holds it and becomes the default', withDefault(4), withDefault(100), 'Keeper'],
    ['the default role that gains it', withDefault(101), withDefault(101, [KEEPER, TEAM_AS_KEEPER]), 'Team'],
    ['a new role that holds it', withDefault(4, [TEAM]), withDefault(100), 'Keeper'],
  ])('refuses %s, which no flag can allow', (_, live, end, name) =>
    expect(defaultForbidden(guardInput(live, end))).toEqual({
      code: 'default-forbidden',
      message: `role "${name}" would be the default role and hold authorization.roles, which Domo forbids`,
      figure: null,
      limit: null,
      key: 'defaultRole',
      flag: null,
      items: [name],
      hint: null,
    }),
  );
});
