import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressMatcher } from '../../src/model/address-pattern.js';
import { inputs } from '../support/law.js';

describe('A pattern of addresses', () => {
  it.each([
    ['*@acme.com', 'ana@acme.com', true, 'any name'],
    ['*@acme.com', '@acme.com', true, 'no character is any number of them'],
    ['*@ACME.com', 'Ana@acme.COM', true, 'case does not count'],
    ['*@acme.com', 'ana@acme.com.evil.org', false, 'the whole address counts'],
    ['*@acme.com', 'ana@evil-acme.com', false, 'all else is literal'],
    ['*@acme.com', 'ana@acmexcom', false, 'a dot is a dot'],
    ['*@acme.com', 'ana@evil.org@acme.com', false, '* does not match @'],
    ['*@*', 'ana@evil@acme.com', false, 'an address with two @ has no one @'],
    ['*@*.acme.com', 'ana@eu.acme.com', true, 'a subdomain'],
    ['*@*.acme.com', 'ana@acme.com', false, 'not the domain itself'],
    ['ana+*@acme.com', 'ana+x@acme.com', true, 'a plus is literal'],
    ['ana+*@acme.com', 'anaa@acme.com', false, 'a plus repeats nothing'],
    ['a*b*c@x.y', 'aabbcc@x.y', true, 'pieces in order'],
    ['a*b*c@x.y', 'acb@x.y', false, 'pieces out of order'],
    ['a*a@x.y', 'a@x.y', false, 'beginning and end do not overlap'],
    ['*aab*@x.y', 'aaab@x.y', true, 'a piece that begins again within itself'],
    ['[a-z]@x.y', 'a@x.y', false, 'brackets are literal'],
    ['?@x.y', 'a@x.y', false, 'a question mark is literal'],
    ['ana@acme.com', 'ana@acme.com', true, 'no star'],
    ['аna@acme.com', 'ana@acme.com', false, 'a letter that only looks alike'],
  ])('%s and %s: %s, for %s', (pattern, address, expected) => {
    expect(addressMatcher(pattern)(address)).toBe(expected);
  });

  it('agrees with a regular expression', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '*', '.'), { maxLength: 8 }).map((all) => all.join(''));
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(fc.constantFrom('a', 'b', '.', '@'), { maxLength: 12 }),
        (one, two, all) => {
          const pattern = `${one}@${two}`;
          const source = pattern.replaceAll('.', '\\.').replaceAll('*', '[^@]*');
          const address = all.join('');
          expect(addressMatcher(pattern)(address)).toBe(new RegExp(`^${source}$`, 'u').test(address));
        },
      ),
      { numRuns: inputs(300) },
    );
  });

  it('is matched quickly, however hostile the pattern and the address', () => {
    const matches = addressMatcher(`${'*a'.repeat(150)}b@x.y`);
    const address = `${'a'.repeat(300)}@x.y`;
    const start = performance.now();
    for (let turn = 0; turn < 1000; turn += 1) expect(matches(address)).toBe(false);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
