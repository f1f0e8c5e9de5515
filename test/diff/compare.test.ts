import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareStates } from '../../src/diff/compare.js';
import { placementOf } from '../../src/model/placement.js';
import { newRole } from '../../src/model/role.js';
import type { ExistingRole, Role, RoleKey } from '../../src/model/role.js';
import { stateOf } from '../../src/model/state.js';
import type { State } from '../../src/model/state.js';
import { anySnapshot, person } from '../support/arbitraries.js';

const alpha: ExistingRole = { key: '#10', id: 10, name: 'Alpha', description: 'd', grants: ['a', 'b'] };
const beta: ExistingRole = { key: '#11', id: 11, name: 'Beta', description: '', grants: [] };
const gamma = newRole({ name: 'Gamma', description: '', grants: ['a'] });
const PEOPLE = [person(1, 10), person(2, 10), person(3, 11)];

interface Parts extends Partial<Omit<State, 'roles'>> {
  roles?: readonly Role[];
}

function stateWith({ roles = [alpha, beta], ...rest }: Parts = {}): State {
  return {
    roles: new Map(roles.map((role) => [role.key, role])),
    people: placementOf(PEOPLE),
    defaultRole: '#10',
    allowlist: 'off',
    ...rest,
  };
}

const moved = (...moves: [number, RoleKey | null][]): Parts => ({
  people: placementOf(PEOPLE, new Map(moves)),
});

const ROWS: [string, Parts, Parts, object[]][] = [
  ['nothing', {}, {}, []],
  ['a role to be created', {}, { roles: [alpha, beta, gamma] }, [{ kind: 'role-missing', after: gamma }]],
  ['a new role on both sides', { roles: [alpha, gamma] }, { roles: [alpha, gamma] }, []],
  ['a new role on the first side alone', { roles: [alpha, gamma] }, { roles: [alpha] }, []],
  ['a role to be deleted', {}, { roles: [alpha] }, [{ kind: 'role-extra', before: beta }]],
  [
    'a name',
    {},
    { roles: [{ ...alpha, name: 'Omega' }, beta] },
    [{ kind: 'text', key: '#10', before: alpha, after: { ...alpha, name: 'Omega' } }],
  ],
  [
    'a description',
    {},
    { roles: [{ ...alpha, description: 'e' }, beta] },
    [{ kind: 'text', key: '#10', before: alpha, after: { ...alpha, description: 'e' } }],
  ],
  [
    'grants',
    {},
    { roles: [{ ...alpha, grants: ['b', 'c'] }, beta] },
    [{ kind: 'grants', key: '#10', before: alpha, added: ['c'], removed: ['a'] }],
  ],
  [
    'text and grants of one role',
    {},
    { roles: [{ ...alpha, description: 'e', grants: ['a'] }, beta] },
    [{ kind: 'text' }, { kind: 'grants', added: [], removed: ['b'] }],
  ],
  [
    'several roles: in the order of their names',
    {},
    { roles: [{ ...beta, grants: ['x'] }, newRole({ name: 'Aa', description: '', grants: [] })] },
    [{ kind: 'role-missing' }, { kind: 'role-extra', before: alpha }, { kind: 'grants', key: '#11' }],
  ],
  [
    'people: in the order of their ids',
    {},
    moved([3, '#10'], [1, '#11']),
    [
      { kind: 'placement', person: 1, from: '#10', to: '#11' },
      { kind: 'placement', person: 3, from: '#11', to: '#10' },
    ],
  ],
  ['a move to the role they are in', {}, moved([1, '#10']), []],
  ['a person who loses their place', {}, moved([1, null]), []],
  ['a person who had no place', moved([1, null]), moved([1, '#11']), []],
  ['equal moves on both sides', moved([1, '#11']), moved([1, '#11']), []],
  [
    'a move on the first side alone',
    moved([1, '#11']),
    {},
    [{ kind: 'placement', person: 1, from: '#11', to: '#10' }],
  ],
  [
    'people of two snapshots, between which one person came and one left',
    { people: placementOf([person(1, 10), person(2, 10)]) },
    { people: placementOf([person(2, 11), person(9, 10)]) },
    [{ kind: 'placement', person: 2, from: '#10', to: '#11' }],
  ],
  ['the default role', {}, { defaultRole: '#11' }, [{ kind: 'default-role', before: '#10', after: '#11' }]],
  [
    'the allowlist',
    { allowlist: ['#10'] },
    { allowlist: ['#10', '#11'] },
    [{ kind: 'allowlist', before: ['#10'], after: ['#10', '#11'] }],
  ],
  ['equal allowlists', { allowlist: ['#10'] }, { allowlist: ['#10'] }, []],
  [
    'everything: roles, then people, then settings',
    {},
    { roles: [alpha], ...moved([3, '#10']), defaultRole: '#11', allowlist: [] },
    [{ kind: 'role-extra' }, { kind: 'placement' }, { kind: 'default-role' }, { kind: 'allowlist' }],
  ],
];

describe('compareStates', () => {
  it.each(ROWS)('%s', (_, before, after, differences) => {
    const found = compareStates(stateWith(before), stateWith(after));
    expect(found).toHaveLength(differences.length);
    expect(found).toMatchObject(differences);
  });

  it.each<[string, Role[]]>([
    ['on the second side alone', [beta]],
    ['new on the first side', [beta, { ...gamma, key: '#10' as never }]],
  ])('throws an internal error for a live role that is %s', (_, roles) => {
    expect(() => compareStates(stateWith({ roles }), stateWith())).toThrow(
      new TypeError('role #10 is live on one side only'),
    );
  });

  it('finds no difference between equal states', () => {
    fc.assert(
      fc.property(anySnapshot, (snapshot) => {
        expect(compareStates(stateOf(snapshot), stateOf({ ...snapshot }))).toEqual([]);
      }),
    );
  });
});
