import { describe, expect, it } from '@jest/globals';
import { readInventoryDraft } from '../../src/inventory/read-draft.js';
import { FLEET } from './support.js';
import { parseText } from '../manifest/support.js';

function draftOf(text: string) {
  const { root } = parseText(FLEET + text, 'fleet.yaml');
  if (root?.kind !== 'map') throw new Error('no map');
  return readInventoryDraft(root);
}

describe('The draft of an inventory', () => {
  it('has every value with its place', () => {
    const draft = draftOf(
      'name: n\nmanifest: m.yaml\ninstances:\n  a: { labels: { t: x }, manifest: o.yaml, suspended: { reason: " r ", until: u } }\n',
    );
    expect(draft.name).toMatchObject({ value: 'n', at: { line: 3, column: 7 } });
    expect(draft.manifest).toMatchObject({ value: 'm.yaml', at: { line: 4 } });
    const [entry] = draft.entries;
    expect(entry?.name).toMatchObject({ value: 'a', at: { line: 6, column: 3 } });
    expect(entry?.labels.get('t')).toMatchObject({ value: 'x', at: { line: 6 } });
    expect(entry?.manifest).toMatchObject({ value: 'o.yaml' });
    expect(entry?.suspended).toMatchObject({ reason: 'r', until: { value: 'u' } });
    expect(draft.instancesAt).toMatchObject({ line: 5 });
  });

  it.each([
    ['a name that is a list', 'name: [a]\n', { name: null }],
    ['instances that are a list', 'instances: [a]\n', { entries: [] }],
    ['a table without a file', 'instancesFrom: [{ labels: [a] }, 7]\n', { tables: [] }],
    ['a wave without a name', 'waves: [{ where: [a=b] }]\n', { waves: [] }],
    [
      'a limit that is a list',
      'policy: { minInstances: [1], maxInstances: {} }\n',
      { minInstances: null, maxInstances: null },
    ],
    ['a number in an ambiguous notation', 'policy: { minInstances: 010 }\n', { minInstances: null }],
  ])('leaves out %s', (_, text, expected) => {
    expect(draftOf(text)).toMatchObject(expected);
  });

  it('keeps a label that is not text, so that it is not reported as missing', () => {
    const [entry] = draftOf('instances: { a: { labels: { n: 1, l: [], e: } } }\n').entries;
    expect([...(entry?.labels.keys() ?? [])]).toEqual(['n']);
  });

  it('has different sources for entries exactly if they differ', () => {
    const sourceOf = (text: string): string | undefined => draftOf(text).entries[0]?.source;
    const plain = sourceOf('instances: { a: { labels: { t: x } } }\n');
    expect(sourceOf('instances:\n  # Moved.\n  a:\n    labels:\n      t: "x"\n')).toBe(plain);
    expect(sourceOf('instances: { a: { labels: { t: y } } }\n')).not.toBe(plain);
    expect(sourceOf('instances: { a: { labels: { t: x }, manifest: m.yaml } }\n')).not.toBe(plain);
    expect(sourceOf('instances: { a: { labels: { t: x }, suspended: { reason: r } } }\n')).not.toBe(plain);
  });
});
