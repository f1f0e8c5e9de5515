import fs, { readFile, readdir, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/model/snapshot.js';
import { liveRole, snapshotOf } from '../support/arbitraries.js';
import { everyQuirk } from '../support/every-quirk.js';
import { openFleetStage } from '../support/fleet-stage.js';
import { runWithin } from '../support/in-process.js';
import { snapshotFiles } from '../support/snapshot-folder.js';
import { folderOf } from '../manifest/support.js';

const snapshot = (...grants: string[]): Snapshot => snapshotOf({ custom: [liveRole(101, 'Viewer', grants)] });

const SNAPSHOTS = snapshotFiles('snaps', {
  acme: snapshot('a.view', 'b.view'),
  globex: snapshot('a.view', 'b.view', 'b.export'),
});

const fleet = (cwd: string, ...args: string[]) => runWithin(['fleet', ...args], { cwd });

const init = (cwd: string, ...args: string[]) => fleet(cwd, 'init', '--from', 'snaps', ...args);

const filesIn = async (cwd: string, folder: string): Promise<string[]> =>
  (await readdir(join(cwd, folder), { recursive: true })).map((path) => path.replaceAll('\\', '/')).sort();

describe('fleet init --from', () => {
  it('writes a valid fleet that plans no changes and differs from its base only where intended', async () => {
    const cwd = await folderOf(SNAPSHOTS);
    const { code, stdout, stderr } = await init(cwd);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^wrote fleet\.yaml\nwrote base\.yaml\nwrote 2 files in instances\/\n\nA fleet of 2 instances\.\nNext: domo-roles fleet plan fleet\.yaml --snapshots snaps\n$/u,
    );
    expect(await fleet(cwd, 'validate')).toMatchObject({ code: 0, stderr: '' });
    const plan = await fleet(cwd, 'plan', '--snapshots', 'snaps', '--detailed-exitcode', '--out', 'plan');
    expect(plan.code).toBe(0);
    expect(plan.stdout).toContain('2 clean');
    const planned = await readFile(join(cwd, 'plan/instances/acme/plan.json'), 'utf8');
    expect(JSON.parse(planned)).toMatchObject({ offline: true, takenAt: '2026-01-01T00:00:00Z' });
    const compared = await fleet(cwd, 'compare', '--snapshots', 'snaps');
    expect(compared.code).toBe(0);
    expect(compared.stdout).toContain('Viewer: 1 as base · 1 + b.export by overlay');
  });

  it('reports no fleet when a file cannot be written', async () => {
    const cwd = await folderOf({ ...SNAPSHOTS, instances: 'in the way' });
    const { code, stdout, stderr } = await init(cwd);
    expect([code, stderr]).toEqual([1, expect.stringContaining('instances/acme.yaml could not be written')]);
    expect(stdout).toBe('Incomplete: 4 of 4 files were not written.\n');
    const validated = await fleet(cwd, 'validate');
    expect([validated.code, validated.stdout]).toEqual([3, expect.stringContaining('did not complete')]);
    await rm(join(cwd, 'instances'));
    expect(await init(cwd)).toMatchObject({ code: 0 });
    expect((await fleet(cwd, 'validate')).code).toBe(0);
  });

  it('leaves no valid manifest of a new base and an old instance if the disk is full', async () => {
    const later = snapshotFiles('later', { acme: snapshot('a.view'), globex: snapshot('a.view') });
    const cwd = await folderOf({ ...SNAPSHOTS, ...later });
    expect(await init(cwd)).toMatchObject({ code: 0 });
    const { open } = fs;
    fs.open = async (path, ...rest) => {
      if (/instances[/\\][^/\\]*\.tmp$/u.test(String(path)))
        throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      return open(path, ...rest);
    };
    syncBuiltinESMExports();
    const ended = await fleet(cwd, 'init', '--from', 'later', '--force').finally(() => {
      fs.open = open;
      syncBuiltinESMExports();
    });
    expect(ended.code).toBe(1);
    const old = await runWithin(['validate', 'instances/globex.yaml'], { cwd });
    expect([old.code, old.stdout]).toEqual([3, expect.stringContaining('base.yaml:4:7')]);
    expect(await fleet(cwd, 'init', '--from', 'later')).toMatchObject({ code: 0 });
  });

  it('keeps the name and the labels of the exported fleet', async () => {
    const cwd = await folderOf({
      'base.yaml': 'apiVersion: domo-roles/v1\nkind: Roles\nroles: { Viewer: { grants: [audit] } }\n',
      'fleet.yaml':
        'apiVersion: domo-roles/v1\nkind: Fleet\nname: customers\nmanifest: base.yaml\ninstances:\n  acme: { labels: { tier: production } }\n  globex: {}\n  ended: { suspended: { reason: ended } }\n',
    });
    await fleet(cwd, 'export', '--sandbox', 'box', '--out', 'snaps');
    const { code, stderr } = await init(cwd, 'new');
    expect([code, stderr]).toEqual([0, 'note: without a snapshot, and not in the fleet: ended\n']);
    const text = await readFile(join(cwd, 'new/fleet.yaml'), 'utf8');
    expect(text).toContain('name: customers\n');
    expect(text).toContain('  acme:\n    labels: { tier: production }\n  globex: {}\n');
    const plan = ['plan', 'new/fleet.yaml', '--sandbox', 'box', '--detailed-exitcode', '--out', 'plan'];
    expect((await fleet(cwd, ...plan)).code).toBe(0);
  });

  it.each([
    ['a folder', ['there'], 'there/fleet.yaml'],
    ['a folder by its flag', ['--folder', 'there'], 'there/fleet.yaml'],
    ['an inventory of another name', ['there/customers.yaml'], 'there/customers.yaml'],
  ])('accepts %s', async (_what, args, inventory) => {
    const cwd = await folderOf(SNAPSHOTS);
    expect((await init(cwd, ...args)).code).toBe(0);
    expect(await readFile(join(cwd, inventory), 'utf8')).toContain('kind: Fleet');
  });

  it('overwrites nothing unless forced', async () => {
    const cwd = await folderOf({ ...SNAPSHOTS, 'base.yaml': 'mine', 'instances/globex.yaml': 'mine' });
    const refused = await init(cwd);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('base.yaml');
    expect(refused.stderr).toContain('instances/globex.yaml');
    expect(refused.stderr).toContain('--force');
    expect(await filesIn(cwd, '.')).not.toContain('fleet.yaml');
    expect(await readFile(join(cwd, 'base.yaml'), 'utf8')).toBe('mine');
    expect((await init(cwd, '--force')).code).toBe(0);
    expect(await readFile(join(cwd, 'base.yaml'), 'utf8')).toContain('What all 2 instances share');
  });

  it('rejects a folder with other files', async () => {
    const cwd = await folderOf({ ...SNAPSHOTS, 'there/notes.md': 'mine' });
    const refused = await init(cwd, 'there');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('the folder already contains "notes.md"');
    expect(await filesIn(cwd, 'there')).toEqual(['notes.md']);
    expect((await init(cwd, 'snaps')).code).toBe(1);
    expect((await init(cwd, 'there', '--force')).code).toBe(0);
    expect(await filesIn(cwd, 'there')).toContain('notes.md');
  });

  it('reports all unusable snapshots together and writes nothing', async () => {
    const cwd = await folderOf({
      ...SNAPSHOTS,
      'snaps/instances/broken/snapshot.json': '{',
      'snaps/instances/other/snapshot.json': SNAPSHOTS['snaps/instances/acme/snapshot.json'] ?? '',
      'snaps/instances/Not A Name/snapshot.json': '{}',
      'snaps/instances/__proto__/snapshot.json': '{}',
    });
    const { code, stderr } = await init(cwd, 'there');
    expect(code).toBe(1);
    for (const text of [
      'the snapshot file is not JSON',
      'the snapshot of "other" was taken of "acme"',
      '"Not A Name" is not a valid instance name',
      '"__proto__" is not a valid instance name',
    ])
      expect(stderr).toContain(text);
    expect(await readdir(cwd)).toEqual(['snaps']);
  });

  it.each([
    ['does not exist', 'gone', 'the folder of snapshots does not exist'],
    ['contains no instance', 'empty', 'there is no snapshot in the folder'],
    ['contains instances without snapshots', 'plans', 'there is no snapshot in the folder'],
  ])('rejects a folder that %s', async (_what, from, message) => {
    const cwd = await folderOf({ 'empty/x.txt': '', 'plans/instances/acme/plan.json': '{}' });
    const { code, stderr } = await fleet(cwd, 'init', '--from', from);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });

  it('names the instances without a snapshot', async () => {
    const cwd = await folderOf({ ...SNAPSHOTS, 'snaps/instances/lost/problems.json': '{}' });
    const { code, stderr } = await init(cwd, 'there');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'note: without a snapshot, and not in the fleet: lost\n',
    });
  });

  it('names those that an interrupted export did not reach', async () => {
    const entries = ['acme: { labels: { tier: production } }', 'globex: {}', 'late: {}'];
    const cwd = await folderOf({
      'fleet.yaml': `apiVersion: domo-roles/v1\nkind: Fleet\nname: customers\nmanifest: base.yaml\ninstances:\n  ${entries.join('\n  ')}\n`,
    });
    await fleet(cwd, 'export', '--sandbox', 'box', '--out', 'snaps', '--at-once', '1');
    await rm(join(cwd, 'snaps/fleet.json'));
    await rm(join(cwd, 'snaps/instances/late'), { recursive: true });
    const { code, stderr } = await init(cwd, 'new');
    expect([code, stderr]).toEqual([0, 'note: without a snapshot, and not in the fleet: late\n']);
    const text = await readFile(join(cwd, 'new/fleet.yaml'), 'utf8');
    expect(text).toContain('name: customers\n');
    expect(text).toContain('  acme:\n    labels: { tier: production }\n');
  });

  it('requires a folder of snapshots', async () => {
    expect((await fleet(await folderOf({ x: '' }), 'init')).code).toBe(1);
  });

  it('writes a fleet whose live plans are empty, even for instances with quirks', async () => {
    const stage = await openFleetStage(['alpha', 'beta', 'gamma']);
    try {
      stage.sandboxes.get('beta')?.setQuirks(everyQuirk());
      stage.sandboxes.get('gamma')?.setQuirks({ namesIgnoreCase: true });
      expect((await stage.fleet('export', '--out', 'snaps')).code).toBe(0);
      expect((await runWithin(['fleet', 'init', 'new', '--from', 'snaps'], { cwd: stage.folder })).code).toBe(
        0,
      );
      const ended = await stage.fleet('plan', 'new/fleet.yaml', '--detailed-exitcode', '--out', 'plan');
      expect({ code: ended.code, text: ended.stdout.split('\n')[1] }).toEqual({ code: 0, text: '3 clean.' });
    } finally {
      await stage.close();
    }
  });
});
