import { execFileSync } from 'node:child_process';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadManifest, validateManifest } from '../../src/manifest/load/load.js';
import { ProblemError } from '../../src/problem/problem.js';
import { folderOf, HEAD } from './support.js';

/** Codes with their places, `code file:line:column`. */
async function codesOf(cwd: string, ...paths: string[]): Promise<string[]> {
  const { problems } = await validateManifest(paths, { cwd });
  return problems.map(
    ({ code, where }) => `${code} ${where?.file ?? ''}:${where?.line ?? ''}:${where?.column ?? ''}`,
  );
}

async function roleNames(cwd: string, ...paths: string[]): Promise<string[]> {
  const { manifest } = await loadManifest(paths, { cwd });
  return manifest.roles.map(({ name }) => name);
}

describe('finding a manifest', () => {
  it('tries domo-roles.yaml, then the folder domo-roles', async () => {
    const both = {
      'domo-roles.yaml': `${HEAD}roles: {File: }`,
      'domo-roles/a.yaml': `${HEAD}roles: {Folder: }`,
    };
    expect(await roleNames(await folderOf(both))).toEqual(['File']);
    expect(await roleNames(await folderOf({ 'domo-roles/a.yaml': both['domo-roles/a.yaml'] }))).toEqual([
      'Folder',
    ]);
  });

  it('reports what to do when there is none', async () => {
    const cwd = await folderOf({ 'empty/readme.md': '' });
    expect(await codesOf(cwd)).toEqual(['manifest-not-found ::']);
    expect(await codesOf(cwd, 'none.yaml', 'empty')).toEqual([
      'manifest-not-found ::',
      'manifest-not-found ::',
    ]);
    await expect(loadManifest([], { cwd })).rejects.toThrow(ProblemError);
  });

  it('reads the YAML files of a folder, without hidden files and subfolders', async () => {
    const cwd = await folderOf({
      'all/b.yml': `${HEAD}roles: {B: }`,
      'all/a.yaml': `${HEAD}roles: {A: }`,
      'all/.hidden.yaml': `${HEAD}roles: {Hidden: }`,
      'all/below/c.yaml': `${HEAD}roles: {Below: }`,
      'all/note.txt': 'roles',
    });
    const { manifest } = await loadManifest(['all'], { cwd });
    expect(manifest.roles.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(manifest.files.map(({ path }) => path)).toEqual(['all/a.yaml', 'all/b.yml']);
  });
});

describe('a base', () => {
  it('is merged by key: the file overrides later bases, which override earlier ones', async () => {
    const cwd = await folderOf({
      'domo-roles.yaml': `${HEAD}extends: [one.yaml, two.yaml]\ninstance: top\nroles: {A: {description: top}}`,
      'one.yaml': `${HEAD}instance: one\ndefaultRole: One\nallowlist: [One]\nroles: {A: {description: one, id: 11, grants: {add: [a.a], mode: additive}}}`,
      'two.yaml': `${HEAD}instance: two\nallowlist: [Two]\npolicy: {minAdmins: 2}\nroles: {A: {grants: {add: [b.b]}}, B: }`,
    });
    const { manifest } = await loadManifest([], { cwd });
    expect(manifest).toMatchObject({
      instance: 'top',
      defaultRole: 'One',
      allowlist: ['Two'],
      policy: { minAdmins: 2 },
    });
    const [a, b] = manifest.roles;
    expect(a).toMatchObject({
      name: 'A',
      description: 'top',
      id: 11,
      grants: { add: ['b.b'], mode: 'additive' },
    });
    expect(b).toMatchObject({ name: 'B', grants: null });
  });

  it('is overridden by what the file removes and wants', async () => {
    const cwd = await folderOf({
      'domo-roles.yaml': `${HEAD}extends: base.yaml\nroles: {Wanted: }\nremoved: [Gone]`,
      'base.yaml': `${HEAD}roles: {Gone: {}, Kept: {}}\nremoved: [Wanted]`,
      'other.yaml': `${HEAD}extends: base.yaml\nroles: {Wanted: }`,
    });
    expect((await loadManifest([], { cwd })).manifest).toMatchObject({
      removed: ['Gone'],
      roles: [{ name: 'Kept' }, { name: 'Wanted' }],
    });
    expect((await loadManifest(['other.yaml'], { cwd })).manifest.removed).toEqual([]);
  });

  it('is reported in its own file and line', async () => {
    const cwd = await folderOf({
      'domo-roles.yaml': `${HEAD}extends: below/base.yaml\nroles: {A: {members: [a@x.y]}}`,
      'below/base.yaml': `${HEAD}roles:\n  B:\n    members: [A@x.y]\n    colour: red\n`,
    });
    expect(await codesOf(cwd)).toEqual(
      ['duplicate-person domo-roles.yaml:4:23', 'unknown-key below/base.yaml:6:5'].sort(),
    );
  });

  it('may have its own bases, relative to itself, each read once', async () => {
    const cwd = await folderOf({
      'domo-roles.yaml': `${HEAD}extends: [x/left.yaml, x/right.yaml]`,
      'x/left.yaml': `${HEAD}extends: root.yaml\nroles: {A: {description: left}}`,
      'x/right.yaml': `${HEAD}extends: ./root.yaml\nroles: {B: }`,
      'x/root.yaml': `${HEAD}roles: {A: {description: root}, C: }`,
    });
    const { manifest } = await loadManifest([], { cwd });
    expect(manifest.files.map(({ path }) => path)).toEqual([
      'domo-roles.yaml',
      'x/left.yaml',
      'x/root.yaml',
      'x/right.yaml',
    ]);
    expect(manifest.roles.map(({ name }) => name)).toEqual(['A', 'B', 'C']);
  });

  it('that forms a cycle is reported where the cycle closes', async () => {
    const cwd = await folderOf({
      'domo-roles.yaml': `${HEAD}extends: a.yaml\nremoved: [X]`,
      'a.yaml': `${HEAD}extends:\n  - b.yaml\nremoved: [X]`,
      'b.yaml': `${HEAD}extends: [c.yaml, ./domo-roles.yaml]\nremoved: [X]`,
    });
    expect(await codesOf(cwd)).toEqual(['base-not-found b.yaml:3:11', 'extends-cycle b.yaml:3:19']);
    const self = await folderOf({ 'domo-roles.yaml': `${HEAD}extends: domo-roles.yaml\nremoved: [X]` });
    expect(await codesOf(self)).toEqual(['extends-cycle domo-roles.yaml:3:10']);
  });
});

describe('files given together', () => {
  it('combine roles, grantSets, removed and acceptedDrift', async () => {
    const drift = (role: string) =>
      `{acceptedDrift: [{role: ${role}, what: grants, reason: r, until: 2030-01-01}]`;
    const cwd = await folderOf({
      'a.yaml': `${HEAD}roles: {A: {grants: {sets: [t]}}}\ngrantSets: {s: [a.a]}\nremoved: [X, Z]\npolicy: ${drift('A')}, minAdmins: 2}`,
      'b.yaml': `${HEAD}roles: {B: {grants: {sets: [s]}}}\ngrantSets: {t: [b.b]}\nremoved: [Y, Z]\npolicy: ${drift('B')}, maxMoves: 1}`,
    });
    const { manifest } = await loadManifest(['a.yaml', 'b.yaml'], { cwd });
    expect(manifest.removed).toEqual(['X', 'Y', 'Z']);
    expect(manifest.roles).toMatchObject([{ grants: { add: ['b.b'] } }, { grants: { add: ['a.a'] } }]);
    expect(manifest.policy).toMatchObject({
      minAdmins: 2,
      maxMoves: { count: 1 },
      acceptedDrift: [{ role: 'A' }, { role: 'B' }],
    });
  });

  it('may not define the same thing twice: both places are shown', async () => {
    const cwd = await folderOf({
      'a.yaml': `${HEAD}defaultRole: A\nroles: {A: }\ngrantSets: {s: [a.a]}\npolicy: {minAdmins: 1}`,
      'b.yaml': `${HEAD}defaultRole: A\nroles: {A: }\ngrantSets: {s: [a.a]}\npolicy: {minAdmins: 1}`,
    });
    const { problems } = await validateManifest(['a.yaml', 'b.yaml'], { cwd });
    expect(problems.map(({ code, message, where }) => [code, where?.file, where?.line, message])).toEqual([
      ['said-twice', 'b.yaml', 3, '"defaultRole" is set here and in a.yaml:3:1'],
      ['duplicate-role', 'b.yaml', 4, 'role "A" is defined here and in a.yaml:4:9'],
      ['said-twice', 'b.yaml', 5, '"s" is set here and in a.yaml:5:13'],
      ['said-twice', 'b.yaml', 6, '"minAdmins" is set here and in a.yaml:6:10'],
    ]);
  });

  it('may extend a common base, and one may be the base of another', async () => {
    const cwd = await folderOf({
      'all/a.yaml': `${HEAD}extends: base.yaml\nroles: {A: {description: a}}`,
      'all/b.yaml': `${HEAD}extends: ./base.yaml\nroles: {B: }`,
      'all/base.yaml': `${HEAD}roles: {A: {description: base}, C: }`,
    });
    expect(await roleNames(cwd, 'all')).toEqual(['A', 'B', 'C']);
    expect(await roleNames(cwd, 'all/base.yaml', 'all/a.yaml', 'all/a.yaml')).toEqual(['A', 'C']);
  });
});

describe('paths in a manifest', () => {
  it('may lead to bases only inside the working directory or the repository', async () => {
    const cwd = await folderOf({
      'start/domo-roles.yaml': `${HEAD}extends: ../base.yaml\nremoved: [X]`,
      'base.yaml': `${HEAD}roles: {A: }`,
    });
    expect(await codesOf(join(cwd, 'start'))).toEqual(['path-outside domo-roles.yaml:3:10']);
    expect(await codesOf(cwd, 'start/domo-roles.yaml')).toEqual([]);
    await mkdir(join(cwd, '.git'));
    expect(await codesOf(join(cwd, 'start'))).toEqual([]);
  });

  it('are checked after links are resolved', async () => {
    const elsewhere = await folderOf({ 'base.yaml': `${HEAD}roles: {A: }`, 'people.txt': 'a@x.y' });
    const cwd = await folderOf({
      'domo-roles.yaml': `${HEAD}extends: [link.yaml, ${elsewhere}/base.yaml]\nroles: {A: {members: {file: people.txt}}, B: {members: {file: ../people.txt}}}`,
      'all/a.yaml': `${HEAD}removed: [X]`,
    });
    await symlink(join(elsewhere, 'base.yaml'), join(cwd, 'link.yaml'));
    await symlink(join(elsewhere, 'people.txt'), join(cwd, 'people.txt'));
    await symlink(join(elsewhere, 'base.yaml'), join(cwd, 'all/b.yaml'));
    expect(await codesOf(cwd)).toEqual([
      'path-outside domo-roles.yaml:3:11',
      'path-outside domo-roles.yaml:3:22',
      'path-outside domo-roles.yaml:4:29',
      'path-outside domo-roles.yaml:4:63',
    ]);
    expect(await codesOf(cwd, 'all')).toEqual(['path-outside all/b.yaml:1:1']);
  });

  it('never expose the content of a file that is not a manifest', async () => {
    const cwd = await folderOf({
      'domo-roles.yaml': `${HEAD}extends: [secrets.yaml, .env, data.bin]\nremoved: [X]`,
      'secrets.yaml': 'token: SECRET-1\nuser: [SECRET-2\n',
      '.env': 'TOKEN=SECRET-3\n',
      'data.bin': 'SECRET-4\u{0}',
    });
    const result = await validateManifest([], { cwd });
    expect(result.problems.map(({ code, where }) => [code, where?.file])).toEqual([
      ['missing-key', 'secrets.yaml'],
      ['missing-key', '.env'],
      ['missing-key', 'data.bin'],
    ]);
    expect([...result.sources.keys()]).toEqual(['domo-roles.yaml']);
    expect(JSON.stringify(result.problems)).not.toContain('SECRET');
  });

  it('are rejected if they lead to pipes, folders, large files or files that are not text', async () => {
    const cwd = await folderOf({
      'domo-roles.yaml': `${HEAD}extends: [pipe.yaml, folder.yaml, large.yaml, latin.yaml, missing.yaml, "nul\\0.yaml"]\nremoved: [X]`,
      'folder.yaml/x': '',
      'large.yaml': '',
    });
    execFileSync('mkfifo', [join(cwd, 'pipe.yaml')]);
    await truncate(join(cwd, 'large.yaml'), 10_000_001);
    await writeFile(join(cwd, 'latin.yaml'), Buffer.from([0x61, 0x3a, 0xe9]));
    const { problems } = await validateManifest([], { cwd });
    expect(problems.map(({ code }) => code)).toEqual([
      'base-not-found',
      'base-not-found',
      'file-too-large',
      'yaml-syntax',
      'base-not-found',
      'bad-value',
      'base-not-found',
    ]);
    expect(await codesOf(cwd, 'pipe.yaml')).toEqual(['manifest-not-found ::']);
  });
});

describe('a members file', () => {
  it('has one address per line, comments, and people by id', async () => {
    const cwd = await folderOf({
      'x/domo-roles.yaml': `${HEAD}roles: {A: {members: {users: [C@x.y], file: people/a.txt}}}`,
      'x/people/a.txt': '\u{feff}# team\r\n  B@X.y   # lead\r\n\r\nid: 12\na+#tag@x.y\n',
    });
    const { manifest } = await loadManifest(['x/domo-roles.yaml'], { cwd });
    expect(manifest.roles[0]?.members?.users).toMatchObject([
      { ref: { email: 'a+#tag@x.y' }, where: { file: 'x/people/a.txt', line: 5, column: 1 } },
      { ref: { email: 'b@x.y' }, where: { line: 2, column: 3, endColumn: 8 } },
      { ref: { email: 'c@x.y' }, where: { file: 'x/domo-roles.yaml', line: 3 } },
      { ref: { id: 12 }, where: { line: 4 } },
    ]);
    expect(manifest.files.map(({ path }) => path)).toEqual(['x/domo-roles.yaml', 'x/people/a.txt']);
  });

  it('without addresses is rejected for an exact list unless it is explicitly empty', async () => {
    const empty = { 'a.txt': '# nobody\n' };
    const one = async (members: string) =>
      codesOf(
        await folderOf({ ...empty, 'domo-roles.yaml': `${HEAD}roles:\n  A:\n    members: ${members}` }),
      );
    expect(await one('{ file: a.txt }')).toEqual(['empty-value domo-roles.yaml:5:22']);
    expect(await one('{ file: a.txt, users: [] }')).toEqual([]);
    expect(await one('{ file: a.txt, users: [b@x.y] }')).toEqual([]);
    expect(await one('{ file: a.txt, mode: additive }')).toEqual([]);
  });

  it('is not called empty if its lines are wrong', async () => {
    const wrong = ['bea@x.y;dora@x.y\n', 'email,untill\na@x.y,\n', 'email,until\na@x.y,31.12.2026\n'];
    for (const [index, text] of wrong.entries()) {
      const cwd = await folderOf({
        'a.csv': text,
        'domo-roles.yaml': `${HEAD}roles:\n  A:\n    members: { file: a.csv }`,
      });
      const { problems } = await validateManifest([], { cwd });
      expect([index, problems.map(({ where }) => where?.file)]).toEqual([index, ['a.csv']]);
    }
  });

  it('is reported by line and never quoted', async () => {
    const cwd = await folderOf({
      'domo-roles.yaml': `${HEAD}roles:\n  A: {members: {file: a.txt}}\n  B: {members: [a@x.y]}\n  C: {members: {file: none.txt}}`,
      'a.txt': `a@x.y\nTOKEN=SECRET\n${'SECRET\n'.repeat(30)}`,
    });
    const { problems } = await validateManifest([], { cwd });
    expect(problems.filter(({ code }) => code === 'members-file')).toHaveLength(22);
    expect(problems.at(-1)?.message).toBe('11 more lines of this members file are not addresses');
    expect(problems.some(({ code }) => code === 'duplicate-person')).toBe(true);
    expect(JSON.stringify(problems)).not.toContain('SECRET');
  });
});
