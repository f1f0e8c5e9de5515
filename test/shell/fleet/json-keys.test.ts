import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { duplicateKey } from '../../../src/shell/fleet/json-keys.js';
import { inputs } from '../../support/law.js';

describe('a duplicate key in a JSON object', () => {
  it.each([
    ['{"a":1,"b":2}', null],
    ['{"a":{"a":1},"b":["a",{"a":1,"b":2}]}', null],
    ['{"a":"a","b":"\\"a\\":","c":":{"}', null],
    ['{"a":1,\n"b":2,\n\n"a":3}', { key: 'a', lines: [1, 4] }],
    ['{"a":{"x":[1]},"\\u0061":2}', { key: 'a', lines: [1, 1] }],
    ['{"__proto__":1,\n"__proto__":2}', { key: '__proto__', lines: [1, 2] }],
    ['"a"', null],
  ])('is found with its lines: %s', (text, found) => {
    expect(duplicateKey(text)).toEqual(found);
  });

  it('is found in any object, and in no object without one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 2 })), { maxLength: 5 }),
        fc.constantFrom(0, 2),
        (pairs, indent) => {
          const parts = pairs.map(
            ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value, null, indent)}`,
          );
          const keys = pairs.map(([key]) => key);
          const second = keys.find((key, at) => keys.indexOf(key) < at);
          return duplicateKey(`{${parts.join(',\n')}}`)?.key === second;
        },
      ),
      { numRuns: inputs(200) },
    );
  });
});
