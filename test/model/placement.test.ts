import { describe, expect, it } from '@jest/globals';
import { roleHasMembers, peopleIn, placementOf } from '../../src/model/placement.js';
import { newRole } from '../../src/model/role.js';
import type { ExistingRole, Role } from '../../src/model/role.js';
import { person } from '../support/arbitraries.js';

const role = (id: number): ExistingRole => ({
  key: `#${id}`,
  id,
  name: `R${id}`,
  description: '',
  grants: [],
});
const MADE = newRole({ name: 'Made', description: '', grants: [] });
const PEOPLE = [person(1, 4), person(2, 4), person(3, 5), person(4, 6), person(5, 6)];
/** 1 stays, 2 moves to another live role, 3 moves to a new one, 4 has no place, 99 is not on the instance. */
const MOVED = placementOf(
  PEOPLE,
  new Map([
    [2, '#5'],
    [3, 'new:Made'],
    [4, null],
    [99, '#7'],
  ]),
);

describe('placementOf', () => {
  it.each([
    [1, '#4'],
    [2, '#5'],
    [3, 'new:Made'],
    [4, undefined],
    [5, '#6'],
    [99, undefined],
  ])('person %d is in %s', (id, key) => {
    expect(MOVED.get(id)).toBe(key);
    const found = PEOPLE.find((one) => one.id === id);
    if (found) expect(MOVED.of(found)).toBe(key);
  });

  it('leaves all people where they were read without moves', () => {
    const still = placementOf(PEOPLE);
    expect(PEOPLE.map((one) => still.of(one))).toEqual(['#4', '#4', '#5', '#6', '#6']);
    expect(still.moved.size).toBe(0);
    expect(still.read).toBe(PEOPLE);
  });
});

describe('the members of a role after moves', () => {
  it.each<[string, Role[], number[]]>([
    ['a role that one left', [role(4)], [1]],
    ['a role that one left and one joined', [role(5)], [2]],
    ['a role that is created', [MADE], [3]],
    ['a role whose member has no place', [role(6)], [5]],
    ['a role that only an unknown person joins', [role(7)], []],
    ['several roles, by id', [MADE, role(6), role(4)], [1, 3, 5]],
    ['no role', [], []],
  ])('%s', (_, roles, ids) => {
    expect(peopleIn(MOVED, roles).map(({ id }) => id)).toEqual(ids);
    if (roles.length === 1) expect(roleHasMembers(MOVED, roles[0] as Role)).toBe(ids.length > 0);
  });

  it('is empty when everyone has left', () => {
    const left = placementOf([person(1, 4)], new Map([[1, '#5' as const]]));
    expect(roleHasMembers(left, role(4))).toBe(false);
    expect(roleHasMembers(left, role(5))).toBe(true);
    expect(peopleIn(left, [role(4)])).toEqual([]);
  });
});
