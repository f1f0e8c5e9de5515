import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import stableStringify from 'safe-stable-stringify';
import { canonicalJson } from '../../src/model/canonical-json.js';

const KEYS = fc.oneof(fc.constantFrom('10', '9', '__proto__', 'constructor', 'é', 'b', 'a'), fc.string());

describe('canonical JSON', () => {
  it('is what a library that sorts keys makes of any value', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(KEYS, fc.jsonValue())), (value) => {
        expect(canonicalJson(value)).toBe(stableStringify(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [undefined, 'null'],
    [{ b: undefined, a: [undefined, -0, Number.NaN, null] }, '{"a":[null,0,null,null]}'],
    [{ 9: 1, 10: { b: 1, a: [] } }, '{"10":{"a":[],"b":1},"9":1}'],
    [JSON.parse('{"b":1,"__proto__":{"d":1,"c":2}}'), '{"__proto__":{"c":2,"d":1},"b":1}'],
    ['half \ud800 of "one"\n', '"half \\ud800 of \\"one\\"\\n"'],
  ])('of %j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });
});
