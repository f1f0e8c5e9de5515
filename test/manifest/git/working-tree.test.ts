import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sharesWorkingTree } from '../../../src/manifest/git/working-tree.js';
import { folderOf } from '../support.js';

/** Checkouts that git creates: a folder, one within another, a submodule, and a linked worktree. */
const FILES = {
  'repo/.git/HEAD': '',
  'repo/roles.yaml': '',
  'repo/sub/policy.yaml': '',
  'repo/other/.git/HEAD': '',
  'repo/other/policy.yaml': '',
  'repo/module/.git': 'gitdir: ../.git/modules/module\n',
  'repo/module/policy.yaml': '',
  'repo/tree/.git': 'gitdir: ../.git/worktrees/tree\n',
  'repo/tree/policy.yaml': '',
  'away/.git/HEAD': '',
  'away/policy.yaml': '',
  'plain/roles.yaml': '',
  'plain/policy.yaml': '',
  'plain/sub/policy.yaml': '',
  'beside/policy.yaml': '',
};

/** Links and their targets. */
const LINKS: [string, string][] = [
  ['repo/link.yaml', '../away/policy.yaml'],
  ['repo/folder', '../away'],
  ['away/back.yaml', '../repo/sub/policy.yaml'],
  ['away/loop.yaml', 'loop.yaml'],
];

async function world(): Promise<string> {
  const folder = await folderOf(FILES);
  for (const [link, target] of LINKS) await symlink(target, join(folder, link));
  return folder;
}

describe('the working tree of a manifest', () => {
  it.each<[boolean, string, string, string]>([
    [true, 'a file below its top', 'repo/sub/policy.yaml', 'repo/roles.yaml'],
    [true, 'a submodule, whose commit the repository names', 'repo/module/policy.yaml', 'repo/roles.yaml'],
    [true, 'a link that leads out of it', 'repo/link.yaml', 'repo/roles.yaml'],
    [true, 'a folder that is such a link', 'repo/folder/policy.yaml', 'repo/roles.yaml'],
    [true, 'a file that a link from elsewhere leads to', 'away/back.yaml', 'repo/roles.yaml'],
    [true, 'the folder where there is no repository', 'plain/policy.yaml', 'plain/roles.yaml'],
    [true, 'what is below such a folder', 'plain/sub/policy.yaml', 'plain/roles.yaml'],
    [false, 'another checkout', 'away/policy.yaml', 'repo/roles.yaml'],
    [false, 'another checkout within it', 'repo/other/policy.yaml', 'repo/roles.yaml'],
    [false, 'another worktree within it', 'repo/tree/policy.yaml', 'repo/roles.yaml'],
    [false, 'another folder', 'beside/policy.yaml', 'plain/roles.yaml'],
    [false, 'a link that leads nowhere', 'away/loop.yaml', 'repo/roles.yaml'],
  ])('%s: %s', async (shares, _, policy, manifest) => {
    const folder = await world();
    expect(await sharesWorkingTree(join(folder, policy), [join(folder, manifest)])).toBe(shares);
  });
});
