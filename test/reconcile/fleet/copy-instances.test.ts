import { chmod, mkdir, mkdtemp, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { copyInstances } from '../../../src/reconcile/fleet/copy-instances.js';
import { asPlainUser } from '../../support/plain-user.js';

let folder: string;
let own: string;
beforeEach(async () => {
  const { mode } = await stat(tmpdir());
  if ((mode & 0o001) === 0) await chmod(tmpdir(), 0o711);
  folder = await mkdtemp(join(tmpdir(), 'domo-roles-copy-'));
  await chmod(folder, 0o777);
  own = join(folder, 'shard/instances/acme');
  await asPlainUser(async () => {
    await mkdir(own, { recursive: true });
    await mkdir(join(folder, 'merged/instances'), { recursive: true });
    for (const file of ['plan.json', 'roles.json']) await writeFile(join(own, file), file);
  });
});

const copy = (): Promise<void> =>
  asPlainUser(() => copyInstances(new Map([['acme', [join(folder, 'shard')]]]), join(folder, 'merged')));

describe('copying the files of an instance', () => {
  it('copies each file', async () => {
    await copy();
    for (const file of ['plan.json', 'roles.json'])
      expect(await readFile(join(folder, 'merged/instances/acme', file), 'utf8')).toBe(file);
  });

  it('leaves out the temporary files of a killed run', async () => {
    const half = 'plan.json.1b4e28ba-2fa1-11d2-883f-0016d3cca427.tmp';
    await writeFile(join(own, half), 'half');
    await copy();
    expect((await readdir(join(folder, 'merged/instances/acme'))).sort()).toEqual([
      'plan.json',
      'roles.json',
    ]);
  });

  it.each([
    ['a file', () => join(own, 'roles.json')],
    ['its folder', () => own],
  ])('names %s that cannot be read', async (_what, path) => {
    await chmod(path(), 0o000);
    await expect(copy()).rejects.toThrow(`${path()} cannot be used: it cannot be read (EACCES)`);
  });

  it('does not leave out an instance that cannot be looked at', async () => {
    await chmod(join(own, '..'), 0o000);
    await expect(copy()).rejects.toThrow(`${own} cannot be used: it cannot be read (EACCES)`);
  });

  it('leaves out an instance without a folder', async () => {
    await expect(
      copyInstances(new Map([['globex', [join(folder, 'shard')]]]), join(folder, 'merged')),
    ).resolves.toBeUndefined();
  });
});
