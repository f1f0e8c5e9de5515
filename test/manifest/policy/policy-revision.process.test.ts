import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { validateManifest } from '../../../src/manifest/load/load.js';
import { readPolicyFile } from '../../../src/manifest/policy/policy-file.js';
import { folderOf, HEAD } from '../support.js';

const ROLES = `${HEAD}roles: { A: { members: { mode: additive, users: [a@x.com] } } }\n`;
const policyOf = (minAdmins: number): string =>
  `apiVersion: domo-roles/v1\nkind: Policy\npolicy: { minAdmins: ${minAdmins} }\n`;

let root = '';
let repository = '';

function git(cwd: string, ...args: string[]): string {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@x.com', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', [...who, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

/** A repository whose branch `main` differs from the checked-out commit, as on a pull request. */
beforeAll(async () => {
  root = await folderOf({
    'work/policy.yaml': policyOf(2),
    'work/deep/policy.yaml': policyOf(5),
    'work/roles.yaml': ROLES,
  });
  repository = join(root, 'work');
  git(repository, 'init', '--quiet', '--initial-branch=main');
  await symlink('policy.yaml', join(repository, 'link.yaml'));
  git(repository, 'add', '--all');
  git(repository, 'commit', '--quiet', '--message=First');
  git(repository, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  git(repository, 'tag', 'v1');
  git(repository, 'checkout', '--quiet', '-b', 'change');
  await writeFile(join(repository, 'policy.yaml'), policyOf(0));
  git(repository, 'commit', '--quiet', '--all', '--message=Weaken the policy');
});

describe('REV:PATH', () => {
  const read = (name: string, cwd = repository) => readPolicyFile(name, { cwd });

  it.each([
    ['a branch of the remote', 'origin/main:policy.yaml', '.', 2],
    ['a tag', 'v1:policy.yaml', '.', 2],
    ['the checked-out commit', 'HEAD:policy.yaml', '.', 0],
    ['a commit before it', 'HEAD~1:policy.yaml', '.', 2],
    ['a path from the top, in a folder', 'origin/main:policy.yaml', 'deep', 2],
    ['a path from the folder', 'origin/main:./policy.yaml', 'deep', 5],
    ['a path from the folder above', 'origin/main:../policy.yaml', 'deep', 2],
  ])('reads %s', async (_, name, folder, minAdmins) => {
    const { overlay, problems, source } = await read(name, join(repository, folder));
    expect(problems).toEqual([]);
    expect(overlay).toEqual({ minAdmins });
    expect(source).toMatchObject({ path: name, commit: expect.stringMatching(/^[0-9a-f]{40}$/u) });
  });

  it.each([
    ['a revision that does not exist', 'origin/nope:policy.yaml', 'policy-not-found', 'fetch it first'],
    ['a range', 'main..HEAD:policy.yaml', 'policy-not-found', 'fetch it first'],
    ['a file that it lacks', 'origin/main:nope.yaml', 'policy-not-found', 'begin it with ./'],
    ['an empty path', 'origin/main:', 'path-outside', 'use a file'],
    ['a path out of the repository', 'origin/main:../policy.yaml', 'path-outside', 'use a file'],
    ['a path that leaves the folder', 'origin/main:deep/../../x', 'path-outside', 'use a file'],
    ['an absolute path', 'origin/main:/etc/passwd', 'path-outside', 'use a file'],
    ['a folder', 'origin/main:deep', 'bad-file', 'use the file itself'],
    ['a link', 'origin/main:link.yaml', 'bad-file', 'use the file itself'],
    ['a pattern, taken as a name', 'origin/main::(glob)*.yaml', 'policy-not-found', 'begin it with ./'],
    ['an option for a revision', '--help:policy.yaml', 'usage', 'use a branch'],
  ])('rejects %s', async (_, name, code, hint) => {
    const { problems, overlay } = await read(name);
    expect(overlay).toBeNull();
    expect(problems).toMatchObject([{ code, hint: expect.stringContaining(hint) }]);
  });

  it('reports a shallow clone, and a folder that is not a repository', async () => {
    git(root, 'clone', '--quiet', '--depth=1', '--branch=change', `file://${repository}`, 'shallow');
    const [shallow] = (await read('origin/main:policy.yaml', join(root, 'shallow'))).problems;
    expect(shallow?.hint).toContain('shallow clone');
    const [none] = (await read('origin/main:policy.yaml', root)).problems;
    expect(none?.message).toContain('not a git repository');
  });

  it.each([
    ['HEAD:policy.yaml', true],
    ['change:policy.yaml', true],
    ['HEAD~1:policy.yaml', false],
    ['origin/main:policy.yaml', false],
  ])('%s is reported as the working tree: %s', async (policy, isBeside) => {
    const { problems } = await validateManifest(['roles.yaml'], { cwd: repository, policy });
    expect(problems.map(({ code }) => code)).toEqual(isBeside ? ['policy-in-working-tree'] : []);
  });

  it('is read as a file if one has that name, which is reported', async () => {
    await mkdir(join(repository, 'origin'));
    await writeFile(join(repository, 'origin/main:policy.yaml'), policyOf(0));
    const policy = 'origin/main:policy.yaml';
    const { manifest, problems } = await validateManifest(['roles.yaml'], { cwd: repository, policy });
    await rm(join(repository, 'origin'), { recursive: true });
    expect(manifest?.manifest.policy.minAdmins).toBe(0);
    expect(problems).toMatchObject([
      { code: 'policy-in-working-tree', hint: expect.stringContaining('remove the file') },
    ]);
  });
});
