import { chmod, mkdir, mkdtemp, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runWithin } from '../support/in-process.js';
import { asPlainUser } from '../support/plain-user.js';

/** A working folder with a subfolder that a plain user cannot enter. */
async function openFolder(): Promise<{ cwd: string; closed: string }> {
  const cwd = await mkdtemp(join(tmpdir(), 'domo-roles-hidden-'));
  await chmod(cwd, 0o777);
  // The scratch folder of a test run is closed to others.
  const { mode } = await stat(tmpdir());
  if ((mode & 0o001) === 0) await chmod(tmpdir(), 0o711);
  const closed = join(cwd, 'closed');
  await mkdir(closed);
  return { cwd, closed };
}

/** Runs a command as a plain user, with the folder closed. */
async function runClosed({ cwd, closed }: { cwd: string; closed: string }, args: string[]) {
  await chmod(closed, 0o700);
  return asPlainUser(() => runWithin(args, { cwd }));
}

const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('what the system hides is not taken for absent:', () => {
  it('a .env without read permission', async () => {
    const { cwd, closed } = await openFolder();
    await writeFile(join(cwd, '.env'), 'DOMO_INSTANCE=one\n', { mode: 0o600 });
    const { code, stderr } = await runClosed({ cwd, closed }, ['get', 'roles']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('.env  bad-file  it cannot be read (EACCES)\n  hint: correct its permissions'),
    ]);
  });

  it('the default manifest, so that a folder beside it is not read instead', async () => {
    const { cwd, closed } = await openFolder();
    await symlink(join(closed, 'roles.yaml'), join(cwd, 'domo-roles.yaml'));
    await mkdir(join(cwd, 'domo-roles'));
    await writeFile(join(cwd, 'domo-roles/a.yaml'), BASE);
    const { code, stdout } = await runClosed({ cwd, closed }, ['validate']);
    expect([code, stdout]).toEqual([1, expect.stringContaining('"domo-roles.yaml" cannot be read')]);
  });

  it('a file that init or export would overwrite', async () => {
    const { cwd, closed } = await openFolder();
    for (const args of [
      ['init', '--folder', 'closed/below'],
      ['export', '--sandbox', '--out', 'closed/below/roles.yaml'],
    ]) {
      const { code, stderr } = await runClosed({ cwd, closed }, args);
      expect([args[0], code, stderr]).toEqual([
        args[0],
        1,
        expect.stringContaining('cannot be used (EACCES)'),
      ]);
    }
  });

  it.each([
    [['report', 'plan.json'], 'plan.json'],
    [['fleet', 'report', 'run'], 'run/fleet.json'],
  ])('a document, whose hint names its permissions: %p', async (args, file) => {
    const { cwd, closed } = await openFolder();
    await mkdir(join(cwd, 'run'));
    await writeFile(join(cwd, file), '{}', { mode: 0o600 });
    const { code, stderr } = await runClosed({ cwd, closed }, args);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /it cannot be read \(EACCES\)\n {2}hint: check the permissions of the file and its folders\n/u,
      ),
    ]);
  });

  it('a token folder', async () => {
    const { cwd, closed } = await openFolder();
    await mkdir(join(closed, 'tokens'));
    await writeFile(join(cwd, 'fleet.yaml'), FLEET);
    await writeFile(join(cwd, 'base.yaml'), BASE);
    for (const file of ['fleet.yaml', 'base.yaml']) await chmod(join(cwd, file), 0o644);
    const args = ['fleet', 'plan', '--out', 'out', '--token-dir', 'closed/tokens'];
    const { code, stderr } = await runClosed({ cwd, closed }, args);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('the token folder "closed/tokens" cannot be used (EACCES)'),
    ]);
  });
});

onPosix('a fleet command does not take for absent', () => {
  /** A fleet whose files a plain user can read, and a folder of snapshots. */
  async function openFleet(): Promise<{ cwd: string; closed: string }> {
    const { cwd, closed } = await openFolder();
    await mkdir(join(cwd, 'snaps/instances/alpha'), { recursive: true });
    for (const [file, text] of [
      ['fleet.yaml', FLEET],
      ['base.yaml', BASE],
      ['snaps/instances/alpha/snapshot.json', '{}'],
    ] as const) {
      await writeFile(join(cwd, file), text);
      await chmod(join(cwd, file), 0o644);
    }
    return { cwd, closed };
  }

  it.each([
    [['init', '--from', 'closed/snaps'], '--from  bad-file  the folder of snapshots cannot be read'],
    [
      ['plan', '--out', 'closed/out', '--snapshots', 'closed/snaps'],
      '--snapshots  bad-file  the folder of snapshots cannot be read',
    ],
    [['merge', 'closed/shard', '--out', 'closed/out'], '"closed/shard" cannot be read'],
  ])('a folder that the system hides: %p', async (args, message) => {
    const { code, stderr } = await runClosed(await openFleet(), ['fleet', ...args]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(stderr).toContain('hint: check its permissions and those of its folders');
  });

  it('the instances of a folder of snapshots that can be listed but not entered', async () => {
    const stage = await openFleet();
    await chmod(join(stage.cwd, 'snaps/instances'), 0o744);
    const { code, stderr } = await runClosed(stage, ['fleet', 'init', '--from', 'snaps']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('alpha cannot be used (EACCES)')]);
  });

  it('a snapshot without read permission', async () => {
    const stage = await openFleet();
    await chmod(join(stage.cwd, 'snaps/instances/alpha/snapshot.json'), 0o600);
    const { code, stderr } = await runClosed(stage, ['fleet', 'init', '--from', 'snaps']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(
        'the snapshot of "alpha" cannot be read (EACCES)\n  hint: check its permissions',
      ),
    ]);
  });

  it.each([
    ['fleet.yaml', 'the inventory "fleet.yaml" cannot be used: it cannot be read'],
    ['more.csv', 'the table "more.csv" cannot be used: it cannot be read'],
  ])('%s without read permission, which is no fault of the inventory', async (file, message) => {
    const stage = await openFleet();
    await writeFile(join(stage.cwd, 'fleet.yaml'), `${FLEET}instancesFrom: [{ file: more.csv }]\n`);
    await writeFile(join(stage.cwd, 'more.csv'), 'name\nbeta\n');
    await chmod(join(stage.cwd, file), 0o600);
    const { code, stdout, stderr } = await runClosed(stage, ['fleet', 'list']);
    expect([code, `${stdout}${stderr}`]).toEqual([1, expect.stringContaining(message)]);
    expect(`${stdout}${stderr}`).toContain('hint: check its permissions and those of its folders');
  });
});

const BASE = 'apiVersion: domo-roles/v1\nkind: Roles\nremoved: [Old]\n';
const FLEET = `apiVersion: domo-roles/v1
kind: Fleet
name: customers
manifest: base.yaml
instances: { alpha: {} }
`;

onPosix('a folder that a command creates for a private file', () => {
  it('is private as the file is, whatever the umask', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'domo-roles-umask-'));
    const before = process.umask(0);
    try {
      await runWithin(['export', '--sandbox', 'box', '--format', 'snapshot', '--out', 'a/b/snapshot.json'], {
        cwd,
      });
    } finally {
      process.umask(before);
    }
    expect(await readFile(join(cwd, 'a/b/snapshot.json'), 'utf8')).toContain('"snapshot"');
    const modes = await Promise.all(
      ['a', 'a/b', 'a/b/snapshot.json', 'box'].map((path) => stat(join(cwd, path))),
    );
    expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['700', '700', '600', '700']);
  });
});
