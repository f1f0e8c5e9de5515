import { describe, expect, it } from '@jest/globals';
import {
  needsAllPeople,
  rolesToReadDirectly,
  rolesWithHiddenPeople,
} from '../../src/desired/required-reads.js';
import type { Manifest } from '../../src/manifest/manifest.js';
import type { LiveRole } from '../../src/model/snapshot.js';
import {
  exactGrants,
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../support/arbitraries.js';

const OPTIONS = { now: '2027-01-01T00:00:00.000Z' };
const role = (id: number, name: string, counts: Partial<LiveRole> = {}): LiveRole => ({
  ...liveRole(id, name, ['a.view']),
  userCount: 2,
  grantCount: 1,
  ...counts,
});
const to = (grants: ReturnType<typeof exactGrants>): Partial<Manifest> => ({
  roles: [wantedRole('A', { grants })],
});

describe('needsAllPeople', () => {
  it.each<[string, Partial<Manifest>, boolean]>([
    ['nothing', {}, false],
    ['members', { roles: [wantedRole('A', { members: members('additive', 10) })] }, true],
    ['grants that change', to(exactGrants('b.view')), true],
    ['unchanged grants', to(exactGrants('a.view')), false],
    ['a description', { roles: [wantedRole('A', { description: 'x' })] }, false],
    ['a role to be created', { roles: [wantedRole('New', { grants: exactGrants('a.view') })] }, false],
    ['a role to be deleted', { removed: ['A'] }, true],
    ['a new default role', { defaultRole: 'Editor' }, false],
  ])('for %s: %s', (_, parts, expected) => {
    expect(needsAllPeople(loadedOf(parts), snapshotOf({ custom: [role(100, 'A')] }), OPTIONS)).toBe(expected);
  });
});

describe('rolesWithHiddenPeople', () => {
  const persons = [person(10, 100)];

  it.each<[string, Partial<Manifest>, Partial<LiveRole>, number[]]>([
    ['a deleted role that counts more people than are known', { removed: ['A'] }, {}, [100]],
    ['a deleted role that counts as many', { removed: ['A'] }, { userCount: 1 }, []],
    ['a deleted role that gives no count', { removed: ['A'] }, { userCount: null }, []],
    ['a role that gains a protected grant', to(exactGrants('a.view', 'user.edit')), {}, [100]],
    ['a role that gains an ordinary grant', to(exactGrants('a.view', 'b.view')), {}, []],
    [
      'a role that loses a protected grant',
      to(exactGrants('a.view')),
      { grants: ['a.view', 'user.edit'] },
      [],
    ],
    [
      'a role that gains a grant of the own list',
      { ...to(exactGrants('a.view', 'b.view')), policy: { ...WIDE_POLICY, protectedGrants: ['b.view'] } },
      {},
      [100],
    ],
  ])('%s', (_, parts, counts, ids) => {
    const snapshot = snapshotOf({ custom: [role(100, 'A', counts)], persons });
    const policy = parts.policy ?? { ...WIDE_POLICY, protectedGrants: null };
    const found = rolesWithHiddenPeople(loadedOf({ ...parts, policy }), snapshot, OPTIONS);
    expect(found.map(({ id }) => id)).toEqual(ids);
  });
});

describe('rolesToReadAlone', () => {
  it.each<[string, Partial<Manifest>, Partial<LiveRole>, number[]]>([
    ['a written role whose count differs', to(exactGrants('b.view')), { grantCount: 2 }, [100]],
    ['a written role without a count', to(exactGrants('b.view')), { grantCount: null }, [100]],
    ['a written role whose count agrees', to(exactGrants('b.view')), {}, []],
    ['a deleted role whose count differs', { removed: ['A'] }, { grantCount: 2 }, [100]],
    ['an untouched role whose count differs', {}, { grantCount: 2 }, []],
    [
      'a role of which only the text is written',
      { roles: [wantedRole('A', { description: 'x' })] },
      { grantCount: 2 },
      [],
    ],
  ])('%s', (_, parts, counts, ids) => {
    const base = snapshotOf({ custom: [role(100, 'A', counts)] });
    const roles = base.roles.map((one) => (one.id === 100 ? one : { ...one, grantCount: one.grants.length }));
    expect(rolesToReadDirectly(loadedOf(parts), { ...base, roles }, OPTIONS)).toEqual(ids);
  });
});
