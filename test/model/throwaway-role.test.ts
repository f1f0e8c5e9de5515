import { describe, expect, it } from '@jest/globals';
import { hasProbeName, isThrowaway, throwawayRoles } from '../../src/model/throwaway-role.js';
import type { ProbeNote, ThrowawayRole } from '../../src/model/throwaway-role.js';

const creating = (name: string): ProbeNote => ({ kind: 'creating', name });
const created = (name: string, roleId: number): ProbeNote => ({ kind: 'created', name, roleId });
const renaming = (roleId: number, name: string): ProbeNote => ({ kind: 'renaming', roleId, name });

describe('the throwaway roles of a probe', () => {
  it.each<[string, ProbeNote[], ThrowawayRole[]]>([
    ['are none without notes', [], []],
    ['have no id while no response has contained it', [creating('a')], [{ names: ['a'], id: null }]],
    ['have the id of the response', [creating('a'), created('a', 7)], [{ names: ['a'], id: 7 }]],
    [
      'have every name that they may have, under one id',
      [creating('a'), created('a', 7), renaming(7, 'b'), renaming(7, 'c')],
      [{ names: ['a', 'b', 'c'], id: 7 }],
    ],
    [
      'are in the order of their creation, each with its own notes',
      [creating('a'), created('a', 7), creating('b'), created('b', 8), renaming(8, 'c')],
      [
        { names: ['a'], id: 7 },
        { names: ['b', 'c'], id: 8 },
      ],
    ],
    [
      'are not made of a note about another role',
      [creating('a'), created('b', 8), renaming(9, 'c')],
      [{ names: ['a'], id: null }],
    ],
  ])('%s', (_, notes, roles) => expect(throwawayRoles(notes)).toEqual(roles));
});

describe('a live role is the throwaway one', () => {
  it.each<[string, { id: number; name: string }, Pick<ThrowawayRole, 'names' | 'id'>, boolean]>([
    ['by name and id', { id: 7, name: 'a' }, { names: ['a'], id: 7 }, true],
    ['by any of its names', { id: 7, name: 'b' }, { names: ['a', 'b'], id: 7 }, true],
    ['by name if its id is not known', { id: 8, name: 'a' }, { names: ['a'], id: null }, true],
    ['not with another id', { id: 8, name: 'a' }, { names: ['a'], id: 7 }, false],
    ['not with another name', { id: 7, name: 'x' }, { names: ['a'], id: 7 }, false],
    ['not with another name if its id is not known', { id: 7, name: 'x' }, { names: ['a'], id: null }, false],
  ])('%s', (_, live, role, expected) => expect(isThrowaway(live, role)).toBe(expected));
});

describe('a role has the name of a throwaway role', () => {
  it.each([
    ['domo-roles probe abcdef', true],
    ['Domo-Roles Probe ABCDEF', true],
    ['domo-roles probe', false],
    ['my domo-roles probe ', false],
    ['Analyst', false],
  ])('%j: %s', (name, expected) => expect(hasProbeName({ name })).toBe(expected));
});
