import { describe, expect, it } from '@jest/globals';
import { formatMismatch } from '../../src/problem/other-format.js';

describe('otherFormat', () => {
  it('returns nothing for the current format', () => {
    expect(formatMismatch(2, 2, 'the plan file')).toBeNull();
  });

  it.each([
    [3, 'has format 3', 'upgrade domo-roles, or make it again with this version'],
    [1, 'has format 1', 'make it again with this version'],
    ['2', 'has format "2"', 'make it again with this version'],
    [null, 'has format null', 'make it again with this version'],
    [undefined, 'has no format version', 'make it again with this version'],
  ])('names %p, the supported format and what to do', (found, has, hint) => {
    expect(formatMismatch(found, 2, 'the plan file')).toEqual({
      message: `the plan file ${has}, and this version of domo-roles reads format 2`,
      hint,
    });
  });
});
