import { lstat, mkdtemp, open, readFile, readdir, realpath, rename, stat, writeFile } from 'node:fs/promises';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

/** The result of a call, or the fields of its error. */
async function ended(call: Promise<unknown>): Promise<unknown> {
  return call.catch(({ code, syscall, path }: NodeJS.ErrnoException) => ({ code, syscall, path }));
}

describe('synchronous file system calls', () => {
  it('return and throw the same as those that Node runs in a thread', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quick-files-'));
    const file = join(folder, 'file');
    await writeFile(file, 'one', { flag: 'wx' });
    for (const path of [file, folder, join(folder, 'missing'), join(file, 'below')]) {
      expect(await ended(readFile(path, 'utf8'))).toEqual(await ended(promisify(fs.readFile)(path, 'utf8')));
      expect(await ended(readdir(path))).toEqual(await ended(promisify(fs.readdir)(path)));
      expect(await ended(lstat(path))).toEqual(await ended(promisify(fs.lstat)(path)));
      expect(await ended(realpath(path))).toEqual(await ended(promisify(fs.realpath.native)(path)));
    }
    expect(await ended(open(file, 'wx'))).toMatchObject({ code: 'EEXIST', syscall: 'open', path: file });
  });

  it('write through a handle and close it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quick-files-'));
    const handle = await open(join(folder, 'new'), 'wx', 0o600);
    await handle.writeFile('one ');
    await handle.appendFile('two');
    await handle.sync();
    await handle.close();
    await rename(join(folder, 'new'), join(folder, 'moved'));
    expect(await readFile(join(folder, 'moved'), 'utf8')).toBe('one two');
    expect((await stat(join(folder, 'moved'))).mode & 0o777).toBe(0o600);
    await expect(handle.sync()).rejects.toMatchObject({ code: 'EBADF' });
  });
});
