import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { refusal } from '../../../src/model/refusal.js';
import {
  ALLOW_CODES,
  allowFlag,
  applyAllow,
  parseAllow,
  refuseUnknownRules,
  ruleFlag,
} from '../../../src/plan/guards/allow.js';
import type { AllowCode, GuardCode } from '../../../src/plan/guards/allow.js';
import type { Refusal } from '../../../src/plan/plan.js';
import { CODES } from '../../../src/problem/codes.js';
import type { ProblemCode } from '../../../src/problem/codes.js';
import { ProblemError } from '../../../src/problem/problem.js';
import { inputs, sawEvery } from '../../support/law.js';

const problemsOf = (values: readonly string[]): unknown => {
  try {
    return parseAllow(values);
  } catch (error) {
    return error instanceof ProblemError ? error.problems : error;
  }
};

describe('the codes that --allow accepts', () => {
  it('are these, sorted', () => {
    expect(ALLOW_CODES).toEqual([
      'escalation',
      'max-deletes',
      'max-grant-changes',
      'max-moves',
      'min-admins',
      'missing-people',
      'required-admins',
      'rule',
      'self-lockout',
    ]);
  });

  it.each<[GuardCode, number, string]>([
    ['max-deletes', 3, '--allow max-deletes=3'],
    ['max-moves', 12, '--allow max-moves=12'],
    ['max-grant-changes', 0, '--allow max-grant-changes=0'],
    ['min-admins', 3, '--allow min-admins'],
    ['required-admins', 1, '--allow required-admins'],
    ['self-lockout', 0, '--allow self-lockout'],
    ['escalation', 2, '--allow escalation'],
    ['missing-people', 2, '--allow missing-people'],
  ])('%s with figure %d: the flag is %s', (code, figure, flag) => expect(allowFlag(code, figure)).toBe(flag));
});

describe('parseAllow', () => {
  it.each<[string, string[], [AllowCode, number | Set<string> | null][]]>([
    ['a rule', ['rule=a-b'], [['rule', new Set(['a-b'])]]],
    ['two rules', ['rule=a', 'rule=b', 'rule=a'], [['rule', new Set(['a', 'b'])]]],
    ['a rule with the name of a prototype key', ['rule=constructor'], [['rule', new Set(['constructor'])]]],
    ['nothing', [], []],
    ['a plain code', ['escalation'], [['escalation', null]]],
    ['a number', ['max-moves=12'], [['max-moves', 12]]],
    ['0', ['max-moves=0'], [['max-moves', 0]]],
    ['leading zeros', ['max-moves=007'], [['max-moves', 7]]],
    ['nine digits', ['max-moves=999999999'], [['max-moves', 999_999_999]]],
    ['a duplicate code', ['escalation', 'escalation'], [['escalation', null]]],
    ['two numbers: the higher, if first', ['max-moves=5', 'max-moves=3'], [['max-moves', 5]]],
    ['two numbers: the higher, if last', ['max-moves=3', 'max-moves=5'], [['max-moves', 5]]],
    [
      'several codes',
      ['self-lockout', 'max-deletes=1'],
      [
        ['self-lockout', null],
        ['max-deletes', 1],
      ],
    ],
  ])('reads %s', (_, values, entries) => expect([...parseAllow(values)]).toEqual(entries));

  it.each<[string, string, string, string]>([
    [
      'an unknown code',
      'max-move=1',
      '--allow does not accept "max-move"',
      'valid values: escalation, max-deletes',
    ],
    [
      'a code that cannot be allowed',
      'no-destination',
      '--allow does not accept "no-destination"',
      'valid values:',
    ],
    ['an empty text', '', '--allow does not accept ""', 'valid values:'],
    ['spaces around a code', ' escalation', '--allow does not accept " escalation"', 'valid values:'],
    ['a prototype key', 'constructor', '--allow does not accept "constructor"', 'valid values:'],
    ['no number', 'max-moves', '--allow max-moves requires a number', 'write --allow max-moves=N'],
    ['an empty number', 'max-moves=', '--allow max-moves requires a number', 'write --allow max-moves=N'],
    ['a percentage', 'max-moves=50%', '--allow max-moves requires a number', 'write --allow max-moves=N'],
    ['a negative number', 'max-moves=-1', '--allow max-moves requires a number', 'write --allow max-moves=N'],
    ['a fraction', 'max-moves=1.5', '--allow max-moves requires a number', 'write --allow max-moves=N'],
    ['an exponent', 'max-moves=1e3', '--allow max-moves requires a number', 'write --allow max-moves=N'],
    [
      'two numbers in one',
      'max-moves=1=2',
      '--allow max-moves requires a number',
      'write --allow max-moves=N',
    ],
    [
      'ten digits',
      'max-moves=1000000000',
      '--allow max-moves requires a number',
      'write --allow max-moves=N',
    ],
    ['a bare rule', 'rule', '--allow rule requires the name of a rule', 'write --allow rule=NAME'],
    ['an empty name of a rule', 'rule=', '--allow rule requires the name of a rule', 'rule=NAME'],
    ['an invalid name of a rule', 'rule=A b', '--allow rule requires the name of a rule', 'rule=NAME'],
    ['a rule with a number', 'rule=a=1', '--allow rule requires the name of a rule', 'rule=NAME'],
    [
      'an extra number',
      'escalation=1',
      '--allow escalation does not accept a number',
      'write --allow escalation',
    ],
    [
      'an extra equals sign',
      'escalation=',
      '--allow escalation does not accept a number',
      'write --allow escalation',
    ],
  ])('rejects %s', (_, value, message, hint) => {
    expect(problemsOf(['self-lockout', value])).toEqual([
      expect.objectContaining({
        code: 'usage',
        message,
        where: { what: '--allow' },
        hint: expect.stringContaining(hint),
      }),
    ]);
  });

  it('shows an unknown code on one clean line', () => {
    expect(problemsOf(['a\u202eb\n'])).toMatchObject([{ message: '--allow does not accept "a\\u202eb\\n"' }]);
  });
});

const refused = (code: ProblemCode, parts: Partial<Refusal> = {}): Refusal => refusal(code, 'm', parts);
const limited = (figure: number): Refusal =>
  refused('max-moves', { figure, limit: 1, flag: `--allow max-moves=${figure}` });

describe('applyAllow', () => {
  it.each<[string, Refusal, string[], boolean]>([
    ['nothing is allowed', limited(5), [], false],
    ['the number is the figure', limited(5), ['max-moves=5'], true],
    ['the number is above the figure', limited(5), ['max-moves=6'], true],
    ['the number is below the figure', limited(5), ['max-moves=4'], false],
    ['another code is allowed', limited(5), ['max-deletes=9'], false],
    ['0 is allowed and the figure is 1', limited(1), ['max-moves=0'], false],
    [
      'a plain code is allowed, whatever the figure',
      refused('escalation', { figure: 99, flag: '--allow escalation' }),
      ['escalation'],
      true,
    ],
    ['there is no figure', refused('self-lockout', { flag: '--allow self-lockout' }), ['self-lockout'], true],
    [
      'the refusal has no flag although its code is allowed',
      refused('self-lockout'),
      ['self-lockout'],
      false,
    ],
    ['the rule is allowed', refused('rule', { flag: ruleFlag('a'), figure: 9 }), ['rule=b', 'rule=a'], true],
    ['another rule is allowed', refused('rule', { flag: ruleFlag('a') }), ['rule=a-b', 'rule=aa'], false],
    ['its code cannot be allowed', refused('no-destination', { flag: '--allow x' }), ['escalation'], false],
  ])('where %s', (_, one, values, passes) => {
    expect(applyAllow([one], parseAllow(values), 'agreed')).toEqual(
      passes ? { refusals: [], allowed: [{ ...one, reason: 'agreed' }] } : { refusals: [one], allowed: [] },
    );
  });

  it('keeps the order, and records a missing reason', () => {
    const all = [limited(2), refused('no-destination'), limited(1)];
    expect(applyAllow(all, parseAllow(['max-moves=1']), null)).toEqual({
      refusals: [all[0], all[1]],
      allowed: [{ ...all[2], reason: null }],
    });
  });

  it('allows only the given codes, and loses no refusal', () => {
    const codes = Object.keys(CODES) as ProblemCode[];
    const anyRefusal = fc
      .record({
        code: fc.constantFrom(...codes, ...ALLOW_CODES),
        figure: fc.option(fc.nat(20), { nil: null }),
        flag: fc.option(fc.constantFrom('--allow x', ruleFlag('x')), { nil: null }),
      })
      .map(({ code, ...parts }) => refused(code, parts));
    const anyAllow = fc.subarray([...ALLOW_CODES]).chain((given) =>
      fc.array(fc.nat(20), { minLength: given.length, maxLength: given.length }).map((numbers) => ({
        given,
        values: given.map((code, index) => {
          if (code === 'rule') return 'rule=x';
          return code.startsWith('max-') ? `${code}=${numbers[index]}` : code;
        }),
      })),
    );
    let allowedOnes = 0;
    fc.assert(
      fc.property(fc.array(anyRefusal, { maxLength: 12 }), anyAllow, (all, { given, values }) => {
        const { refusals, allowed } = applyAllow(all, parseAllow(values), null);
        expect(refusals.length + allowed.length).toBe(all.length);
        for (const { code, flag } of allowed) {
          expect(given).toContain(code);
          expect(flag).not.toBeNull();
        }
        allowedOnes += allowed.length;
      }),
      { numRuns: inputs(200) },
    );
    expect(sawEvery(allowedOnes)).toBe(true);
  });
});

describe('refuseUnknownRules', () => {
  const rules = [{ name: 'few-admins' }, { name: 'narrow' }];

  it.each<[string, string[]]>([
    ['nothing is allowed', []],
    ['another guard is allowed', ['escalation']],
    ['a rule of the policy is allowed', ['rule=narrow']],
  ])('accepts a rule when %s', (_, values) => {
    expect(() => refuseUnknownRules(parseAllow(values), rules)).not.toThrow();
  });

  it.each<[string, string[], readonly { name: string }[], string]>([
    ['no rule of the policy', ['rule=narrow', 'rule=narow'], rules, 'its rules are few-admins, narrow'],
    ['a prototype key', ['rule=constructor'], rules, 'its rules are few-admins, narrow'],
    ['a rule if the policy has none', ['rule=narrow'], [], 'it has no rules'],
  ])('throws a usage error for %s', (_, values, all, hint) => {
    expect(() => refuseUnknownRules(parseAllow(values), all)).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ code: 'usage', hint })] }),
    );
  });
});
