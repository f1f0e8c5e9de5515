import { createHash } from 'node:crypto';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { findFiles, readText, realPathIn } from '../../src/manifest/read.js';
import { folderOf } from './support.js';

const LONG = 'é'.repeat(40_000);

let root: string;
beforeAll(async () => {
  root = await folderOf({
    'all/a.yaml': 'first, and longer',
    'all/b.yaml': 'second',
    'all/empty.yaml': '',
    'all/long.yaml': LONG,
  });
  await symlink('b.yaml', join(root, 'all/link.yaml'));
  await symlink('all', join(root, 'alias'));
});

describe('A file', () => {
  it('is read whole, with nothing of the one before it', async () => {
    for (const text of ['first, and longer', 'second', '', LONG, 'second']) {
      const name = { 'first, and longer': 'a', second: 'b', '': 'empty' }[text] ?? 'long';
      const content = await readText(join(root, `all/${name}.yaml`));
      const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
      expect(content).toEqual({ text, digest, bytes: Buffer.byteLength(text) });
    }
  });

  it('is not read through a link that has taken its place', async () => {
    expect(await readText(join(root, 'all/link.yaml'))).toMatchObject({ text: 'second' });
    expect(await readText(join(root, 'all/link.yaml'), 100, 'refused')).toBe('unreadable');
    expect(await readText(join(root, 'all/b.yaml'), 100, 'refused')).toMatchObject({ text: 'second' });
  });

  it('of a folder has the real path of the folder, and a link in it that of its target', async () => {
    const { files } = await findFiles(['alias'], root);
    const real = await Promise.all(files.map((file) => realPathIn(file, async () => join(root, 'all'))));
    expect(files.map(({ path }) => path)).toEqual(
      ['a', 'b', 'empty', 'link', 'long'].map((name) => join(root, `alias/${name}.yaml`)),
    );
    expect(real).toEqual(['a', 'b', 'empty', 'b', 'long'].map((name) => join(root, `all/${name}.yaml`)));
  });
});
