import { describe, expect, it } from '@jest/globals';
import { makeInterner } from '../../src/model/interner.js';

describe('makeInterner', () => {
  it('returns equal texts', () => {
    const intern = makeInterner();
    expect(['a', 'b', 'a', ''].map(intern)).toEqual(['a', 'b', 'a', '']);
  });
});
