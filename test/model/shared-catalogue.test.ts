import { describe, expect, it } from '@jest/globals';
import { openSharedCatalogues } from '../../src/model/shared-catalogue.js';
import type { Catalogue } from '../../src/model/grant.js';

const catalogueWith = (grant: string, dependsOn: readonly string[] = []): Catalogue => [
  { grant, title: grant, group: 'DATA', dependsOn, adminLevel: null, features: [] },
];

describe('Catalogues of several instances', () => {
  it('are one object if and only if they are equal', () => {
    const shared = openSharedCatalogues();
    const first = catalogueWith('dataset.export');
    expect(shared(first)).toBe(first);
    expect(shared(catalogueWith('dataset.export'))).toBe(first);
    const other = catalogueWith('dataset.export', ['dataset.manage']);
    expect(shared(other)).toBe(other);
    expect(shared(catalogueWith('dataset.export'))).toBe(first);
  });

  it('are remembered as long as they are among the last eight', () => {
    const shared = openSharedCatalogues();
    const [kept, dropped] = [catalogueWith('kept'), catalogueWith('dropped')];
    shared(dropped);
    shared(kept);
    for (let index = 0; index < 7; index += 1) shared(catalogueWith(`grant.${index}`));
    expect(shared(catalogueWith('kept'))).toBe(kept);
    expect(shared(catalogueWith('dropped'))).not.toBe(dropped);
  });
});
