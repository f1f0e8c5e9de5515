import { describe, expect, it } from '@jest/globals';
import { roleLabel, ruleText } from '../../../src/plan/rules/texts.js';

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

  it('name a rule with its place', () => {
    const rule = { name: 'few-admins' };
    expect(ruleText(rule)).toBe('rule "few-admins"');
    expect(ruleText(rule, { what: 'policy' })).toBe('rule "few-admins"');
    expect(ruleText(rule, { file: 'a.yaml', line: 12, column: 5 })).toBe('rule "few-admins" (a.yaml:12:5)');
  });
});
