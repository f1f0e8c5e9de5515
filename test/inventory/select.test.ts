import { describe, expect, it } from '@jest/globals';
import { ProblemError } from '../../src/problem/problem.js';
import {
  LABEL_VALUE,
  matchesTerms,
  parseTerm,
  parseWhere,
  selectEntries,
} from '../../src/inventory/select.js';
import type { SelectFlags } from '../../src/inventory/select.js';
import { entryWith } from './support.js';

const ENTRIES = [
  entryWith('globex', { tier: 'production', region: 'us' }, 'production'),
  entryWith('acme', { tier: 'production', region: 'eu' }, 'production'),
  entryWith('acme-dev', { tier: 'test' }, 'test'),
  entryWith('initech', {}),
];
const WAVES = ['test', 'production', 'rest'];

const names = (flags: SelectFlags): string[] =>
  selectEntries(ENTRIES, flags, { waves: WAVES }).map(({ name }) => name);

function refusal(work: () => unknown): {
  message: string;
  what: string | undefined;
  hint: string | undefined;
} {
  try {
    work();
  } catch (error) {
    const [one] = error instanceof ProblemError ? error.problems : [];
    if (one?.code === 'usage') return { message: one.message, what: one.where?.what, hint: one.hint };
  }
  throw new Error('nothing was refused');
}

describe('A selection', () => {
  it.each<[string, SelectFlags, string[]]>([
    ['without flags is everything, by name', {}, ['acme', 'acme-dev', 'globex', 'initech']],
    ['takes a name', { only: ['acme'] }, ['acme']],
    ['takes names', { only: ['globex', 'acme'] }, ['acme', 'globex']],
    ['takes a pattern', { only: ['acme*'] }, ['acme', 'acme-dev']],
    ['leaves out a name', { except: ['acme'] }, ['acme-dev', 'globex', 'initech']],
    ['leaves out a pattern', { only: ['*e*'], except: ['acme*'] }, ['globex', 'initech']],
    ['takes a label', { where: ['tier=test'] }, ['acme-dev']],
    ['takes either of two values', { where: ['tier=test|production'] }, ['acme', 'acme-dev', 'globex']],
    ['requires all terms of one flag', { where: ['tier=production,region=us'] }, ['globex']],
    ['requires all terms of two flags', { where: ['tier=production', 'region!=us'] }, ['acme']],
    ['takes "!=" where the label is missing', { where: ['tier!=production'] }, ['acme-dev', 'initech']],
    ['takes "!=" of several values', { where: ['region!=us|eu'] }, ['acme-dev', 'initech']],
    ['takes "!=" where no instance has the label', { where: ['canary!=yes'], only: ['acme'] }, ['acme']],
    ['takes a wave', { wave: ['test'] }, ['acme-dev']],
    ['takes waves', { wave: ['rest', 'test'] }, ['acme-dev', 'initech']],
    [
      'requires all kinds of flags',
      { only: ['acme*'], wave: ['production'], where: ['region=eu'] },
      ['acme'],
    ],
    ['may be empty', { only: ['initech'], where: ['tier=test'] }, []],
    ['treats an empty list as no flag', { only: [], except: [] }, ['acme', 'acme-dev', 'globex', 'initech']],
  ])('%s', (_, flags, expected) => {
    expect(names(flags)).toEqual(expected);
  });

  it.each<[SelectFlags, string, string, string]>([
    [{ only: ['acm'] }, '--only', 'no instance of the fleet matches "acm"', 'did you mean "acme"?'],
    [
      { only: ['acme', 'zzz*'] },
      '--only',
      'no instance of the fleet matches "zzz*"',
      'fleet list prints the names',
    ],
    [{ only: [''] }, '--only', 'no instance of the fleet matches ""', 'fleet list prints the names'],
    [{ only: ['ACME'] }, '--only', 'no instance of the fleet matches "ACME"', 'did you mean "acme"?'],
    [{ except: ['gobex'] }, '--except', 'no instance of the fleet matches "gobex"', 'did you mean "globex"?'],
    [
      { where: ['teir=test'] },
      '--where',
      'no instance of the fleet has the label "teir"',
      'did you mean "tier"?',
    ],
    [
      { where: ['colour=red'] },
      '--where',
      'no instance of the fleet has the label "colour"',
      'labels: region, tier',
    ],
    [{ wave: ['tset'] }, '--wave', 'there is no wave "tset"', 'did you mean "test"?'],
    [{ wave: ['all'] }, '--wave', 'there is no wave "all"', 'waves: test, production, rest'],
  ])('refuses %p', (flags, what, message, hint) => {
    expect(refusal(() => names(flags))).toEqual({ what, message, hint });
  });

  it.each([
    'tier',
    '=x',
    'tier=',
    'tier=a|',
    'tier==a',
    'tier=a b',
    'tier=../x',
    '',
    'a=b,,c=d',
    '1a=b',
    'tier!x',
  ])('refuses the term %p', (text) => {
    expect(refusal(() => parseWhere(text))).toMatchObject({
      what: '--where',
      message: expect.stringMatching(/is not a valid term$/u),
    });
  });

  it.each([
    ['tier=test', { label: 'tier', values: ['test'], negated: false }],
    ['tier!=test', { label: 'tier', values: ['test'], negated: true }],
    ['tier=a | b', { label: 'tier', values: ['a', 'b'], negated: false }],
    ['tier = a', null],
    ['v=1.2_3-x', { label: 'v', values: ['1.2_3-x'], negated: false }],
  ])('parses the term %p', (text, expected) => {
    expect(parseTerm(text)).toEqual(expected);
  });

  it('does not read a prototype key as a label', () => {
    expect(matchesTerms(new Map(), parseWhere('constructor=a'))).toBe(false);
    expect(matchesTerms(new Map(), parseWhere('constructor!=a'))).toBe(true);
  });

  it.each([
    ['a', true],
    ['1.2', true],
    ['a'.repeat(63), true],
    ['a'.repeat(64), false],
    ['', false],
    ['.a', false],
    ['-a', false],
    ['a/b', false],
    ['a\n', false],
    ['é', false],
  ])('%p is a valid label value: %p', (value, expected) => {
    expect(LABEL_VALUE.test(value)).toBe(expected);
  });
});
