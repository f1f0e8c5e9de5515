import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byCodeUnit } from '../../src/model/sort.js';
import { anyText } from '../support/any-text.js';

describe('byCodeUnit', () => {
  it.each([
    ['a', 'b', -1],
    ['b', 'a', 1],
    ['a', 'a', 0],
    ['', 'a', -1],
    ['Z', 'a', -1],
    ['a', 'aa', -1],
    ['z', 'é', -1],
    ['\u{1f600}', '\uff00', -1],
  ])('%j and %j: %d', (a, b, expected) => {
    expect(byCodeUnit(a, b)).toBe(expected);
  });

  it('is the default sort order of JavaScript in every locale', () => {
    fc.assert(
      fc.property(fc.array(anyText()), (list) => {
        expect([...list].sort(byCodeUnit)).toEqual([...list].sort());
      }),
    );
  });
});
