import { describe, expect, it } from '@jest/globals';
import { resolvableEntries } from '../../src/inventory/resolvable-entries.js';
import { entryWith, loadFleet, problemLine } from './support.js';

/** The entries of an invalid inventory that stay in its part, with their manifests. */
async function partOf(text: string, files?: Readonly<Record<string, string>>): Promise<string[] | null> {
  const { partial, inventory } = await loadFleet(text, files);
  expect(inventory).toBeNull();
  return partial && partial.entries.map(({ name, manifest }) => `${name} ${manifest.value}`);
}

const TABLE = 'manifest: m.yaml\ninstancesFrom: [{ file: t.csv, labels: [tier] }]\n';

describe('The part of an invalid inventory whose manifests are known', () => {
  it.each<[string, string, Record<string, string>, string[] | null]>([
    [
      'has the entries without a problem',
      'manifest: m.yaml\ninstances: { Acme: {}, globex: {} }\n',
      {},
      ['globex m.yaml'],
    ],
    [
      'has all entries if only the policy or a wave is wrong',
      'manifest: m.yaml\ninstances: { a: {} }\nwaves: [{ name: rest, where: [x=y] }]\npolicy: { minInstances: -1 }\n',
      {},
      ['a m.yaml'],
    ],
    [
      'has an entry whose wrong label is not in the path',
      'manifest: "{name}.yaml"\ninstances: { a: { labels: { tier: "e u" } } }\n',
      {},
      ['a a.yaml'],
    ],
    [
      'lacks an entry whose wrong label is in the path',
      'manifest: "{tier}.yaml"\ninstances: { a: { labels: { tier: "e u" } }, b: { manifest: m.yaml } }\n',
      {},
      ['b m.yaml'],
    ],
    [
      'has an entry with a wrong suspension',
      'manifest: m.yaml\ninstances: { a: { suspended: { reason: x, until: soon } } }\n',
      {},
      ['a m.yaml'],
    ],
    [
      'lacks an entry with an unknown key, which may be a misspelled manifest',
      'manifest: m.yaml\ninstances: { a: { manifst: a.yaml }, b: {} }\n',
      {},
      ['b m.yaml'],
    ],
    [
      'lacks an entry whose overlay is not a map',
      'manifest: m.yaml\ninstances: { a: { overlay: [] }, b: {} }\n',
      {},
      ['b m.yaml'],
    ],
    [
      'lacks an entry whose manifest is outside the repository',
      'manifest: m.yaml\ninstances: { a: { manifest: ../a.yaml }, b: {} }\n',
      {},
      ['b m.yaml'],
    ],
    ['has the rows without a problem', TABLE, { 't.csv': 'name,tier\na,x\nb,y,z\n' }, ['a m.yaml']],
    [
      'lacks entries that may have a row in a table that cannot be read',
      'manifest: m.yaml\ninstances: { a: {}, b: { manifest: b.yaml } }\ninstancesFrom: [{ file: none.csv }]\n',
      {},
      ['b b.yaml'],
    ],
    [
      'lacks entries that may have a row that cannot be read',
      'manifest: m.yaml\ninstances: { b: {}, c: { manifest: c.yaml } }\ninstancesFrom: [{ file: t.csv }]\n',
      { 't.csv': 'name,manifest\na,a.yaml\nb,"b.yaml\n' },
      ['a a.yaml', 'c c.yaml'],
    ],
    [
      'lacks entries that may have a row without its name',
      'manifest: m.yaml\ninstances: { b: {} }\ninstancesFrom: [{ file: t.csv }]\n',
      { 't.csv': 'name,manifest\na,a.yaml\n,b.yaml\n' },
      ['a a.yaml'],
    ],
    [
      'lacks the rows of a table with two columns for manifests',
      'manifest: m.yaml\ninstances: { b: { manifest: b.yaml } }\ninstancesFrom: [{ file: t.csv }]\n',
      { 't.csv': 'name,manifest,manifest\na,a.yaml,c.yaml\n' },
      ['b b.yaml'],
    ],
    ['is missing if no entry is left', 'manifest: m.yaml\ninstances: { Acme: {} }\n', {}, null],
    ['is missing if the file is not YAML', 'instances: [\n', {}, null],
  ])('%s', async (_what, text, files, expected) => {
    expect(await partOf(text, files)).toEqual(expected);
  });

  it('leaves the problems of its overlays to the manifests, and keeps all others', async () => {
    const text = [
      'manifest: m.yaml',
      'instances:',
      '  Acme: { overlay: { rolez: {} } }',
      '  globex: { overlay: { rolez: {} } }',
      '',
    ].join('\n');
    const { problems, partial } = await loadFleet(text);
    const lines = problems.map(problemLine);
    expect(lines).toHaveLength(3);
    expect(partial?.warnings.map(problemLine)).toEqual(lines.filter((line) => !line.includes(':6:')));
    expect([...(partial?.overlayProblems.keys() ?? [])]).toContain('globex');
  });

  it('does not exist for a valid inventory', async () => {
    expect((await loadFleet('manifest: m.yaml\ninstances: { a: {} }\n')).partial).toBeNull();
  });

  it('lacks rows with a problem in their line only', () => {
    const at = (line: number) => ({ file: 't.csv', line, column: 1, endLine: line, endColumn: 1 });
    const row = (name: string, line: number) => ({
      ...{ name: { value: name, at: at(line) }, labels: new Map<string, never>(), manifest: null },
      ...{ overlay: null, suspended: null, source: '' },
    });
    const left = resolvableEntries([entryWith('a'), entryWith('b')], {
      ...{ draft: { entries: [] }, rows: [row('a', 2), row('b', 3)], inDoubt: 'none' },
      problems: [
        { code: 'instance-table', severity: 'error', message: 'm', where: { file: 't.csv', line: 3 } },
      ],
      ...{ unclear: new Set<string>(), outside: new Set<string>() },
    });
    expect(left.map(({ name }) => name)).toEqual(['a']);
  });
});
