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

  it('always contains the grant to manage roles, even if the catalogue marks it as harmless', () => {
    expect(protectedGrants([entry('authorization.roles', false)], null).has('authorization.roles')).toBe(
      true,
    );
  });

  it('contains the grants that Domo marks if the catalogue marks none', () => {
    expect([...protectedGrants([], null)].sort()).toEqual([
      'account.admin',
      'account.view.all',
      'ai.services.admin',
      'alert.admin',
      'approvalcenter.admin',
      'appstore.admin',
      'authorization.roles',
      'connector.admin',
      'consumption.governance.policy.admin',
      'content.admin',
      'conversational.agent.admin',
      'customer.edit',
      'dataflow.admin',
      'datascience.notebooks.admin',
      'dataset.admin',
      'developer.token.manage',
      'entity.attribute.admin',
      'group.admin',
      'marketplace.listing.admin',
      'marketplace.listing.publisher',
      'mobile.configapp.admin',
      'tasks.admin',
      'tasks.private.admin',
      'user.edit',
      'versions.repository.admin',
      'workspace.admin',
    ]);
  });

  it.each<[readonly string[], string[]]>([
    [['a.view'], ['a.view', 'authorization.roles']],
    [[], ['authorization.roles']],
  ])('is the manifest’s own list %j if it has one, and the grant to manage roles', (own, expected) => {
    expect([...protectedGrants([entry('user.edit', true)], own)].sort()).toEqual(expected);
  });
});
