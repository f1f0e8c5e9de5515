import { describe, expect, it } from '@jest/globals';
import { knownDependencies } from '../../src/model/known-dependencies.js';
import { seedState } from '../../src/sandbox/index.js';

describe('the known dependencies of a grant', () => {
  it.each<[string, string[]]>([
    ['alert.admin', ['alert.actions', 'alert.edit']],
    ['alert.edit', []],
    ['not.known', []],
    ['toString', []],
  ])('%s', (grant, expected) => {
    expect(knownDependencies(grant)).toEqual(expected);
  });

  it('matches a catalogue of 2025 for every grant', () => {
    for (const { authority, dependsOnAuthorities } of seedState().authorities)
      expect([authority, knownDependencies(authority)]).toEqual([
        authority,
        [...(dependsOnAuthorities ?? [])].sort(),
      ]);
  });
});
