import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadInventory } from '../../src/inventory/load-inventory.js';
import { folderOf } from '../manifest/support.js';
import { FLEET, NOW, faultsOf, inventoryOf, loadFleet, problemLine } from './support.js';

const ROW = 'manifest: m.yaml\ninstances: { acme: {} }\n';

/** Loads the inventory of a folder, with this or another working directory. */
const load = (cwd: string, file = 'fleet.yaml') => loadInventory(file, { cwd, now: NOW });

const linesOf = async (cwd: string, file?: string): Promise<string[]> =>
  (await load(cwd, file)).problems.map(problemLine);

describe('Loading an inventory', () => {
  it('reads the file and its tables, in order', async () => {
    const { inventory, files, sources } = await loadFleet(
      'name: customers\nmanifest: m.yaml\ninstancesFrom: [{ file: b.csv }, { file: a.csv }]\n',
      { 'a.csv': 'name\na\n', 'b.csv': 'name\nb\n' },
    );
    expect(inventory?.name).toBe('customers');
    expect(files.map(({ path }) => path)).toEqual(['fleet.yaml', 'b.csv', 'a.csv']);
    expect([...sources.keys()]).toEqual(['fleet.yaml']);
  });

  it('uses the name fleet by default', async () => {
    expect((await inventoryOf(ROW)).name).toBe('fleet');
  });

  it('has the same digest in every working directory, and a new one if a file changes', async () => {
    const text = `${FLEET}manifest: m.yaml\ninstancesFrom: [{ file: t.csv }]\n`;
    const cwd = await folderOf({ 'f/fleet.yaml': text, 'f/t.csv': 'name\na\n' });
    const first = (await load(cwd, 'f/fleet.yaml')).inventory?.digest;
    expect(first).toMatch(/^sha256:[0-9a-f]{64}$/u);
    expect((await load(join(cwd, 'f'))).inventory?.digest).toBe(first);
    await writeFile(join(cwd, 'f/t.csv'), 'name\nb\n');
    expect((await load(cwd, 'f/fleet.yaml')).inventory?.digest).not.toBe(first);
  });

  it('reports every problem of all files at once, in file order', async () => {
    const text = [
      'name: ""',
      'manifest: "{tier}.yaml"',
      'instances:',
      '  Acme: { labels: { tier: 1 } }',
      '  globex: { lables: {}, overlay: { extends: x } }',
      'instancesFrom: [{ file: t.csv, labels: [tier] }, { file: none.csv }]',
      'waves: [{ name: rest, where: [] }]',
      'policy: { minInstances: -1, maxInstances: "101%" }',
      '',
    ].join('\n');
    expect(await faultsOf(text, { 't.csv': 'name,tier\n,x\ninitech,\n' })).toEqual([
      'bad-value fleet.yaml:3:7 "name" must be a name of letters, digits, blanks, ".", "_" and "-", of at most 63 characters',
      'bad-instance fleet.yaml:6:3 "Acme" is not a valid instance name | write acme: an inventory holds names, not addresses',
      'bad-value fleet.yaml:6:27 "tier" must be a text; put it in quotes',
      'missing-label fleet.yaml:7:3 "globex" has no label "tier" for {tier} | it has: name',
      'unknown-key fleet.yaml:7:13 the key "lables" is not known here | did you mean "labels"?',
      'unknown-key fleet.yaml:7:36 the key "extends" is not known here | known keys: defaultRole, allowlist, grantSets, roles, removed, policy',
      'instance-table fleet.yaml:8:58 the table "none.csv" does not exist | a path is relative to the inventory',
      'bad-value fleet.yaml:9:17 the wave name "rest" is reserved | entries in no wave form it; choose another name',
      'empty-value fleet.yaml:9:23 "where" is an empty list',
      'bad-value fleet.yaml:10:25 "minInstances" must be a whole number, 0 or more',
      'bad-value fleet.yaml:10:43 "maxInstances" must be a whole number, 0 or more, or a share from "0%" to "100%"',
      'instance-table t.csv:2:1 line 2 of this table has no name | give the row a name, or remove it',
      'missing-label t.csv:3:1 "initech" has no label "tier" for {tier} | it has: name',
    ]);
  });

  it.each([
    [
      'no text',
      '',
      [
        'missing-key fleet.yaml:1:1 this file is not an inventory: it has no apiVersion | an inventory starts with apiVersion: domo-roles/v1 and kind: Fleet',
      ],
    ],
    [
      'a secret',
      'token: s3cr3t\n',
      [
        'missing-key fleet.yaml:1:1 this file is not an inventory: it has no apiVersion | an inventory starts with apiVersion: domo-roles/v1 and kind: Fleet',
      ],
    ],
    [
      'a manifest',
      'apiVersion: domo-roles/v1\nkind: Roles\n',
      [
        'bad-value fleet.yaml:2:7 this file is a manifest (kind: "Roles"), not a fleet file | pass it as a manifest; a fleet file has kind: Fleet',
      ],
    ],
    ['no YAML', 'apiVersion: domo-roles/v1\nkind: [\n', null],
    ['a list', '- apiVersion: domo-roles/v1\n', null],
  ])('refuses a file of %s', async (_, text, expected) => {
    const cwd = await folderOf({ 'fleet.yaml': text });
    const { inventory, problems } = await load(cwd);
    expect(inventory).toBeNull();
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain('s3cr3t');
    if (expected) expect(problems.map(problemLine)).toEqual(expected);
  });

  it('reports an inventory that does not exist, or is not a file', async () => {
    const cwd = await folderOf({ 'x/y': '' });
    expect(await linesOf(cwd)).toEqual([
      'inventory-not-found fleet.yaml:undefined:undefined the inventory "fleet.yaml" cannot be used: it does not exist | specify the inventory: domo-roles fleet VERB fleet.yaml',
    ]);
    expect(await linesOf(cwd, 'x')).toEqual([
      'bad-file x:undefined:undefined the inventory "x" cannot be used: it is not a file',
    ]);
  });

  it('refuses a YAML bomb of aliases or of depth', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, index) => `x-${index + 1}: &a${index + 1} [${`*a${index}, `.repeat(9)}]`,
    );
    const bomb = `x-0: &a0 [x, x]\n${levels.join('\n')}\n${ROW}`;
    expect((await loadFleet(bomb)).problems.map(({ code }) => code)).toContain('alias-bomb');
    const deep = `x-0: ${'['.repeat(1000)}${']'.repeat(1000)}\n${ROW}`;
    expect((await loadFleet(deep)).problems.map(({ code }) => code)).toContain('yaml-syntax');
  });

  it('counts the problems beyond the limit', async () => {
    const text = 'manifest: m.yaml\ninstancesFrom: [{ file: t.csv }]\n';
    const found = await faultsOf(text, { 't.csv': `name\n${'A\n'.repeat(1200)}` });
    expect(found).toHaveLength(1001);
    expect(found.at(-1)).toContain('more problems in this inventory');
  });

  it('allows at most 100 waves of 20 terms each', async () => {
    const wave = (name: string, terms: number): string =>
      `  - { name: ${name}, where: [${Array.from({ length: terms }, () => 'a!=b').join(', ')}] }\n`;
    expect(await faultsOf(`${ROW}waves:\n${wave('w', 21)}`)).toEqual([
      'bad-value fleet.yaml:6:16 "where" must be a list of 1 to 20 terms such as tier=production',
    ]);
    const many = Array.from({ length: 101 }, (_, index) => wave(`w${index}`, 1)).join('');
    expect(
      (await loadFleet(`${ROW}waves:\n${many}`)).problems.find(({ severity }) => severity === 'error'),
    ).toMatchObject({
      message: '"waves" must be a list of at most 100 waves',
    });
  });

  it('refuses files that are larger than 10 MB, or not UTF-8', async () => {
    const cwd = await folderOf({
      'fleet.yaml': `${FLEET}manifest: m.yaml\ninstancesFrom: [{ file: t.csv }, { file: u.csv }]\n`,
      't.csv': 'name\n'.padEnd(10_000_001, ' '),
    });
    await writeFile(join(cwd, 'u.csv'), Buffer.from([0x6e, 0xff, 0x0a]));
    expect(await linesOf(cwd)).toEqual([
      'instance-table fleet.yaml:4:25 the table "t.csv" cannot be used: it is larger than 10 MB | make it a UTF-8 text file',
      'instance-table fleet.yaml:4:42 the table "u.csv" cannot be used: it is not UTF-8 | make it a UTF-8 text file',
    ]);
  });
});

describe('A path of an inventory', () => {
  it.each([
    [
      'a table above',
      'instancesFrom:\n  - file: ../t.csv\n',
      'path-outside fleet.yaml:4:11 the table "../t.csv" is outside the repository',
    ],
    [
      'an absolute table',
      'instancesFrom:\n  - file: /etc/passwd\n',
      'path-outside fleet.yaml:4:11 the table "/etc/passwd" is outside the repository',
    ],
    [
      'a manifest above',
      'instances:\n  a: { manifest: ../m.yaml }\n',
      'path-outside fleet.yaml:4:18 the manifest "../m.yaml" is outside the repository',
    ],
    [
      'an absolute manifest',
      'instances:\n  a: { manifest: /etc/passwd }\n',
      'path-outside fleet.yaml:4:18 the manifest "/etc/passwd" is outside the repository',
    ],
    [
      'a manifest far above',
      'manifest: x/../../../m.yaml\ninstances: { a: , b: }\n',
      'path-outside fleet.yaml:3:11 the manifest "x/../../../m.yaml" is outside the repository',
    ],
  ])('does not leave the folder: %s', async (_, text, expected) => {
    const cwd = await folderOf({ 'in/fleet.yaml': FLEET + text, 't.csv': 'name\na\n', 'm.yaml': '' });
    const found = await linesOf(join(cwd, 'in'));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it('does not leave the folder through a row', async () => {
    const cwd = await folderOf({
      'in/fleet.yaml': `${FLEET}instancesFrom: [{ file: t.csv }]\n`,
      'in/t.csv': 'name,manifest\na,../m.yaml\n',
      'm.yaml': '',
    });
    expect(await linesOf(join(cwd, 'in'))).toEqual([
      'path-outside t.csv:2:3 the manifest "../m.yaml" is outside the repository | keep it in the git repository of the inventory, or in its folder if there is no repository',
    ]);
  });

  it('does not leave the folder through a link to a file or a folder', async () => {
    const cwd = await folderOf({
      'in/fleet.yaml': `${FLEET}instances:\n  a: { manifest: m.yaml }\n  b: { manifest: away/m.yaml }\ninstancesFrom:\n  - file: t.csv\n`,
      'out/m.yaml': '',
      'out/t.csv': 'name\nc\n',
    });
    await symlink('../out/m.yaml', join(cwd, 'in/m.yaml'));
    await symlink('../out/t.csv', join(cwd, 'in/t.csv'));
    await symlink('../out', join(cwd, 'in/away'));
    const found = await load(join(cwd, 'in'));
    expect(found.problems.map(({ code, where }) => `${code} ${where?.line}`)).toEqual([
      'path-outside 4',
      'path-outside 5',
      'path-outside 7',
    ]);
  });

  it('may be anywhere in the git repository, but not outside', async () => {
    const cwd = await folderOf({
      'repo/fleets/fleet.yaml': `${FLEET}manifest: ../m.yaml\ninstancesFrom: [{ file: ../t.csv }]\n`,
      'repo/m.yaml': '',
      'repo/t.csv': 'name\na\n',
      'repo/fleets/other.yaml': `${FLEET}manifest: ../../m.yaml\ninstances: { a: {} }\n`,
      'm.yaml': '',
    });
    await mkdir(join(cwd, 'repo/.git'));
    expect(await linesOf(join(cwd, 'repo/fleets'))).toEqual([]);
    // The working directory makes no difference within a repository.
    expect((await linesOf(cwd, 'repo/fleets/other.yaml'))[0]).toContain('is outside the repository');
    await rename(join(cwd, 'repo/.git'), join(cwd, 'repo/.gone'));
    expect((await linesOf(join(cwd, 'repo/fleets'))).map((line) => line.split(' ')[0])).toEqual([
      'path-outside',
    ]);
    expect(await linesOf(cwd, 'repo/fleets/fleet.yaml')).toEqual([]);
  });

  it('may name a missing manifest, which is a problem of its instances', async () => {
    expect(await faultsOf(ROW)).toEqual([]);
  });
});
