import { describe, expect, it } from '@jest/globals';
import { protectedGrants } from '../../src/model/admin-level.js';
import type { CatalogueEntry } from '../../src/model/grant.js';

function entry(grant: string, adminLevel: boolean | null): CatalogueEntry {
  return { grant, title: grant, group: 'G', dependsOn: [], adminLevel, features: [] };
}

describe('protectedGrants', () => {
  it.each<[string, boolean | null, boolean]>([
    ['user.edit', true, true],
    ['user.edit', null, true],
    ['user.edit', false, false],
    ['own.grant', true, true],
    ['own.grant', null, false],
    ['own.grant', false, false],
  ])('of a catalogue in which %s is marked %s: %s', (grant, mark, expected) => {
    expect(protectedGrants([entry(grant, mark)], null).has(grant)).toBe(expected);
  });

  it('always contains the grant to manage roles, even where the catalogue marks it as harmless', () => {
    expect(protectedGrants([entry('authorization.roles', false)], null).has('authorization.roles')).toBe(
      true,
    );
  });

  it('contains what Domo marks where the catalogue lists nothing', () => {
    const grants = protectedGrants([], null);
    expect(grants.size).toBe(26);
    for (const one of ['account.admin', 'customer.edit', 'dataset.admin', 'user.edit', 'workspace.admin'])
      expect(grants.has(one)).toBe(true);
    expect(grants.has('dataset.export')).toBe(false);
  });

  it.each<[readonly string[], string[]]>([
    [['a.view'], ['a.view', 'authorization.roles']],
    [[], ['authorization.roles']],
  ])('is the manifest’s own list %j where it has one, and the grant to manage roles', (own, expected) => {
    expect([...protectedGrants([entry('user.edit', true)], own)].sort()).toEqual(expected);
  });
});
