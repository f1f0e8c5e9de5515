import { describe, expect, it } from '@jest/globals';
import { loadManifest } from '../../../src/manifest/load/load.js';
import { rolesAboveBase } from '../../../src/manifest/load/loaded-manifest.js';
import { folderOf, HEAD } from '../support.js';

const BASE = 'grantSets: { reading: [alert.edit], writing: [content.export] }\nroles:';

/** The roles above the base of `top.yaml`, with the content of the base and of the files that extend it. */
async function above(files: Readonly<Record<string, string>>): Promise<string[]> {
  const texts = Object.entries(files).map(([name, text]) => [`${name}.yaml`, `${HEAD}${text}\n`]);
  const cwd = await folderOf(Object.fromEntries(texts) as Record<string, string>);
  return [...rolesAboveBase(await loadManifest(['top.yaml'], { cwd }))].sort();
}

describe('roles above their base', () => {
  it.each<[string, Readonly<Record<string, string>>, string[]]>([
    ['none of a file that extends nothing', { top: `${BASE} { A: { grants: [alert.edit] } }` }, []],
    [
      'none that the base alone describes',
      { base: `${BASE} { A: { grants: [alert.edit] } }`, top: 'extends: base.yaml' },
      [],
    ],
    [
      'one that the file adds, and one that it names',
      {
        base: `${BASE} { A: { grants: [alert.edit] }, B: { grants: [alert.edit] } }`,
        top: 'extends: base.yaml\nroles: { B: { description: More }, C: { grants: [alert.edit] } }',
      },
      ['B', 'C'],
    ],
    [
      'one that an intermediate file names',
      {
        base: `${BASE} { A: { grants: [alert.edit] }, B: { grants: [alert.edit] } }`,
        tier: 'extends: base.yaml\nroles: { A: { description: More } }',
        top: 'extends: tier.yaml',
      },
      ['A'],
    ],
    [
      'one whose grant set is replaced, not one with another set',
      {
        base: `${BASE} { A: { grants: { sets: [reading] } }, B: { grants: { sets: [writing] } } }`,
        top: 'extends: base.yaml\ngrantSets: { reading: [dataset.export] }',
      },
      ['A'],
    ],
    [
      'one that takes its grants from such a role, however far',
      {
        base: `${BASE} { A: { grants: [alert.edit] }, B: { grants: { from: [A] } }, C: { grants: { from: [B] } }, D: { grants: { from: [Editor] } } }`,
        top: 'extends: base.yaml\nroles: { A: { grants: [content.export] } }',
      },
      ['A', 'B', 'C'],
    ],
  ])('are %s', async (_what, files, expected) => {
    expect(await above(files)).toEqual(expected);
  });
});
