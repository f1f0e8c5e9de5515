import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unifiedDiff } from '../../src/render/facts/line-diff.js';

describe('unifiedDiff', () => {
  it('shows what changed with two lines around it', () => {
    const before = 'a\nb\nc\nd\ne\nf';
    expect(unifiedDiff(before, before.replace('e', 'E')).map(({ sign, text }) => sign + text)).toEqual([
      ' c',
      ' d',
      '-e',
      '+E',
      ' f',
    ]);
  });

  it('separates two places with an ellipsis', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const changed = lines.map((line, index) => (index === 1 || index === 18 ? `${line}!` : line));
    expect(unifiedDiff(lines.join('\n'), changed.join('\n')).filter(({ sign }) => sign === '…')).toHaveLength(
      1,
    );
  });

  it('is empty only for equal texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
        expect(unifiedDiff(before, after).length === 0).toBe(before === after);
      }),
    );
  });

  it('contains every line of a text that is added or removed', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z ]{1,9}$/), { minLength: 1 }), (lines) => {
        const text = lines.join('\n');
        expect(
          unifiedDiff('', text)
            .filter(({ sign }) => sign === '+')
            .map((line) => line.text),
        ).toEqual(lines);
        expect(
          unifiedDiff(text, '')
            .filter(({ sign }) => sign === '-')
            .map((line) => line.text),
        ).toEqual(lines);
      }),
    );
  });

  it('finishes for texts that differ in thousands of places', () => {
    const many = (mark: string): string =>
      Array.from({ length: 2000 }, (_, index) => `${mark}${index}`).join('\n');
    expect(unifiedDiff(many('a'), many('b'))).toHaveLength(4_000);
  });
});
