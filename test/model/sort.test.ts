import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byCodeUnit, inOrder, sortedUnique } from '../../src/model/sort.js';
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

describe('sortedUnique', () => {
  it('sorts, drops repeats and leaves the given list as it is', () => {
    const given = ['b', 'A', 'b', 'a'];
    expect(sortedUnique(given)).toEqual(['A', 'a', 'b']);
    expect(given).toEqual(['b', 'A', 'b', 'a']);
  });

  it('returns a new list even if the given one is in order', () => {
    const given = ['a', 'b'];
    expect(sortedUnique(given)).toEqual(given);
    expect(sortedUnique(given)).not.toBe(given);
  });
});

describe('inOrder', () => {
  it('returns the given list if it is in order, and a copy otherwise', () => {
    const given = ['a', 'b'];
    expect(inOrder(given)).toBe(given);
    expect(inOrder(['b', 'a', 'b'])).toEqual(['a', 'b']);
    expect(inOrder(['a', 'a'])).toEqual(['a']);
  });
});
