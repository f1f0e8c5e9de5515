import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesGlob } from '../../src/inventory/glob.js';
import { inputs } from '../support/law.js';

describe('A pattern for names', () => {
  it.each([
    ['acme', 'acme', true],
    ['acme', 'acm', false],
    ['acme', 'acmee', false],
    ['acme', '*', true],
    ['', '*', true],
    ['', '', true],
    ['acme', '', false],
    ['acme-dev', 'acme*', true],
    ['acme-dev', '*dev', true],
    ['acme-dev', '*e-d*', true],
    ['acme-dev', 'a*e*v', true],
    ['acme-dev', 'a*x*v', false],
    ['acme1', 'acme?', true],
    ['acme', 'acme?', false],
    ['aab', '*ab', true],
    ['a.c', 'a[.]c', false],
    ['axc', 'a.c', false],
  ])('%p against %p: %p', (text, pattern, expected) => {
    expect(matchesGlob(text, pattern)).toBe(expected);
  });

  it('matches what a regular expression matches', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
    fc.assert(
      fc.property(word, pattern, (text, glob) => {
        const expression = glob.replaceAll('?', '.').replaceAll('*', '.*');
        expect(matchesGlob(text, glob)).toBe(new RegExp(`^${expression}$`, 'u').test(text));
      }),
      { numRuns: inputs(300) },
    );
  });

  it('is fast for a pattern of many stars', () => {
    expect(matchesGlob('a'.repeat(63), `${'*a'.repeat(1000)}b`)).toBe(false);
  });
});
