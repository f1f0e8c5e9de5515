import { describe, expect, it } from '@jest/globals';
import { inventoryAt } from '../../src/inventory/inventory-at.js';
import { FLEET, inventoryOf } from './support.js';

const TABLE = 'name,tier\nb,test\n';
const TEXT =
  'manifest: m.yaml\ninstances: { a: { labels: { tier: x } }, b: { x-note: n } }\ninstancesFrom: [{ file: t.csv, labels: [tier] }]\n';

describe('An inventory of a revision', () => {
  it('has the same sources as an inventory loaded from the same files', async () => {
    const { entries } = await inventoryOf(TEXT, { 't.csv': TABLE });
    const before = await inventoryAt(FLEET + TEXT, (file) =>
      Promise.resolve(file === 't.csv' ? TABLE : null),
    );
    expect(before.manifest).toBe('m.yaml');
    expect([...before.sources].sort()).toEqual(entries.map(({ name, source }) => [name, source]));
  });

  it.each([
    ['no text', ''],
    ['no YAML', ': ['],
    ['a list', '- a\n'],
    ['a bomb', `a: &a [x]\nb: &b [${'*a,'.repeat(500)}]\nc: [${'*b,'.repeat(500)}]\n`],
  ])('of %s has no entry', async (_, text) => {
    const before = await inventoryAt(text, () => Promise.resolve(null));
    expect(before).toEqual({ manifest: null, sources: new Map() });
  });

  it('without its table has only the entries of the file', async () => {
    const before = await inventoryAt(FLEET + TEXT, () => Promise.resolve(null));
    expect([...before.sources.keys()]).toEqual(['a', 'b']);
  });
});
