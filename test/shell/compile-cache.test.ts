import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheOwner, useCompileCache } from '../../src/shell/compile-cache.js';
import type { CacheOwner } from '../../src/shell/compile-cache.js';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'domo-roles-test-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const own = join('domo-roles', 'compiled-1.2.3');
const owner: CacheOwner = { ...cacheOwner('1.2.3'), platform: 'linux' };

/** The folders in which Node is asked to keep compiled code. */
function keptIn(env: CacheOwner['env'], more: Partial<CacheOwner> = {}): string[] {
  const folders: string[] = [];
  useCompileCache({ ...owner, env, ...more }, (folder) => folders.push(folder));
  return folders;
}

describe('compiled code', () => {
  it.each<[where: string, env: Record<string, string>, platform: NodeJS.Platform, below: string]>([
    ['the home folder', { HOME: 'here' }, 'linux', join('here', '.cache')],
    ['the folder for caches', { HOME: 'here', XDG_CACHE_HOME: 'there' }, 'linux', 'there'],
    ['the caches of a Mac', { HOME: 'here' }, 'darwin', join('here', 'Library', 'Caches')],
    ['the local data of Windows', { LOCALAPPDATA: 'local', HOME: 'here' }, 'win32', 'local'],
  ])('is kept below %s, by version', (_where, env, platform, below) => {
    const absolute = Object.fromEntries(Object.entries(env).map(([name, path]) => [name, join(home, path)]));
    // The system creates these folders.
    mkdirSync(join(home, 'here', 'Library'), { recursive: true });
    expect(keptIn(absolute, { platform })).toEqual([join(home, below, own)]);
  });

  it('is kept in a folder that only its owner can enter', () => {
    const [folder = ''] = keptIn({ HOME: home });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(keptIn({ HOME: home })).toEqual([folder]);
  });

  it.each<[why: string, env: Record<string, string>]>([
    ['Node already keeps it elsewhere', { NODE_COMPILE_CACHE: 'elsewhere' }],
    ['the cache is disabled', { NODE_DISABLE_COMPILE_CACHE: '1' }],
  ])('is left to Node if %s', (_why, env) => {
    expect(keptIn({ HOME: home, ...env })).toEqual([]);
    expect(existsSync(join(home, '.cache'))).toBe(false);
  });

  it.each<[why: string, env: () => Record<string, string>]>([
    ['no home is known', () => ({})],
    ['no folder can be created', () => ({ HOME: '/proc' })],
    ['the home folder does not exist', () => ({ HOME: join(home, 'not', 'there') })],
    ['the home is not an absolute path', () => ({ HOME: 'home', XDG_CACHE_HOME: '.' })],
    [
      'a file has the name of the folder',
      () => {
        writeFileSync(join(home, '.cache'), '');
        return { HOME: home };
      },
    ],
    [
      'others can write to the folder',
      () => {
        mkdirSync(join(home, '.cache', own), { recursive: true });
        chmodSync(join(home, '.cache', own), 0o777);
        return { HOME: home };
      },
    ],
    [
      'others can write to its parent folder',
      () => {
        mkdirSync(join(home, '.cache', 'domo-roles'), { recursive: true });
        chmodSync(join(home, '.cache', 'domo-roles'), 0o775);
        return { HOME: home };
      },
    ],
    [
      'the folder is a link',
      () => {
        mkdirSync(join(home, '.cache', 'domo-roles'), { recursive: true });
        mkdirSync(join(home, 'elsewhere'));
        symlinkSync(join(home, 'elsewhere'), join(home, '.cache', own));
        return { HOME: home };
      },
    ],
  ])('is not kept if %s', (_why, env) => {
    expect(keptIn(env())).toEqual([]);
  });

  it('creates no folder in the home of another user', () => {
    // A folder of root may be one that all users share.
    if (owner.user === 0) chownSync(home, 1234, 1234);
    expect(keptIn({ HOME: home }, { user: statSync(home).uid + 1 })).toEqual([]);
    expect(existsSync(join(home, '.cache'))).toBe(false);
  });

  it('is not kept in a folder of another user', () => {
    keptIn({ HOME: home });
    expect(keptIn({ HOME: home }, { user: (owner.user ?? 0) + 1 })).toEqual([]);
  });

  it('is not requested when Node cannot keep it', () => {
    useCompileCache({ ...owner, env: { HOME: home } }, undefined);
    const canKeep = 'enableCompileCache' in process.getBuiltinModule('node:module');
    expect(existsSync(join(home, '.cache'))).toBe(canKeep);
  });

  it('is optional, so that a failure of Node to keep it is not an error', () => {
    const failing = (): never => {
      throw new Error('no room');
    };
    expect(() => useCompileCache({ ...owner, env: { HOME: home } }, failing)).not.toThrow();
  });
});
