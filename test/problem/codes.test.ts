import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CODES } from '../../src/problem/codes.js';

describe('the table of codes', () => {
  const source = readFileSync('src/problem/codes.ts', 'utf8');
  const groups = source
    .split(/^ {2}\/\/ .*$/mu)
    .slice(1)
    .map((group) => [...group.matchAll(/^ {2}'?([a-z-]+)'?: \{/gmu)].map(([, code]) => code));

  it('is sorted in each of its groups', () => {
    expect(groups.flat()).toEqual(Object.keys(CODES));
    expect(groups).toEqual(groups.map((codes) => [...codes].sort()));
  });
});
