import fc from 'fast-check';

/** Surrogates are not characters, so they are skipped. */
const HALF = { first: 0xd800, count: 0x800 };

const character = fc.nat({ max: 0x10ffff - HALF.count }).map(
  (n) => String.fromCodePoint(n < HALF.first ? n : n + HALF.count),
  (text) => {
    const code = typeof text === 'string' ? text.codePointAt(0) : undefined;
    if (code === undefined || text !== String.fromCodePoint(code)) throw new Error('not one character');
    return code < HALF.first ? code : code - HALF.count;
  },
);

/**
 * Text of any characters, as `fc.string({ unit: 'binary' })` gives it. That one first builds a table of all 1.1
 * million of them.
 */
export function anyText(
  lengths: Pick<fc.StringConstraints, 'minLength' | 'maxLength'> = {},
): fc.Arbitrary<string> {
  return fc.string({ unit: character, ...lengths });
}
