import fs, { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BASE, inventoryOf, openFleetStage, statuses, tokenOf } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';
import { runWithin } from '../support/in-process.js';

let stage: FleetStage;
beforeEach(async () => {
  stage = await openFleetStage(['alpha', 'beta']);
});
afterEach(() => stage.close());

const MANIFESTS = ['--format', 'manifest', '--out', 'live'] as const;

/** The files of an instance in the folder `live`, sorted. */
async function filesOf(instance: string): Promise<string[]> {
  const folder = join(stage.folder, 'live/instances', instance);
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name).slice(folder.length + 1))
    .sort();
}

const text = (file: string): Promise<string> => readFile(join(stage.folder, 'live/instances', file), 'utf8');

/** The layouts with the file that a row names, and files of other kinds. */
const LAYOUTS: readonly (readonly [readonly string[], string, readonly string[]])[] = [
  [[], 'manifest.yaml', []],
  [['--members-files'], 'manifest.yaml', ['members/editor.txt']],
  [['--split'], 'domo-roles/instance.yaml', ['domo-roles/editor.yaml']],
  [
    ['--split', '--members-files', '--compact'],
    'domo-roles/instance.yaml',
    ['domo-roles/editor.yaml', 'domo-roles/members/editor.txt'],
  ],
];

/** Makes `rm` delete only a part of each folder of a split manifest, as if the run was killed. Returns a function that ends this. */
function deleteInPart(): () => void {
  const original = fs.rm;
  fs.rm = async (path, options) => {
    if (!basename(String(path)).startsWith('domo-roles')) return original(path, options);
    await original(join(String(path), 'instance.yaml'));
    throw Object.assign(new Error('killed'), { code: 'EIO' });
  };
  syncBuiltinESMExports();
  return () => {
    fs.rm = original;
    syncBuiltinESMExports();
  };
}

/** A page without the time at which it was made. */
const plain = (page: string): string => page.replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/gu, 'TIME');

describe('fleet export --format manifest', () => {
  it.each(LAYOUTS)('%j writes a manifest whose plan is empty', async (layout, document, more) => {
    expect((await stage.fleet('export', ...MANIFESTS, ...layout)).code).toBe(0);
    expect((await stage.document('live')).rows.map((row) => row.document)).toEqual([
      `instances/alpha/${document}`,
      `instances/beta/${document}`,
    ]);
    expect(await filesOf('alpha')).toEqual(expect.arrayContaining([document, ...more]));
    const manifest = document.replace('/instance.yaml', '');
    const entry = (name: string): string => `{ manifest: live/instances/${name}/${manifest} }`;
    await stage.write('back.yaml', inventoryOf({ alpha: entry('alpha'), beta: entry('beta') }));
    expect((await stage.fleet('plan', 'back.yaml', '--out', 'again')).code).toBe(0);
    expect(statuses(await stage.document('again'))).toEqual(['alpha clean', 'beta clean']);
  });

  it('keeps the layout when it is resumed, and no file of the earlier try', async () => {
    const layout = ['--split', '--members-files'];
    await stage.fleet('export', ...MANIFESTS, '--at-once', '1', ...layout);
    const whole = await filesOf('beta');
    await writeFile(join(stage.folder, 'live/instances/beta/domo-roles/gone.yaml'), 'half');
    await writeFile(join(stage.folder, 'live/instances/beta/manifest.yaml'), 'half');
    const log = join(stage.folder, 'live/fleet.jsonl');
    const lines = (await readFile(log, 'utf8')).split('\n');
    await writeFile(log, `${lines.slice(0, 2).join('\n')}\n`);
    const other = await stage.fleet('export', '--resume', 'live', '--compact');
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('without --compact')]);
    stage.seen.clear();
    expect((await stage.fleet('export', '--resume', 'live')).code).toBe(0);
    expect([[...stage.seen.keys()], await filesOf('beta')]).toEqual([['beta'], whole]);
  });

  it('that is cut off while it deletes the files of an earlier try leaves no part of them as a manifest', async () => {
    await stage.fleet('export', ...MANIFESTS, '--at-once', '1', '--split');
    const whole = await filesOf('beta');
    const log = join(stage.folder, 'live/fleet.jsonl');
    const lines = (await readFile(log, 'utf8')).split('\n');
    await writeFile(log, `${lines.slice(0, 2).join('\n')}\n`);
    const end = deleteInPart();
    expect((await stage.fleet('export', '--resume', 'live').finally(end)).code).toBe(1);
    expect(await readdir(join(stage.folder, 'live/instances/beta'))).not.toContain('domo-roles');
    expect((await stage.fleet('export', '--resume', 'live')).code).toBe(0);
    expect(await filesOf('beta')).toEqual(whole);
  });

  it('replaces the files of another layout', async () => {
    for (const layout of [['--split'], ['--members-files'], []])
      expect((await stage.fleet('export', ...MANIFESTS, ...layout)).code).toBe(0);
    expect(await filesOf('alpha')).toEqual(['manifest.yaml']);
  });

  it('keeps the files of each instance in its own folder', async () => {
    await stage.fleet('export', ...MANIFESTS, '--split', '--members-files');
    expect(await filesOf('beta')).toEqual(await filesOf('alpha'));
    expect(await text('beta/domo-roles/instance.yaml')).toContain('instance: beta\n');
    expect(await text('beta/domo-roles/editor.yaml')).toContain('members/editor.txt');
  });

  it.each([['--split'], ['--members-files'], ['--compact']])('%s needs manifests', async (flag) => {
    const { code, stderr } = await stage.fleet('export', '--out', 'live', flag);
    expect([code, [...stage.seen.keys()]]).toEqual([1, []]);
    expect(stderr).toContain(`${flag} cannot be combined with --format snapshot`);
    expect(stderr).toContain('--format manifest');
  });
});

describe('fleet export of tables and pages', () => {
  it.each([
    ['csv', 'people.csv'],
    ['matrix-csv', 'matrix.csv'],
    ['html', 'access.html'],
  ])('--format %s writes the %s that export writes of each instance', async (format, file) => {
    const ended = await stage.fleet('export', '--format', format, '--out', 'live');
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining('2 instances exported')]);
    expect((await stage.document('live')).rows.map((row) => row.document)).toEqual([
      `instances/alpha/${file}`,
      `instances/beta/${file}`,
    ]);
    expect(await filesOf('alpha')).toEqual([file]);
    const one = ['export', '--format', format, '--base-url', `${stage.url}/alpha`, '--instance', 'alpha'];
    const single = await runWithin(one, {
      ...{ cwd: stage.folder, skipWaits: true, ...stage.within },
      env: { DOMO_ACCESS_TOKEN: tokenOf('alpha') },
    });
    expect(single.code).toBe(0);
    expect(plain(await text(`alpha/${file}`))).toBe(plain(single.stdout));
  });

  it('--group-by owner shows the owners in the manifest of each instance', async () => {
    const owned = (owner: string): string => `{ overlay: { roles: { Editor: { owner: ${owner} } } } }`;
    await stage.write('fleet.yaml', inventoryOf({ alpha: owned('owners-of-a'), beta: owned('owners-of-b') }));
    const flags = ['--format', 'html', '--group-by', 'owner', '--out', 'live'];
    expect((await stage.fleet('export', ...flags)).code).toBe(0);
    const ownersIn = async (page: string): Promise<Set<string>> =>
      new Set((await text(page)).match(/owners-of-\w/gu));
    expect(await ownersIn('alpha/access.html')).toEqual(new Set(['owners-of-a']));
    expect(await ownersIn('beta/access.html')).toEqual(new Set(['owners-of-b']));
  });

  it.each([
    ['csv', 'people.csv', 'email,name,id,role,account,owner'],
    ['matrix-csv', 'matrix.csv', 'role,owner,'],
  ])(
    '--format %s --group-by owner has the column that export has with a manifest',
    async (format, file, head) => {
      await stage.write('one.yaml', `${BASE}  Editor: { owner: owners-of-a }\n`);
      await stage.write('fleet.yaml', inventoryOf({ alpha: '{ manifest: one.yaml }', beta: '{}' }));
      const flags = ['--format', format, '--group-by', 'owner', '--out', 'live'];
      expect((await stage.fleet('export', ...flags)).code).toBe(0);
      const target = ['--base-url', `${stage.url}/alpha`, '--instance', 'alpha'];
      const single = await runWithin(['export', 'one.yaml', '--format', format, ...target], {
        ...{ cwd: stage.folder, skipWaits: true, ...stage.within },
        env: { DOMO_ACCESS_TOKEN: tokenOf('alpha') },
      });
      expect([single.code, single.stdout]).toEqual([0, expect.stringContaining('owners-of-a')]);
      expect(await text(`alpha/${file}`)).toBe(single.stdout);
      const other = await text(`beta/${file}`);
      expect([other.startsWith(head), other.includes('owners-of')]).toEqual([true, false]);
    },
  );

  it('keeps format and grouping when it is resumed, and takes no other', async () => {
    await stage.fleet('export', '--format', 'html', '--group-by', 'owner', '--out', 'live', '--at-once', '1');
    const whole = plain(await text('beta/access.html'));
    expect(whole).toContain('TIME');
    const log = join(stage.folder, 'live/fleet.jsonl');
    await writeFile(log, `${(await readFile(log, 'utf8')).split('\n').slice(0, 2).join('\n')}\n`);
    await rm(join(stage.folder, 'live/fleet.json'));
    const other = await stage.fleet('export', '--resume', 'live', '--format', 'csv');
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('with another --format')]);
    expect((await stage.fleet('export', '--resume', 'live')).code).toBe(0);
    expect([await filesOf('beta'), plain(await text('beta/access.html'))]).toEqual([['access.html'], whole]);
  });

  it.each([
    [['--format', 'manifest', '--group-by', 'owner'], '--group-by cannot be combined with --format manifest'],
    [['--group-by', 'owner'], '--group-by cannot be combined with --format snapshot'],
    [['--format', 'html', '--without', 'members'], '--without cannot be combined with --format html'],
    [['--format', 'csv', '--csv', 'changes'], '--csv is about the report of the run'],
  ])('%j is a usage error before the first request', async (flags, message) => {
    const { code, stderr } = await stage.fleet('export', '--out', 'live', ...flags);
    expect([code, stderr, [...stage.seen.keys()]]).toEqual([1, expect.stringContaining(message), []]);
  });

  it('joins the shards of a table, and refuses those of different formats', async () => {
    const shard = (index: number, format: string): Promise<unknown> =>
      stage.fleet('export', '--format', format, '--shard', `${index}/2`, '--out', `s${index}`);
    await shard(1, 'csv');
    await shard(2, 'matrix-csv');
    const wrong = await stage.offline('merge', 's1', 's2', '--out', 'live');
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('what is exported')]);
    await shard(2, 'csv');
    expect((await stage.offline('merge', 's1', 's2', '--out', 'live')).code).toBe(0);
    expect(await filesOf('beta')).toEqual(['people.csv']);
  });
});

describe('fleet merge of exported manifests', () => {
  const shard = (index: number, ...flags: string[]): Promise<unknown> =>
    stage.fleet(
      'export',
      '--format',
      'manifest',
      '--shard',
      `${index}/2`,
      '--out',
      `shards/${index}`,
      ...flags,
    );

  it('joins those of several files', async () => {
    for (const index of [1, 2]) await shard(index, '--split', '--members-files');
    const { code } = await stage.offline('merge', 'shards/1', 'shards/2', '--out', 'live');
    expect([code, statuses(await stage.document('live'))]).toEqual([0, ['alpha clean', 'beta clean']]);
    for (const name of ['alpha', 'beta'])
      expect(await filesOf(name)).toContain('domo-roles/members/editor.txt');
  });

  it('refuses shards of different layouts', async () => {
    await shard(1, '--split');
    await shard(2);
    const { code, stderr } = await stage.offline('merge', 'shards/1', 'shards/2', '--out', 'live');
    expect([code, stderr]).toEqual([1, expect.stringContaining('they differ in --split')]);
  });
});
