import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inventoryOf, openFleetStage, statuses } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';

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
