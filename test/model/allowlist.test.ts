import { describe, expect, it } from '@jest/globals';
import { allowlistOf, allowlistWithDefault } from '../../src/model/allowlist.js';
import type { AllowlistKeys } from '../../src/model/state.js';

describe('an allowlist of given roles', () => {
  it.each<[readonly (`#${number}` | `new:${string}`)[], readonly string[]]>([
    [[], ['#4', '#5']],
    [['#7'], ['#4', '#5', '#7']],
    [
      ['new:A', '#4', '#5'],
      ['#4', '#5', 'new:A'],
    ],
  ])('of %j also has Social and the default role: %j', (keys, expected) => {
    expect(allowlistOf(keys, '#4')).toEqual(expected);
  });
});

describe('the allowlist after a new default role', () => {
  it.each<[string, AllowlistKeys, AllowlistKeys]>([
    ['has it in addition', ['#2', '#5'], ['#2', '#4', '#5']],
    ['is the same if the role was on it', ['#4', '#5'], ['#4', '#5']],
    ['stays off', 'off', 'off'],
    ['stays unreadable', 'unreadable', 'unreadable'],
  ])('%s', (_, before, after) => {
    expect(allowlistWithDefault(before, '#4')).toEqual(after);
  });
});
