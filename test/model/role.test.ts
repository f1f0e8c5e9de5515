import { describe, expect, it } from '@jest/globals';
import { isSystemRole, isSystemRoleName, nearSystemRole, newRole, planRoleId } from '../../src/model/role.js';

describe('system roles', () => {
  it.each([
    [0, false],
    [1, true],
    [5, true],
    [6, false],
    [810756122, false],
  ])('id %d: %s', (id, expected) => {
    expect(isSystemRole(id)).toBe(expected);
  });

  it.each([
    ['Admin', true, 'Admin'],
    ['Social', true, 'Social'],
    ['admin', false, 'Admin'],
    [' PARTICIPANT ', false, 'Participant'],
    ['Pri\u200bvileged', false, 'Privileged'],
    ['Analyst', false, null],
    ['constructor', false, null],
    ['', false, null],
  ])('name %j: exactly %s, near %s', (name, exact, near) => {
    expect(isSystemRoleName(name)).toBe(exact);
    expect(nearSystemRole(name)).toBe(near);
  });
});

describe('planRoleId', () => {
  it('is the number of a live role, and the key of a role to be created', () => {
    const fields = { name: 'A', description: 'd', grants: ['a.view'] };
    const made = newRole(fields);
    expect(made).toEqual({ key: 'new:A', id: null, ...fields });
    expect(planRoleId(made)).toBe('new:A');
    expect(planRoleId({ ...fields, key: '#7', id: 7 })).toBe(7);
  });
});
