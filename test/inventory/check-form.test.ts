import { describe, expect, it } from '@jest/globals';
import { checkInventoryForm } from '../../src/inventory/check-form.js';
import { readYaml } from '../../src/manifest/yaml/read-yaml.js';

const HEAD = 'apiVersion: domo-roles/v1\nkind: Fleet\nmanifest: base.yaml\n';

async function formOf(text: string) {
  const { root } = await readYaml(`${HEAD}${text}`, 'fleet.yaml');
  if (!root) throw new Error('not YAML');
  const { problems, overlays } = checkInventoryForm(root);
  return {
    own: problems.map(({ code, where }) => `${code} ${where?.line}:${where?.column}`),
    overlays: Object.fromEntries([...overlays].map(([name, found]) => [name, found.map(({ code }) => code)])),
  };
}

describe('The schema problems of an inventory', () => {
  it.each([
    ['instances: { a: {} }', [], {}],
    ['instances: { a: { overlay: { rols: {} } }, b: {} }', [], { a: ['unknown-key'] }],
    [
      'instances: { a: { overlay: { removed: 5, rols: {} } }, b: { overlay: { policy: { minAdmin: 1 } } } }',
      [],
      { a: ['unknown-key', 'bad-value'], b: ['unknown-key'] },
    ],
    ['instances: { a: { overlay: 5 } }', ['bad-value 4:28'], {}],
    ['instances: { a: { lables: {}, overlay: { rols: {} } } }', ['unknown-key 4:19'], { a: ['unknown-key'] }],
    ['instances: { "a/b~c": { overlay: { rols: {} } } }', [], { 'a/b~c': ['unknown-key'] }],
    ['overlay: { rols: {} }', ['unknown-key 4:1'], {}],
  ])('%s', async (text, own, overlays) => {
    const found = await formOf(text);
    expect(found.own.filter((one) => !one.startsWith('missing-key'))).toEqual(own);
    expect(
      Object.fromEntries(Object.entries(found.overlays).map(([name, codes]) => [name, codes.sort()])),
    ).toEqual(Object.fromEntries(Object.entries(overlays).map(([name, codes]) => [name, [...codes].sort()])));
  });
});
