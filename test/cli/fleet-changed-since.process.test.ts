import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { documentOf } from '../support/cli.js';
import { runWithin } from '../support/in-process.js';

const HEAD = 'apiVersion: domo-roles/v1\nkind: Roles\n';

const FILES: Readonly<Record<string, string>> = {
  'base.yaml': `${HEAD}roles: { Reader: { members: { mode: additive, file: readers.csv } } }\n`,
  'readers.csv': 'email\nana@acme.com\n',
  'more.csv': 'email\nbo@acme.com\n',
  'tiers/a.yaml': `${HEAD}extends: ../base.yaml\n`,
  'tiers/b.yaml': `${HEAD}extends: ../base.yaml\nroles: { Reader: { members: { mode: additive, users: [cy@acme.com] } } }\n`,
  'own/x.yaml': `${HEAD}roles: { X: { description: x } }\n`,
  'folder/one.yaml': `${HEAD}roles: { X: { description: x } }\n`,
  'folder/two.yaml': `${HEAD}roles: { Y: { description: y } }\n`,
  'policy.yaml': 'apiVersion: domo-roles/v1\nkind: Policy\npolicy: { minAdmins: 1 }\n',
  'README.md': 'Nothing\n',
  'fleet.yaml': [
    'apiVersion: domo-roles/v1',
    'kind: Fleet',
    'manifest: tiers/{tier}.yaml',
    'instances:',
    '  a1: { labels: { tier: a } }',
    '  b1: { labels: { tier: b } }',
    '  f1: { manifest: folder }',
    '  o1:',
    '    labels: { tier: b }',
    '    overlay: { roles: { Reader: { members: { mode: additive, file: more.csv } } } }',
    '  x1: { manifest: own/x.yaml }',
    'instancesFrom: [{ file: t.csv, labels: [tier] }]',
    '',
  ].join('\n'),
  't.csv': 'name,tier,owner\na2,a,Ana\nb2,b,Bo\n',
};

const ALL = ['a1', 'a2', 'b1', 'b2', 'f1', 'o1', 'x1'];

let origin = '';

function git(cwd: string, ...args: string[]): string {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@x.com', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', [...who, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

async function put(folder: string, files: Readonly<Record<string, string | null>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await (text === null ? rm(path) : writeFile(path, text));
  }
}

const newFolder = async (): Promise<string> => realpath(await mkdtemp(join(tmpdir(), 'domo-roles-since-')));

beforeAll(async () => {
  origin = await newFolder();
  await put(origin, FILES);
  git(origin, 'init', '--quiet', '--initial-branch=main');
  git(origin, 'add', '--all');
  git(origin, 'commit', '--quiet', '--message=First');
});

/** A separate repository, with these changes in its working tree. */
async function changed(files: Readonly<Record<string, string | null>> = {}): Promise<string> {
  const folder = await newFolder();
  await cp(origin, folder, { recursive: true });
  await put(folder, files);
  return folder;
}

const list = (cwd: string, ...args: string[]) =>
  runWithin(['fleet', 'list', '--format', 'names', ...args], { cwd });

/** The names that changed since HEAD. */
async function namesIn(cwd: string, ...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await list(cwd, '--changed-since', 'HEAD', ...args);
  if (code !== 0) throw new Error(stderr);
  return stdout.split('\n').filter((name) => name !== '');
}

const fleetWith = (from: string, to: string): Record<string, string> => {
  const text = FILES['fleet.yaml'] ?? '';
  if (!text.includes(from)) throw new Error(`no ${from}`);
  return { 'fleet.yaml': text.replace(from, to) };
};

describe('fleet list --changed-since', () => {
  it.each<[string, Record<string, string | null>, string[]]>([
    ['nothing', {}, []],
    ['a file that no manifest reads', { 'README.md': 'x\n' }, []],
    ['a new file that no manifest reads', { 'new.yaml': 'x\n' }, []],
    ['the manifest of a tier', { 'tiers/a.yaml': `${FILES['tiers/a.yaml']}# x\n` }, ['a1', 'a2']],
    ['a base', { 'base.yaml': `${FILES['base.yaml']}# x\n` }, ['a1', 'a2', 'b1', 'b2', 'o1']],
    [
      'a members file, if no later file replaces it',
      { 'readers.csv': 'email\nbo@acme.com\n' },
      ['a1', 'a2', 'b1', 'b2'],
    ],
    ['a members file of an overlay', { 'more.csv': 'email\nana@acme.com\n' }, ['o1']],
    ['a members file that was deleted', { 'readers.csv': null }, ['a1', 'a2', 'b1', 'b2']],
    ['a base that was deleted', { 'base.yaml': null }, ['a1', 'a2', 'b1', 'b2', 'o1']],
    ['a manifest that was deleted', { 'own/x.yaml': null }, ['x1']],
    ['a manifest that is not YAML', { 'own/x.yaml': ': [' }, ['x1']],
    ['a file of a folder', { 'folder/two.yaml': `${HEAD}roles: { Z: { description: y } }\n` }, ['f1']],
    ['a file of a folder that was deleted', { 'folder/two.yaml': null }, ['f1']],
    ['a new file of a folder', { 'folder/three.yaml': `${HEAD}roles: { Z: { description: y } }\n` }, ['f1']],
    ['another file of a folder', { 'folder/notes.txt': 'x' }, []],
    ['the label of an entry', fleetWith('a1: { labels: { tier: a }', 'a1: { labels: { tier: b }'), ['a1']],
    ['an overlay', fleetWith('mode: additive, file: more.csv', 'mode: exact, file: more.csv'), ['o1']],
    ['a suspension', fleetWith('b1: {', 'b1: { suspended: { reason: x },'), ['b1']],
    ['a new entry', fleetWith('  x1:', '  x2: { manifest: own/x.yaml }\n  x1:'), ['x2']],
    ['comments and places of the inventory', fleetWith('instances:', '# Sorted.\n\ninstances:'), []],
    ['the label of a row', { 't.csv': 'name,tier,owner\na2,a,Ana\nb2,a,Bo\n' }, ['b2']],
    ['a new row', { 't.csv': 'name,tier,owner\na2,a,Ana\nb2,b,Bo\nc2,a,Cy\n' }, ['c2']],
    ['an ignored column', { 't.csv': 'name,tier,owner\na2,a,Ana\nb2,b,Cy\n' }, []],
    ['the manifest of all', fleetWith('manifest: tiers/{tier}.yaml', 'manifest: ./tiers/{tier}.yaml'), ALL],
  ])('selects the right instances after a change of %s', async (_, files, expected) => {
    const folder = await changed(files);
    expect(await namesIn(folder)).toEqual(expected);
    git(folder, 'add', '--all');
    expect(await namesIn(folder)).toEqual(expected);
  });

  it('takes a policy file on the command line into account', async () => {
    const folder = await changed({ 'policy.yaml': `${FILES['policy.yaml']}# x\n` });
    expect(await namesIn(folder)).toEqual([]);
    expect(await namesIn(folder, '--policy', 'policy.yaml')).toEqual(ALL);
    expect(await namesIn(folder, '--policy', 'HEAD:policy.yaml')).toEqual([]);
    const outside = join(await newFolder(), 'policy.yaml');
    await writeFile(outside, FILES['policy.yaml'] ?? '');
    const ended = await list(folder, '--changed-since', 'HEAD', '--policy', outside);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toContain('the policy file is outside the repository');
  });

  it('follows links and also notices a changed link', async () => {
    const folder = await changed({ 'own/x.yaml': null, 'own/y.yaml': FILES['own/x.yaml'] ?? '' });
    await symlink('y.yaml', join(folder, 'own/x.yaml'));
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--message=Link');
    expect(await namesIn(folder)).toEqual([]);
    await put(folder, { 'own/y.yaml': `${FILES['own/x.yaml']}# x\n` });
    expect(await namesIn(folder)).toEqual(['x1']);
    git(folder, 'checkout', '--quiet', '--', '.');
    await rm(join(folder, 'own/x.yaml'));
    await symlink('../tiers/b.yaml', join(folder, 'own/x.yaml'));
    expect(await namesIn(folder)).toEqual(['x1']);
  });

  it('compares a submodule by its commit and its changed files', async () => {
    const [shared, folder] = [await newFolder(), await changed()];
    await put(shared, { 'base.yaml': `${HEAD}roles: { X: { description: x } }\n` });
    git(shared, 'init', '--quiet', '--initial-branch=main');
    git(shared, 'add', '--all');
    git(shared, 'commit', '--quiet', '--message=Shared');
    git(folder, 'submodule', '--quiet', 'add', shared, 'lib/shared');
    await put(folder, { 'own/x.yaml': `${HEAD}extends: ../lib/shared/base.yaml\n` });
    // Files that git ignores count too.
    git(folder, 'config', '--file=.gitmodules', 'submodule.lib/shared.ignore', 'all');
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--message=Submodule');
    expect(await namesIn(folder)).toEqual([]);
    await put(folder, { 'lib/shared/base.yaml': `${HEAD}roles: { X: { description: y } }\n` });
    expect(await namesIn(folder)).toEqual(['x1']);
    git(join(folder, 'lib/shared'), 'commit', '--quiet', '--all', '--message=Moved');
    expect(await namesIn(folder)).toEqual(['x1']);
  });

  it('combines with other selections, from any folder', async () => {
    const folder = await changed({ 'base.yaml': `${FILES['base.yaml']}# x\n` });
    expect(await namesIn(folder, '--where', 'tier=b')).toEqual(['b1', 'b2', 'o1']);
    expect(await namesIn(folder, '--only', 'a*')).toEqual(['a1', 'a2']);
    expect(await namesIn(join(folder, 'tiers'), '../fleet.yaml')).toEqual(['a1', 'a2', 'b1', 'b2', 'o1']);
    const ended = await runWithin(['fleet', 'list', join(folder, 'fleet.yaml'), '--changed-since', 'HEAD'], {
      cwd: tmpdir(),
    });
    expect(ended.stdout).toContain('tiers/a.yaml');
  });

  it('lists removed entries and selects nothing for them', async () => {
    const folder = await changed({
      ...fleetWith('  x1: { manifest: own/x.yaml }\n', ''),
      't.csv': 'name,tier\nb2,b\n',
    });
    const ended = await list(folder, '--changed-since', 'HEAD');
    expect(ended).toEqual({
      code: 0,
      stdout: '',
      stderr:
        'note: no longer in the inventory since HEAD, and left as they are: a2, x1\nnote: nothing to do: no selected instance changed since HEAD\n',
    });
    const json = await runWithin(['fleet', 'list', '--changed-since', 'HEAD', '--format', 'json'], {
      cwd: folder,
    });
    expect(documentOf(json)).toMatchObject({ answer: { instances: [], disappeared: ['a2', 'x1'] } });
  });

  it('treats every entry as new when the revision has no inventory', async () => {
    const folder = await changed();
    git(folder, 'mv', 'fleet.yaml', 'moved.yaml');
    expect(await namesIn(folder, 'moved.yaml')).toEqual(ALL);
  });

  it('compares with a revision, or with the merge base of REV...', async () => {
    const folder = await changed();
    git(folder, 'checkout', '--quiet', '-b', 'change');
    await put(folder, { 'own/x.yaml': `${FILES['own/x.yaml']}# x\n` });
    git(folder, 'commit', '--quiet', '--all', '--message=Change');
    git(folder, 'checkout', '--quiet', 'main');
    await put(folder, { 'tiers/a.yaml': `${FILES['tiers/a.yaml']}# x\n` });
    git(folder, 'commit', '--quiet', '--all', '--message=Main goes on');
    git(folder, 'checkout', '--quiet', 'change');
    expect((await list(folder, '--changed-since', 'main')).stdout).toBe('a1\na2\nx1\n');
    expect((await list(folder, '--changed-since', 'main...')).stdout).toBe('x1\n');
    expect((await list(folder, '--changed-since', 'HEAD')).stdout).toBe('');
  });

  it.each([
    ['an invalid name', 'nowhere', 'there is no revision "nowhere"', 'fetch it first'],
    ['an option', '--all', 'a revision cannot begin with a hyphen', 'use a branch, a tag or a commit'],
    ['a range', 'HEAD..HEAD', 'there is no revision "HEAD..HEAD"', 'fetch it first'],
    ['dots alone', '...', 'there is no revision ""', 'fetch it first'],
    ['a file of a revision', 'HEAD:fleet.yaml', 'there is no revision "HEAD:fleet.yaml"', 'fetch it first'],
  ])('rejects %s', async (_, revision, message, hint) => {
    const { code, stdout, stderr } = await list(origin, `--changed-since=${revision}`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  it('gives a hint for a shallow clone and for a folder without git', async () => {
    const folder = await changed({ 'README.md': 'x' });
    const first = git(folder, 'rev-parse', 'HEAD');
    git(folder, 'commit', '--quiet', '--all', '--message=Second');
    const clone = join(await newFolder(), 'clone');
    git(folder, 'clone', '--quiet', '--depth=1', `file://${folder}`, clone);
    const shallow = await list(clone, '--changed-since', first);
    expect(shallow.code).toBe(1);
    expect(shallow.stderr).toContain('this is a shallow clone: fetch the revision first (fetch-depth: 0');
    const bare = await newFolder();
    await put(bare, FILES);
    const without = await list(bare, '--changed-since', 'main');
    expect(without.code).toBe(1);
    expect(without.stderr).toContain('the inventory is not in a git repository');
  });

  it('selects the same for validate and plan as for list', async () => {
    const folder = await changed({ 'own/x.yaml': `${FILES['own/x.yaml']}# x\n` });
    const validated = await runWithin(['fleet', 'validate', '--changed-since', 'HEAD'], { cwd: folder });
    expect(validated).toMatchObject({ code: 0, stdout: 'fleet.yaml: valid (1 instance)\n' });
    const plan = [
      'fleet',
      'plan',
      '--format',
      'json',
      '--out',
      'out',
      '--changed-since',
      'HEAD',
      '--sandbox',
      'box',
    ];
    const planned = await runWithin(plan, { cwd: folder });
    expect(
      documentOf<{ rows: { instance: string }[] }>(planned).rows.map(({ instance }) => instance),
    ).toEqual(['x1']);
    git(folder, 'commit', '--quiet', '--all', '--message=Second');
    const nothing = await runWithin(plan, { cwd: folder });
    expect(nothing.code).toBe(0);
    expect(nothing.stderr).toContain('nothing to do: no selected instance changed since HEAD');
    expect(documentOf<{ rows: unknown[] }>(nothing).rows).toEqual([]);
  });
});
