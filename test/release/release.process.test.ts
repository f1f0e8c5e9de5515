import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';

const ROOT = join(import.meta.dirname, '../..');
const BUILT = 'dist/action/index.js';
const LICENSES = 'dist/action/licenses.txt';

/** The files that a release reads and writes, and an example that names the action. */
const FILES = [
  '.gitignore',
  'CHANGELOG.md',
  'action.yml',
  'package.json',
  'package-lock.json',
  'scripts',
  'src/version.ts',
  'examples/ci/github/domo-roles-plan.yml',
  'examples/ci/gitlab/.gitlab-ci.yml',
  'examples/ci/jenkins/Jenkinsfile',
  'examples/quickstart/domo-roles.yaml',
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'domo-roles-release-test-'));
  for (const file of FILES) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(ROOT, file), join(folder, file), { recursive: true });
  }
  edit(
    'CHANGELOG.md',
    () => '# Changelog\n\n## [Unreleased]\n\n- Something new.\n\n## [0.0.1]\n\n- The first.\n',
  );
  git('init', '--quiet', '--initial-branch', 'main');
  git('config', 'user.name', 'Test');
  git('config', 'user.email', 'test@example.com');
  commitAll('Start');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
}

function commitAll(message: string): void {
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
}

function read(file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(join(folder, file), change(read(file)));
}

async function release(
  ...args: string[]
): Promise<{ code: number | undefined; stdout: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['scripts/release.mjs', ...args], {
    cwd: folder,
    reject: false,
  });
  return { code: exitCode, stdout, stderr };
}

/** Writes a built action of this version. */
function build(version: string): void {
  mkdirSync(join(folder, dirname(BUILT)), { recursive: true });
  writeFileSync(join(folder, BUILT), `${readFileSync(join(ROOT, BUILT), 'utf8')}\n// ${version}\n`);
  cpSync(join(ROOT, LICENSES), join(folder, LICENSES));
}

describe('preparing a release', () => {
  it('sets the version in one commit and dates the changelog', async () => {
    expect(await release('prepare', '9.1.0')).toMatchObject({ code: 0, stderr: '' });
    expect(git('log', '-1', '--format=%s')).toBe('Release 9.1.0');
    expect(git('status', '--porcelain')).toBe('');
    const day = new Date().toISOString().slice(0, 10);
    expect(read('CHANGELOG.md')).toContain(`## [Unreleased]\n\n## [9.1.0] - ${day}\n\n- Something new.\n`);
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const lock = JSON.parse(read('package-lock.json')) as {
      version: string;
      packages: { '': { version: string } };
    };
    expect([version, lock.version, lock.packages[''].version]).toEqual(['9.1.0', '9.1.0', '9.1.0']);
    expect(read('src/version.ts')).toContain("'9.1.0'");
    expect(read('examples/ci/github/domo-roles-plan.yml')).toContain('domo-roles/domo-roles@v9\n');
    expect(read('examples/ci/gitlab/.gitlab-ci.yml')).toContain('DOMO_ROLES: domo-roles@9.1.0\n');
    expect(read('examples/ci/jenkins/Jenkinsfile')).toContain("DOMO_ROLES = 'domo-roles@9.1.0'\n");
    expect(await release('notes')).toMatchObject({ code: 0, stdout: '- Something new.' });
  });

  it('changes nothing in a dry run', async () => {
    const before = git('rev-parse', 'HEAD');
    const ended = await release('prepare', '9.1.0', '--dry-run');
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain('would set the version to 9.1.0');
    expect([git('rev-parse', 'HEAD'), git('status', '--porcelain')]).toEqual([before, '']);
  });

  it.each([
    ['a version that does not follow', ['0.0.1'], () => undefined, /does not follow the present version/u],
    ['a version with a suffix', ['9.0.0-beta.1'], () => undefined, /is not a version/u],
    ['no version', [], () => undefined, /is not a version/u],
    ['a work tree with changes', ['9.0.0'], () => edit('action.yml', (text) => `${text}\n`), /has changes/u],
    [
      'an empty changelog',
      ['9.0.0'],
      () => {
        edit('CHANGELOG.md', (text) => text.replace('- Something new.', ''));
        commitAll('Empty');
      },
      /nothing under \[Unreleased\]/u,
    ],
    ['a tag that exists', ['9.0.0'], () => void git('tag', 'v9.0.0'), /tag v9\.0\.0 exists already/u],
  ])('refuses %s', async (_what, args, before, message) => {
    before();
    const [head, status] = [git('rev-parse', 'HEAD'), git('status', '--porcelain')];
    const ended = await release('prepare', ...args);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(message);
    expect([git('rev-parse', 'HEAD'), git('status', '--porcelain')]).toEqual([head, status]);
  });
});

describe('tagging a release', () => {
  it('tags a commit that runs as an action without a build, and leaves branch and work tree alone', async () => {
    await release('prepare', '9.1.0');
    build('9.1.0');
    const head = git('rev-parse', 'HEAD');
    expect(await release('tag')).toMatchObject({ code: 0, stderr: '' });
    expect(git('rev-parse', 'v9.1.0^{commit}')).toBe(git('rev-parse', 'v9^{commit}'));
    expect(git('rev-parse', 'v9.1.0^')).toBe(head);
    expect([git('rev-parse', 'HEAD'), git('status', '--porcelain')]).toEqual([head, '']);
    expect(git('diff', '--name-only', 'HEAD', 'v9.1.0')).toBe(`${BUILT}\n${LICENSES}`);

    const checkout = join(folder, '.git/checkout');
    git('worktree', 'add', '--quiet', checkout, 'v9.1.0');
    expect(existsSync(join(checkout, 'node_modules'))).toBe(false);
    const step = await execa(process.execPath, [join(checkout, BUILT)], {
      cwd: join(checkout, 'examples/quickstart'),
      env: { PATH: process.env['PATH'] ?? '', INPUT_MODE: 'validate' },
      extendEnv: false,
      reject: false,
      all: true,
    });
    expect({ code: step.exitCode, log: step.all }).toMatchObject({ code: 0 });
    expect(step.all).toContain('valid (4 roles, 1 removed)');
  });

  it('creates no tag in a dry run', async () => {
    await release('prepare', '9.1.0');
    build('9.1.0');
    expect((await release('tag', '--dry-run')).stdout).toContain('as v9.1.0 and v9');
    expect(git('tag', '--list')).toBe('');
  });

  it('refuses an action that was built from another version', async () => {
    await release('prepare', '9.1.0');
    build('9.0.0');
    const ended = await release('tag');
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toContain('was not built from 9.1.0');
    expect(git('tag', '--list')).toBe('');
  });

  it('refuses a version whose changelog has no date', async () => {
    edit('CHANGELOG.md', (text) =>
      text.replace('[0.0.1]', `[${(JSON.parse(read('package.json')) as { version: string }).version}]`),
    );
    commitAll('Undated');
    const ended = await release('check');
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toContain('has no date');
  });

  it('prints its usage for an unknown command', async () => {
    const ended = await release('publish');
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toContain('use one of: prepare, check, tag, notes');
  });
});
