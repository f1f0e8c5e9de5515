import { createHash } from 'node:crypto';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { findFiles, realPathIn } from '../../../src/manifest/files/find-files.js';
import { readProblem, readText } from '../../../src/manifest/files/read-text.js';
import type { Unreadable } from '../../../src/manifest/files/read-text.js';
import { categoryOf } from '../../../src/problem/codes.js';
import type { ProblemCode } from '../../../src/problem/codes.js';
import { openPath } from '../../../src/manifest/files/paths.js';
import { readPolicySource } from '../../../src/manifest/policy/policy-source.js';
import { asPlainUser } from '../../support/plain-user.js';
import { folderOf } from '../support.js';

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
  it('is read completely, without leftovers of the file before it', async () => {
    for (const text of ['first, and longer', 'second', '', LONG, 'second']) {
      const name = { 'first, and longer': 'a', second: 'b', '': 'empty' }[text] ?? 'long';
      const content = await readText(join(root, `all/${name}.yaml`));
      const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
      expect(content).toEqual({ text, digest, bytes: Buffer.byteLength(text) });
    }
  });

  it('that does not exist is named with its invisible characters escaped', async () => {
    const { problems } = await findFiles(['a\u{202e}b.yaml', 'c\u{9b}d.yaml'], root);
    expect(problems.map(({ message }) => message)).toEqual([
      String.raw`"a\u202eb.yaml" does not exist`,
      String.raw`"c\u009bd.yaml" does not exist`,
    ]);
  });

  it('is not read if a link has replaced it', async () => {
    expect(await readText(join(root, 'all/link.yaml'))).toMatchObject({ text: 'second' });
    expect(await readText(join(root, 'all/link.yaml'), 100, 'refused')).toBe('unreadable');
    expect(await readText(join(root, 'all/b.yaml'), 100, 'refused')).toMatchObject({ text: 'second' });
  });

  it('in a folder gets its real path from the folder, and a link in it from its target', async () => {
    const { files } = await findFiles(['alias'], root);
    const real = await Promise.all(files.map((file) => realPathIn(file, async () => join(root, 'all'))));
    expect(files.map(({ path }) => path)).toEqual(
      ['a', 'b', 'empty', 'link', 'long'].map((name) => join(root, `alias/${name}.yaml`)),
    );
    expect(real).toEqual(['a', 'b', 'empty', 'b', 'long'].map((name) => join(root, `all/${name}.yaml`)));
  });
});

describe('A path that this process may not see', () => {
  (process.platform === 'win32' ? it.skip : it)('is unreadable, not missing', async () => {
    await mkdir(join(root, 'shut'), { mode: 0 });
    await asPlainUser(async () => {
      const { files, problems } = await findFiles(['shut/a.yaml'], root);
      expect([files, problems]).toMatchObject([
        [],
        [{ code: 'bad-file', message: '"shut/a.yaml" cannot be read' }],
      ]);
      expect(await openPath('shut/a.yaml', root, [root])).toBe('unreadable');
      await expect(readPolicySource('shut/policy.yaml', root)).rejects.toMatchObject({
        problems: [
          {
            code: 'bad-file',
            message: 'the file cannot be read',
            hint: expect.stringContaining('permissions'),
          },
        ],
      });
    });
  });
});

describe('A base or a members file that cannot be used', () => {
  it.each<[Unreadable, ProblemCode, string, string]>([
    ['missing', 'base-not-found', 'base-not-found', 'manifest'],
    ['not-a-file', 'members-file', 'members-file', 'manifest'],
    ['too-large', 'base-not-found', 'file-too-large', 'manifest'],
    ['not-utf-8', 'base-not-found', 'yaml-syntax', 'manifest'],
    ['unreadable', 'base-not-found', 'bad-file', 'runtime'],
    ['unreadable', 'members-file', 'bad-file', 'runtime'],
  ])(
    'is a fault of the manifest unless the machine cannot read it: %s (%s)',
    (why, missing, code, category) => {
      const found = readProblem(why, { file: 'base.yaml' }, missing);
      expect([found.code, categoryOf(found.code), found.where]).toEqual([
        code,
        category,
        { file: 'base.yaml' },
      ]);
    },
  );
});
