import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openPrivateFolder, writeAtomically } from '../../src/journal/files.js';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'domo-roles-write-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.each([
  ['that must survive a power cut', true],
  ['that can be recreated', false],
])('A file of a run %s', (_, durable) => {
  it.each([
    ['text', 'grün\n'],
    ['bytes', Buffer.from('grün\n')],
    ['nothing', ''],
  ])('is written completely and private: %s', async (_kind, content) => {
    const path = join(folder, 'plan.json');
    await writeFile(path, 'old and longer than the new one', { mode: 0o644 });
    await writeAtomically(path, content, { durable });
    expect(await readFile(path)).toEqual(Buffer.from(content));
    expect((await lstat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['plan.json']);
  });

  it('replaces a link and leaves its target alone', async () => {
    const elsewhere = join(folder, 'elsewhere');
    await writeFile(elsewhere, 'kept');
    await symlink(elsewhere, join(folder, 'plan.json'));
    await writeAtomically(join(folder, 'plan.json'), 'new', { durable });
    expect(await readFile(elsewhere, 'utf8')).toBe('kept');
    expect((await lstat(join(folder, 'plan.json'))).isFile()).toBe(true);
  });

  it('leaves nothing behind if it cannot be put in its place', async () => {
    await mkdir(join(folder, 'plan.json'));
    await expect(writeAtomically(join(folder, 'plan.json'), 'new', { durable })).rejects.toMatchObject({
      problems: [{ code: 'bad-file' }],
    });
    expect(await readdir(folder)).toEqual(['plan.json']);
    const missing = writeAtomically(join(folder, 'none', 'plan.json'), 'new', { durable });
    await expect(missing).rejects.toMatchObject({ problems: [{ code: 'bad-file' }] });
  });
});

describe('A folder of a run', () => {
  it('is private, and used if it exists', async () => {
    const path = join(folder, 'own');
    for (const _ of [1, 2]) {
      await openPrivateFolder(path);
      expect((await lstat(path)).mode & 0o777).toBe(0o700);
    }
    await expect(openPrivateFolder(join(folder, 'none', 'own'))).rejects.toMatchObject({
      problems: [{ code: 'bad-file', message: expect.stringContaining('ENOENT') }],
    });
  });

  it.each([
    [0o755, 0o700],
    [0o777, 0o700],
    [0o555, 0o500],
    [0o500, 0o500],
  ])('that exists with mode %i loses the rights of others and gains none', async (mode, expected) => {
    const path = join(folder, 'own');
    await mkdir(path);
    await chmod(path, mode);
    await openPrivateFolder(path);
    expect((await lstat(path)).mode & 0o777).toBe(expected);
  });
});
