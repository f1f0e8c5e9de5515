import { describe, expect, it } from '@jest/globals';
import { onlyOwnRules, parseAllowOf, refuseUnknownRules } from '../../src/fleet/allow-of.js';

const RULES = ['two-owners', 'a', 'b'].map((name) => ({ name }));
const NAMES = ['acme', 'acme-dev', 'globex'];

/** The permissions of an instance, as plain entries. */
function allowed(words: readonly string[], instance: string): unknown {
  return Object.fromEntries(
    [...parseAllowOf(words, NAMES)(instance, RULES)].map(([code, value]) => [
      code,
      typeof value === 'object' && value !== null ? [...value].sort() : value,
    ]),
  );
}

describe('--allow for a fleet', () => {
  it.each<[string[], string, unknown]>([
    [[], 'acme', {}],
    [['max-moves=40'], 'acme', { 'max-moves': 40 }],
    [['max-moves=40'], 'globex', { 'max-moves': 40 }],
    [['acme:max-moves=40'], 'acme', { 'max-moves': 40 }],
    [['acme:max-moves=40'], 'globex', {}],
    [['acme:max-moves=40'], 'acme-dev', {}],
    [['acme:escalation'], 'acme', { escalation: null }],
    [['acme:escalation'], 'globex', {}],
    [['*:escalation'], 'globex', { escalation: null }],
    [['missing-people'], 'globex', { 'missing-people': null }],
    [['rule=two-owners'], 'globex', { rule: ['two-owners'] }],
    [['acme:rule=two-owners'], 'acme', { rule: ['two-owners'] }],
    [['acme:rule=two-owners'], 'globex', {}],
    // A rule for all instances applies if the policy has it. A rule for one instance always applies, so that a typing
    // error is found.
    [['rule=elsewhere', 'rule=a'], 'acme', { rule: ['a'] }],
    [['*:rule=elsewhere'], 'acme', {}],
    [['acme:rule=elsewhere'], 'acme', { rule: ['elsewhere'] }],
    // Permissions for all and for one instance add up, as in a command for one instance.
    [['max-moves=40', 'acme:max-moves=5'], 'acme', { 'max-moves': 40 }],
    [['max-moves=5', 'acme:max-moves=40'], 'acme', { 'max-moves': 40 }],
    [['rule=a', 'acme:rule=b'], 'acme', { rule: ['a', 'b'] }],
    [['acme:max-moves=1', 'acme:max-deletes=2'], 'acme', { 'max-moves': 1, 'max-deletes': 2 }],
  ])('%j for %s: %j', (words, instance, found) => {
    expect(allowed(words, instance)).toEqual(found);
  });

  it.each(['escalation', 'min-admins', 'required-admins', 'self-lockout'])(
    '%s needs the name of an instance, or *',
    (code) => {
      expect(() => parseAllowOf([code], NAMES)).toThrow(`--allow ${code} needs the name of an instance`);
      expect(() => parseAllowOf([`*:${code}`, `acme:${code}`], NAMES)).not.toThrow();
    },
  );

  it.each([
    ['other:escalation', 'the instance "other" is not selected'],
    ['ACME:escalation', 'the instance "ACME" is not selected'],
    ['acme*:escalation', 'is not selected'],
    ['acme:unknown-code', 'does not accept "unknown-code"'],
    ['unknown-code', 'does not accept "unknown-code"'],
    [':escalation', 'does not accept'],
    ['acme:', 'does not accept'],
    ['a:b:escalation', 'does not accept'],
    ['acme:max-moves', 'requires a number'],
    ['acme:escalation=3', 'does not accept a number'],
    ['acme:rule', 'requires the name of a rule'],
    ['constructor:escalation', 'is not selected'],
  ])('%s is a usage error: %s', (word, message) => {
    expect(() => parseAllowOf([word], NAMES)).toThrow(message);
  });
});

describe('a rule that is allowed for all instances', () => {
  it.each<[string[], string[], string | null]>([
    [['rule=a'], ['a', 'b'], null],
    [['acme:rule=c'], [], null],
    [['max-moves=3'], [], null],
    [['rule=c'], ['b', 'a'], '--allow rule=c names no rule of any selected instance'],
    [['*:rule=c'], [], '--allow rule=c names no rule of any selected instance'],
  ])('%j with the rules %j in all policies: %j', (words, known, message) => {
    const refuse = (): void => refuseUnknownRules(parseAllowOf(words, NAMES), new Set(known));
    if (message === null) expect(refuse).not.toThrow();
    else expect(refuse).toThrow(message);
  });
});

describe('onlyOwnRules', () => {
  it('leaves out a rule that an instance is allowed by name and does not have, and nothing else', () => {
    const allowOf = parseAllowOf(['acme:rule=a', 'acme:rule=b', 'max-moves=4'], NAMES);
    const own = onlyOwnRules(allowOf);
    expect(own.sharedRules).toBe(allowOf.sharedRules);
    expect([...own('acme', [{ name: 'b' }])]).toEqual([
      ['max-moves', 4],
      ['rule', new Set(['b'])],
    ]);
    expect([...onlyOwnRules(parseAllowOf(['max-moves=4'], NAMES))('acme', [])]).toEqual([['max-moves', 4]]);
  });
});
