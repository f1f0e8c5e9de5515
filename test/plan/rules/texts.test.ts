import { describe, expect, it } from '@jest/globals';
import { shortenedList, newPeople, newRoles, roleLabel, ruleText } from '../../../src/plan/rules/texts.js';

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

  it('concern only those who newly violate it', () => {
    const end = new Map([
      [1, 'a'],
      [2, 'b'],
    ]) as unknown as Parameters<typeof newPeople>[0];
    expect([...newPeople(end, new Map([[1, null]])).keys()]).toEqual([2]);
    const roles = new Map([
      ['#1', 'a'],
      ['#2', 'b'],
    ]) as unknown as Parameters<typeof newRoles>[0];
    expect([...newRoles(roles, new Map([['#2', null]])).keys()]).toEqual(['#1']);
  });
});
