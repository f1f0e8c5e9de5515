import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import stableStringify from 'safe-stable-stringify';
import { canonicalJson, digestOf } from '../../src/plan/digest.js';
import { inputs } from '../support/law.js';
import { anyText } from '../support/any-text.js';

const digestOfText = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** Keys that JavaScript engines treat specially, and ordinary ones. */
const key = fc.oneof(
  { weight: 6, arbitrary: anyText({ maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom('10', '9', '01', '-1', '__proto__', 'constructor', '') },
);
const leaf = fc.oneof(
  anyText({ maxLength: 8 }),
  fc.constantFrom<unknown>('\ud800', '"\\\u2028', null, undefined, true, 0, -0, 1e21, NaN),
  fc.double(),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('value'), { maxLength: 5 }),
    fc
      .array(fc.tuple(key, tie('value')), { maxLength: 5 })
      .map((entries) => Object.fromEntries(entries) as unknown),
  ),
}));

/** An object with many keys in reverse order. */
const manyKeys = (): Record<string, number> =>
  Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`key-${99 - index}`, index]));

describe('the digest of a value', () => {
  it.each<[unknown, string]>([
    [{ b: 1, a: { d: [], c: null } }, '{"a":{"c":null,"d":[]},"b":1}'],
    [{ b: undefined, a: undefined, c: {} }, '{"c":{}}'],
    [{ b: undefined, a: { x: undefined } }, '{"a":{}}'],
    [{ 10: 'ten', 9: 'nine', 1: { b: 2, a: 1 } }, '{"1":{"a":1,"b":2},"10":"ten","9":"nine"}'],
    [JSON.parse('{"z":1,"__proto__":{"b":1,"a":2}}'), '{"__proto__":{"a":2,"b":1},"z":1}'],
    [JSON.parse('[{"z":1,"__proto__":{"b":1}}]'), '[{"__proto__":{"b":1},"z":1}]'],
    [[undefined, { b: 1, a: 2 }], '[null,{"a":2,"b":1}]'],
    [undefined, 'null'],
    [manyKeys(), JSON.stringify(Object.fromEntries(Object.entries(manyKeys()).reverse()))],
    [Array.from({ length: 200 }, (_, index) => index), `[${[...Array(200).keys()].join(',')}]`],
  ])('is that of its canonical JSON: %j', (given, text) => {
    expect(digestOf(given)).toBe(digestOfText(text));
  });

  it('matches a reference implementation of canonical JSON for any value', () => {
    fc.assert(
      fc.property(value, (given) => {
        expect(canonicalJson(given)).toBe(stableStringify(given));
        // Alone, and as an element of a list that is serialized in parts.
        for (const one of [given, Array<unknown>(130).fill(given), { list: Array<unknown>(65).fill(given) }])
          expect(digestOf(one)).toBe(digestOfText(stableStringify(one) ?? 'null'));
      }),
      { numRuns: inputs(300) },
    );
  });

  it('does not modify the value', () => {
    const given = Object.freeze({ b: Object.freeze([Object.freeze({ d: 1, c: 2 })]), a: 1 });
    digestOf(given);
    expect(JSON.stringify(given)).toBe('{"b":[{"d":1,"c":2}],"a":1}');
  });
});
