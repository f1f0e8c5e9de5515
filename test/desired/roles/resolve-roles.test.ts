import { describe, expect, it } from '@jest/globals';
import { resolveNames, resolveRoles } from '../../../src/desired/roles/resolve-roles.js';
import type { RoleKey } from '../../../src/model/role.js';
import { stateOf } from '../../../src/model/state.js';
import { liveRole, snapshotOf, wantedRole } from '../../support/arbitraries.js';

const LIVE = stateOf({
  ...snapshotOf({}),
  defaultRoleId: 100,
  people: { scope: 'all', list: [] },
  roles: [{ ...liveRole(100, 'A', ['a.view']), description: 'live' }, liveRole(101, 'B'), liveRole(102, 'B')],
}).roles;

describe('resolveNames', () => {
  it.each<[string, [string, RoleKey][], [string, RoleKey][], RoleKey[], object, object]>([
    ['live roles', [], [], [], { A: '#100', B: '#102' }, { '#100': 'A', '#101': 'B', '#102': 'B' }],
    ['a deleted role', [], [], ['#100'], { B: '#102' }, { '#101': 'B', '#102': 'B' }],
    [
      'a renamed role: its old name means nothing',
      [['New', '#100']],
      [],
      [],
      { New: '#100', B: '#102' },
      { '#100': 'New', '#101': 'B', '#102': 'B' },
    ],
    [
      'a role to be created',
      [['New', 'new:New']],
      [],
      ['#101', '#102'],
      { A: '#100', New: 'new:New' },
      { '#100': 'A', 'new:New': 'New' },
    ],
    [
      'a wanted name before that of a live role which stays',
      [['B', '#100']],
      [],
      [],
      { B: '#100' },
      { '#100': 'B', '#101': 'B', '#102': 'B' },
    ],
    ['a near name', [], [['a', '#100']], ['#101', '#102'], { A: '#100', a: '#100' }, { '#100': 'A' }],
    ['a near name of a deleted role', [], [['a', '#100']], ['#100', '#101', '#102'], {}, {}],
    [
      'a near name that is itself a name',
      [],
      [['A', '#102']],
      ['#101'],
      { A: '#100', B: '#102' },
      { '#100': 'A', '#102': 'B' },
    ],
  ])('%s', (_, keys, near, deleted, byName, names) => {
    const match = { keys: new Map(keys), near: new Map(near) };
    const found = resolveNames(LIVE, match, new Set(deleted));
    expect(Object.fromEntries(found.byName)).toEqual(byName);
    expect(Object.fromEntries(found.names)).toEqual(names);
  });

  it.each<[string, [string, RoleKey][], RoleKey[], object]>([
    ['nothing of roles that stay', [], [], {}],
    ['the new name of a renamed role', [['New', '#100']], [], { A: 'New' }],
    ['a deleted role', [], ['#100'], { A: null }],
    ['no name that another role has', [['New', '#101']], [], {}],
  ])('lists as gone %s', (_, keys, deleted, gone) => {
    const found = resolveNames(LIVE, { keys: new Map(keys), near: new Map() }, new Set(deleted));
    expect(Object.fromEntries(found.gone)).toEqual(gone);
  });
});

describe('resolveRoles', () => {
  const input = {
    manifest: {
      roles: [
        wantedRole('A', { description: 'wanted' }),
        wantedRole('Made', { description: 'made' }),
        wantedRole('Plain'),
      ],
    },
    live: LIVE,
    keys: new Map<string, RoleKey>([
      ['A', '#100'],
      ['Made', 'new:Made'],
      ['Plain', 'new:Plain'],
    ]),
    names: new Map<RoleKey, string>([
      ['new:Plain', 'Plain'],
      ['new:Made', 'Made'],
      ['#102', 'B'],
      ['#101', 'B'],
      ['#100', 'A'],
    ]),
    grants: new Map<RoleKey, readonly string[]>([['new:Made', ['b.view']]]),
    keepsText: () => false,
  };

  it('are in the order of names, then of keys', () => {
    expect([...resolveRoles(input).keys()]).toEqual(['#100', '#101', '#102', 'new:Made', 'new:Plain']);
  });

  it.each<[string, Partial<typeof input>, RoleKey, object]>([
    ['the wanted description', {}, '#100', { id: 100, name: 'A', description: 'wanted', grants: ['a.view'] }],
    [
      'the live description if its difference is accepted',
      { keepsText: () => true },
      '#100',
      { description: 'live' },
    ],
    [
      'the live description if the manifest has none',
      { manifest: { roles: [wantedRole('A')] } },
      '#100',
      { description: 'live' },
    ],
    [
      'an empty description if the manifest clears it',
      { manifest: { roles: [wantedRole('A', { description: '' })] } },
      '#100',
      { description: '' },
    ],
    [
      'the grants of the end state',
      { grants: new Map([['#100', ['c.use']]]) },
      '#100',
      { grants: ['c.use'] },
    ],
    ['a new name', { names: new Map([['#100', 'Z']]) }, '#100', { name: 'Z' }],
    ['a role to be created', {}, 'new:Made', { id: null, description: 'made', grants: ['b.view'] }],
    [
      'a description that is accepted, of a role to be created',
      { keepsText: () => true },
      'new:Made',
      { description: 'made' },
    ],
    ['a role to be created without more', {}, 'new:Plain', { description: '', grants: [] }],
  ])('have %s', (_, parts, key, role) => {
    expect(resolveRoles({ ...input, ...parts }).get(key)).toMatchObject(role);
  });
});
