import { describe, expect, it } from '@jest/globals';
import { newRole, type Role } from '../../../src/model/role.js';
import { shortenedList, newPeople, newRoles, roleLabel, ruleText } from '../../../src/plan/rules/texts.js';
import { person } from '../../support/arbitraries.js';

describe('the texts of rules', () => {
  it.each([
    ['Data Analyst', 'Data Analyst'],
    ['R-1_b.c', 'R-1_b.c'],
    ['Größe', 'Größe'],
    ['A  B', '"A  B"'],
    [' A', '" A"'],
    ['A ', '"A "'],
    ['-A', '"-A"'],
    ['A, B', '"A, B"'],
    ['A holding b', 'A holding b'],
    ['A\u200b', '"A\\u200b"'],
    ['', '""'],
  ])('name role %j as %s', (name, label) => expect(roleLabel({ name })).toBe(label));

  it.each<[number, string]>([
    [0, ''],
    [2, '1, 2'],
    [10, '1, 2, 3, 4, 5, 6, 7, 8, 9, 10'],
    [12, '1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more'],
  ])('list %d items', (count, text) => {
    expect(shortenedList(Array.from({ length: count }, (_, index) => String(index + 1)))).toBe(text);
  });

  it('name a rule with its place', () => {
    const rule = { name: 'few-admins' };
    expect(ruleText(rule)).toBe('rule "few-admins"');
    expect(ruleText(rule, { what: 'policy' })).toBe('rule "few-admins"');
    expect(ruleText(rule, { file: 'a.yaml', line: 12, column: 5 })).toBe('rule "few-admins" (a.yaml:12:5)');
  });

  it('concern only new violators', () => {
    const [a, b] = ['A', 'B'].map((name) => newRole({ name, description: '', grants: [] })) as [Role, Role];
    const people = new Map([1, 2].map((id) => [id, { person: person(id, 7), role: a }]));
    expect([...newPeople(people, new Map([[1, null]])).keys()]).toEqual([2]);
    const roles = new Map([a, b].map((role) => [role.key, role]));
    expect([...newRoles(roles, new Map([[b.key, null]])).keys()]).toEqual([a.key]);
  });
});
