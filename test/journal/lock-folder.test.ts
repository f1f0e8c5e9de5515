import { describe, expect, it } from '@jest/globals';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openStateLocks, openUserLocks, userLockFolder, userRoots } from '../../src/journal/lock-folder.js';
import { withStateFolder } from '../support/state-folder.js';

describe('the folder of the locks of a user', () => {
  it.each<[string, NodeJS.Platform, Record<string, string>, string | null, string | null]>([
    ['the XDG folder', 'linux', { XDG_STATE_HOME: '/x', HOME: '/h' }, '/s', '/x/domo-roles/locks'],
    ['the home folder', 'linux', { HOME: '/h' }, '/s', '/h/.local/state/domo-roles/locks'],
    ['the home folder by the system', 'darwin', {}, '/s', '/s/.local/state/domo-roles/locks'],
    ['none', 'linux', {}, null, null],
    ['not a relative XDG folder', 'linux', { XDG_STATE_HOME: 'x' }, '/s', '/s/.local/state/domo-roles/locks'],
    ['not a relative home folder', 'linux', { HOME: 'h' }, null, null],
    ['local data on Windows', 'win32', { LOCALAPPDATA: '/l', HOME: '/h' }, '/s', '/l/domo-roles/locks'],
    ['none on Windows without local data', 'win32', { HOME: '/h' }, '/s', null],
  ])('is %s', (_, platform, env, home, folder) => {
    expect(userLockFolder({ env, platform, home })).toBe(folder);
  });

  it.each<[string, Record<string, string>, string | null, string[]]>([
    ['the home folder', { HOME: '/h' }, '/s', ['/h']],
    ['the home folder by the system', {}, '/s', ['/s']],
    ['the folder above the XDG folder', { HOME: '/h', XDG_STATE_HOME: '/x/state' }, '/s', ['/h', '/x']],
    ['no relative folder', { HOME: 'h', XDG_STATE_HOME: 'state/of/mine' }, null, []],
  ])('is named in documents by %s', (_, env, home, roots) => {
    expect(userRoots({ env, platform: 'linux', home })).toEqual(roots);
  });

  it('is created with its parents, for its owner only', async () => {
    await withStateFolder(async (_state, root) => {
      const folder = join(root, 'a', 'b', 'domo-roles', 'locks');
      expect(await openUserLocks(folder)).toBe(folder);
      for (const path of [folder, join(folder, '..')]) expect((await stat(path)).mode & 0o777).toBe(0o700);
    });
  });

  it('is in the state folder if no user folder is known', async () => {
    await withStateFolder(async (state) => {
      expect(await openStateLocks(state)).toBe(join(state, 'locks'));
    });
  });
});
