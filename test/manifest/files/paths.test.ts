import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  displayPath,
  fileNamer,
  isWithin,
  kindOf,
  openPath,
  realPathOf,
  repositoryOf,
} from '../../../src/manifest/files/paths.js';
import { folderOf } from '../support.js';

let root: string;
beforeAll(async () => {
  root = await folderOf({ 'in/a.yaml': 'a', 'in/deep/b.yaml': 'b', 'out/c.yaml': 'c' });
  await mkdir(join(root, 'repository', '.git'), { recursive: true });
  await mkdir(join(root, 'repository', 'sub', 'sub'), { recursive: true });
  await symlink(join(root, 'out', 'c.yaml'), join(root, 'in', 'link.yaml'));
  await symlink(join(root, 'in', 'a.yaml'), join(root, 'in', 'inside.yaml'));
});

describe('the display path', () => {
  it.each([
    ['/repo/a.yaml', '/repo', 'a.yaml'],
    ['/repo/sub/a.yaml', '/repo', 'sub/a.yaml'],
    ['/repo', '/repo', '.'],
    ['/a.yaml', '/repo', '../a.yaml'],
  ])('of %s from %s is %s', (path, cwd, shown) => {
    expect(displayPath(path, cwd)).toBe(shown);
  });

  it('is the same for files that share a folder', () => {
    for (const cwd of ['/repo', '/repo/sub', '/']) {
      const nameOf = fileNamer(cwd);
      for (const path of [
        '/repo/a.yaml',
        '/repo/b.yaml',
        '/repo/sub/a.yaml',
        '/a.yaml',
        '/other/a.yaml',
        '/repo/x',
      ])
        expect(nameOf(path)).toBe(displayPath(path, cwd));
    }
  });
});

describe('a path inside a folder', () => {
  it.each([
    ['/repo', '/repo', true],
    ['/repo/a', '/repo', true],
    ['/repo/..a', '/repo', true],
    ['/repo/../a', '/repo', false],
    ['/', '/repo', false],
    // The text has the same start, but the folder is different.
    ['/reposhop/a', '/repo', false],
    ['/repo', '/', true],
  ])('%s in %s: %s', (path, folder, within) => {
    expect(isWithin(path, folder)).toBe(within);
  });
});

describe('a path that a file refers to', () => {
  it.each([
    ['a.yaml', ['in'], 'in/a.yaml'],
    ['./deep/../a.yaml', ['in'], 'in/a.yaml'],
    ['deep/b.yaml', ['in'], 'in/deep/b.yaml'],
    // Links are followed, and their targets must be within the folders too.
    ['inside.yaml', ['in'], 'in/a.yaml'],
    ['link.yaml', ['in'], 'outside'],
    ['link.yaml', ['in', 'out'], 'out/c.yaml'],
    ['../out/c.yaml', ['in'], 'outside'],
    ['../out/c.yaml', ['in', 'out'], 'out/c.yaml'],
    ['none.yaml', ['in'], 'missing'],
    // The path need not exist.
    ['../none.yaml', ['in'], 'outside'],
    ['/etc/passwd', ['in'], 'outside'],
  ])('%s, within %j, is %s', async (path, folders, found) => {
    const opened = await openPath(
      path,
      join(root, 'in'),
      folders.map((folder) => join(root, folder)),
    );
    expect(typeof opened === 'string' ? opened : displayPath(opened.real, root)).toBe(found);
  });
});

describe('the entry at a path', () => {
  it.each([
    ['in/a.yaml', 'file'],
    ['in', 'folder'],
    ['in/link.yaml', 'file'],
    ['none', null],
  ])('%s: %s', async (path, kind) => {
    expect(await kindOf(join(root, path))).toBe(kind);
  });

  it('is found through links, or is null', async () => {
    expect(await realPathOf(join(root, 'in/link.yaml'))).toBe(join(root, 'out/c.yaml'));
    expect(await realPathOf(join(root, 'none'))).toBeNull();
  });

  it.each([
    ['repository', 'repository'],
    ['repository/sub/sub', 'repository'],
    ['in', null],
  ])('the repository of %s is %s', async (folder, repository) => {
    expect(await repositoryOf(join(root, folder))).toBe(repository === null ? null : join(root, repository));
  });
});
