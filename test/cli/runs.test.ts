import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { manifest, outcomeOf, stageForFile } from './support.js';

const MANIFEST = manifest(`roles:
  Finance Viewer: { description: Changed }
  Data Engineer: { description: Changed too }
`);

describe('runs', () => {
  const held = stageForFile();

  it('lists how many changes of each run are done, and the runs that cannot be read', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', MANIFEST);
    stage.sandbox.setFaults([{ name: '500', method: 'PUT', path: 'roles/604118927$', times: 0 }]);
    const outcome = outcomeOf(await stage.run('apply', '--yes', '--format', 'json'));
    stage.sandbox.setFaults([]);
    expect(outcome).toMatchObject({ summary: { done: 1 }, me: { email: 'root@acme.com' } });
    const folder = join(stage.folder, '.domo-roles/runs');
    const [id = ''] = await readdir(folder);
    const broken = join(folder, '20200101T000000000Z-00000000');
    await mkdir(broken);
    await writeFile(join(broken, 'journal.jsonl'), '{"v":1}\n{"v":1}\n');

    const { stdout } = await stage.run('runs');
    expect(stdout).toMatch(new RegExp(`^${id} .* 1 of 2 done`, 'mu'));
    expect(stdout).toMatch(/^20200101T000000000Z-00000000 .* cannot be read/mu);
  });

  it('warns if the folder that --state names holds no runs, for it may be misspelled', async () => {
    const { stage } = held;
    const missing = await stage.run('runs', '--state', 'mispelled', '--format', 'json');
    expect(missing).toMatchObject({
      code: 0,
      stderr: 'warning: --state: there is no folder "mispelled/runs"\n',
    });
    expect(JSON.parse(missing.stdout)).toMatchObject({ kind: 'runs', runs: [] });
  });

  it('names the run that a rollback undoes', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', MANIFEST);
    expect(await stage.run('apply', '--yes', '--state', 'undone')).toMatchObject({ code: 0 });
    const [id = ''] = await readdir(join(stage.folder, 'undone/runs'));
    expect(await stage.run('rollback', id, '--yes', '--state', 'undone')).toMatchObject({ code: 0 });

    const { stdout } = await stage.run('runs', '--state', 'undone', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [
        { kind: 'rollback', undoes: id },
        { kind: 'apply', undoes: null },
      ],
    });
    const listed = await stage.run('runs', '--state', 'undone');
    expect(listed.stdout).toMatch(new RegExp(`  rollback .* done, undoes ${id}$`, 'mu'));
  });
});

describe('report', () => {
  const held = stageForFile();

  it.each([
    ['fleet', 'fleet report'],
    ['outcome', 'plan.json in the same folder'],
    ['snapshot', 'read a snapshot'],
    ['probe', 'plan --out FILE writes one'],
  ])('of a document of kind %s has a hint about: %s', async (kind, hint) => {
    await held.stage.write('other.json', JSON.stringify({ formatVersion: 1, kind }));
    const ended = await held.stage.run('report', 'other.json');
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining(hint)]);
  });
});
