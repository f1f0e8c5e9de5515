import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  lstat,
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { manifest, stageForFile } from './support.js';

/** Every command that writes a file by name, with the file and its permissions. */
const WRITERS: readonly [argv: string[], file: string, mode: number][] = [
  [['plan', '--out', 'plan.json'], 'plan.json', 0o600],
  [['plan', '--report', 'html=deep/plan.html'], 'deep/plan.html', 0o600],
  [['drift', '--out', 'drift.json'], 'drift.json', 0o600],
  [['drift', '--report', 'junit=drift.xml'], 'drift.xml', 0o600],
  [['report', 'saved.json', '--report', 'markdown=plan.md'], 'plan.md', 0o600],
  [['export', '--force', '--out', 'roles.yaml'], 'roles.yaml', 0o600],
  [['export', '--force', '--format', 'csv', '--out', 'people.csv'], 'people.csv', 0o600],
  [['export', '--force', '--members-files', '--out', 'split'], 'split/domo-roles.yaml', 0o600],
  [['export', '--force', '--split', '--out', 'split'], 'split/domo-roles/editor.yaml', 0o600],
  [['init', '--force', '--folder', 'made'], 'made/domo-roles.yaml', 0o644],
  [['init', '--force', '--folder', 'made'], 'made/.github/workflows/domo-roles-plan.yml', 0o644],
  [['rollback', 'RUN', '--out', 'back.json'], 'back.json', 0o600],
  [['doctor', '--probe', '--out', 'probe.json'], 'probe.json', 0o644],
  [['fleet', 'plan', '--sandbox', '--report', 'csv=fleet.csv'], 'fleet.csv', 0o600],
  [['fleet', 'report', 'fleet-run', '--report', 'html=fleet.html'], 'fleet.html', 0o600],
  [['fleet', 'compare', '--manifests', '--report', 'json=compared.json'], 'compared.json', 0o600],
  [['fleet', 'init', 'new', '--force', '--from', 'snapshots'], 'new/fleet.yaml', 0o644],
];

describe('a link under the name of an output', () => {
  const held = stageForFile();
  /** Outside of the working folder. */
  let outside = '';
  beforeEach(async () => {
    outside = await mkdtemp(join(tmpdir(), 'domo-roles-outside-'));
    await writeFile(join(outside, 'kept'), 'kept\n', { mode: 0o644 });
  });
  afterEach(() => rm(outside, { recursive: true, force: true }));

  const pathOf = (file: string): string => join(held.stage.folder, file);

  /** Prepares what the command reads, and a link to a target under the name of the file. */
  async function prepare(argv: readonly string[], file: string, target: string): Promise<string[]> {
    const { stage } = held;
    await stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    if (argv[0] === 'fleet')
      await stage.write(
        'fleet.yaml',
        'apiVersion: domo-roles/v1\nkind: Fleet\nname: all\nmanifest: domo-roles.yaml\ninstances: { alpha: {} }\n',
      );
    if (argv.includes('saved.json')) await stage.run('plan', '--out', 'saved.json');
    if (argv.includes('fleet-run'))
      await stage.runWith({}, 'fleet', 'plan', '--sandbox', '--out', 'fleet-run');
    if (argv.includes('snapshots'))
      await stage.runWith({}, 'fleet', 'export', '--sandbox', '--out', 'snapshots');
    if (argv.includes('RUN')) await stage.run('apply', '--yes');
    const [run = ''] = argv.includes('RUN') ? await readdir(pathOf('.domo-roles/runs')) : [];
    await mkdir(dirname(pathOf(file)), { recursive: true });
    await symlink(target, pathOf(file));
    return argv.map((word) => word.replace('RUN', run));
  }

  const run = (argv: readonly string[]) =>
    argv[0] === 'fleet' ? held.stage.runWith({}, ...argv) : held.stage.run(...argv);

  it.each(WRITERS)('is replaced by %j, and what it leads to is left alone: %s', async (given, file, mode) => {
    const argv = await prepare(given, file, join(outside, 'kept'));
    const { stderr } = await run(argv);
    expect(stderr).not.toMatch(/warning|usage|bad-file/u);
    expect(await readFile(join(outside, 'kept'), 'utf8')).toBe('kept\n');
    const found = await lstat(pathOf(file));
    expect([found.isFile(), found.mode & 0o777]).toEqual([true, mode]);
    expect((await readdir(dirname(pathOf(file)))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('creates nothing at its target, which does not exist', async () => {
    await run(await prepare(['plan', '--out', 'plan.json'], 'plan.json', join(outside, 'authorized_keys')));
    expect(await readdir(outside)).toEqual(['kept']);
    expect(await readFile(pathOf('plan.json'), 'utf8')).toContain('"kind": "plan"');
  });

  it.each([
    ['that leads to a file', 'kept'],
    ['that leads nowhere', 'nothing'],
  ])('is not replaced without --force: %s', async (_what, target) => {
    const argv = await prepare(['export', '--out', 'roles.yaml'], 'roles.yaml', join(outside, target));
    const { code, stderr } = await run(argv);
    expect([code, stderr]).toEqual([1, expect.stringContaining('the file already exists')]);
    expect(await readlink(pathOf('roles.yaml'))).toBe(join(outside, target));
  });

  it('is an error if it leads to a folder', async () => {
    const argv = await prepare(['plan', '--out', 'plan.json'], 'plan.json', outside);
    const { code, stderr } = await run(argv);
    expect([code, stderr]).toEqual([1, 'warning: plan.json could not be written (EISDIR)\n']);
    expect(await readlink(pathOf('plan.json'))).toBe(outside);
  });

  it('is followed if it is a folder on the way', async () => {
    await symlink(outside, pathOf('folder'));
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    expect(await run(['plan', '--out', 'folder/plan.json'])).toMatchObject({ code: 0, stderr: '' });
    expect(await readFile(join(outside, 'plan.json'), 'utf8')).toContain('"kind": "plan"');
  });

  it('does not copy the lines of another file into the ignore file', async () => {
    const argv = await prepare(['init', '--folder', 'made'], 'made/.gitignore', join(outside, 'kept'));
    const { code, stderr } = await run(argv);
    expect([code, stderr]).toEqual([1, 'warning: made/.gitignore could not be written (it is a link)\n']);
    expect(await readFile(join(outside, 'kept'), 'utf8')).toBe('kept\n');
    expect(await readlink(pathOf('made/.gitignore'))).toBe(join(outside, 'kept'));
  });

  const ON_LINUX = existsSync('/proc/self/fd') ? it : it.skip;

  ON_LINUX('of the system is followed: an open file, by its number', async () => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    for (const folder of ['/dev/fd', '/proc/self/fd']) {
      const file = await open(join(outside, 'opened'), 'w');
      try {
        expect(await run(['plan', '--out', `${folder}/${file.fd}`])).toMatchObject({ code: 0, stderr: '' });
      } finally {
        await file.close();
      }
      expect(await readFile(join(outside, 'opened'), 'utf8')).toContain('"kind": "plan"');
      await rm(join(outside, 'opened'));
    }
  });

  ON_LINUX('of the system is followed: a pipe, by its name or number', async () => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    execFileSync('mkfifo', [join(outside, 'pipe')]);
    const reading = await open(join(outside, 'pipe'), 'r+');
    for (const out of [join(outside, 'pipe'), `/dev/fd/${reading.fd}`]) {
      expect(await run(['plan', '--report', `markdown=${out}`])).toMatchObject({ code: 0, stderr: '' });
      const { buffer, bytesRead } = await reading.read(Buffer.alloc(60_000), 0, 60_000, null);
      expect(buffer.toString('utf8', 0, bytesRead)).toContain('# ');
    }
    await reading.close();
    expect((await lstat(join(outside, 'pipe'))).isFIFO()).toBe(true);
  });
});
