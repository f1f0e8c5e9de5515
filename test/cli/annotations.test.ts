import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runWithin } from '../support/in-process.js';

const WRONG = 'apiVersion: domo-roles/v1\nkind: Roles\nrolse: {}\n';

const NEW = 'apiVersion: domo-roles/v1\nkind: Roles\nroles:\n  Reader:\n    grants: [content.export]\n';

interface Sarif {
  runs: {
    results: {
      message: { text: string };
      locations?: { physicalLocation: { artifactLocation: { uri: string } } }[];
    }[];
  }[];
}

const urisOf = (text: string): (string | undefined)[] =>
  (JSON.parse(text) as Sarif).runs[0]?.results.map(
    ({ locations }) => locations?.[0]?.physicalLocation.artifactLocation.uri,
  ) ?? [];

describe('annotations and SARIF of a command', () => {
  let top: string;
  beforeEach(async () => {
    top = await realpath(await mkdtemp(join(tmpdir(), 'domo-roles-places-')));
  });
  afterEach(() => rm(top, { recursive: true }));

  const file = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(top, path)), { recursive: true });
    await writeFile(join(top, path), text);
  };
  /** The files that both formats name, `undefined` if they name none. */
  const filesOf = async (
    argv: string[],
    { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
  ): Promise<(string | undefined)[]> => {
    const github = await runWithin([...argv, '--format=github'], { cwd: join(top, cwd), env });
    const sarif = await runWithin([...argv, '--format=sarif'], { cwd: join(top, cwd), env });
    const found = github.stdout
      .trim()
      .split('\n')
      .map((line) => /file=([^,:]+)/u.exec(line)?.[1]);
    expect(urisOf(sarif.stdout).map((uri) => uri && decodeURIComponent(uri))).toEqual(found);
    return found;
  };

  it.each<[string, { git: string[]; cwd: string; manifest: string; workspace?: string; file: string }]>([
    ['the top', { git: ['.git'], cwd: '.', manifest: 'iam/a.yaml', file: 'iam/a.yaml' }],
    ['a subfolder', { git: ['.git'], cwd: 'iam', manifest: 'a.yaml', file: 'iam/a.yaml' }],
    ['next to the manifest', { git: ['.git'], cwd: 'other', manifest: '../iam/a.yaml', file: 'iam/a.yaml' }],
    [
      'a workspace without git',
      { git: [], cwd: 'iam', manifest: 'a.yaml', workspace: '.', file: 'iam/a.yaml' },
    ],
    [
      'a checkout below the workspace',
      { git: ['iam/.git'], cwd: 'iam', manifest: 'a.yaml', workspace: '.', file: 'a.yaml' },
    ],
    [
      'a submodule of the workspace',
      { git: ['.git', 'iam/.git'], cwd: 'iam', manifest: 'a.yaml', workspace: '.', file: 'iam/a.yaml' },
    ],
    ['no repository at all', { git: [], cwd: 'iam', manifest: 'a.yaml', file: 'a.yaml' }],
    [
      'a workspace elsewhere',
      { git: ['.git'], cwd: 'iam', manifest: 'a.yaml', workspace: 'other', file: 'iam/a.yaml' },
    ],
  ])('use paths relative to the repository root: run in %s', async (_name, { git, cwd, ...one }) => {
    await file('iam/a.yaml', WRONG);
    await mkdir(join(top, 'other'), { recursive: true });
    for (const folder of git) await mkdir(join(top, folder), { recursive: true });
    const env = one.workspace === undefined ? {} : { GITHUB_WORKSPACE: join(top, one.workspace) };
    const found = await filesOf(['validate', one.manifest], { cwd, env });
    expect(new Set(found)).toEqual(new Set([one.file]));
  });

  it('use the path in the repository for a file behind a link', async () => {
    await file('repo/iam/a.yaml', WRONG);
    await mkdir(join(top, 'repo/.git'));
    await symlink(join(top, 'repo'), join(top, 'link'));
    expect(new Set(await filesOf(['validate', 'a.yaml'], { cwd: 'link/iam' }))).toEqual(
      new Set(['iam/a.yaml']),
    );
  });

  it('print the path of a file outside the repository as text and annotate nothing', async () => {
    await file('outside/a.yaml', WRONG);
    await file('repo/domo-roles.yaml', WRONG);
    await mkdir(join(top, 'repo/.git'));
    const argv = ['validate', '../outside/a.yaml'];
    expect(new Set(await filesOf(argv, { cwd: 'repo' }))).toEqual(new Set([undefined]));
    const { stdout } = await runWithin([...argv, '--format=github'], { cwd: join(top, 'repo') });
    expect(stdout).toContain('::../outside/a.yaml:3:1: ');
    const sarif = await runWithin([...argv, '--format=sarif'], { cwd: join(top, 'repo') });
    expect(sarif.stdout).toContain('../outside/a.yaml:3:1: ');
  });

  it('are the same for drift, a report written with it and a saved document', async () => {
    await file('iam/a.yaml', NEW);
    await mkdir(join(top, '.git'));
    const cwd = join(top, 'iam');
    const sandbox = ['--sandbox', join(top, 'sandbox')];
    const saved = ['--out=drift.json', '--report=sarif=drift.sarif'];
    await runWithin(['drift', 'a.yaml', ...sandbox, ...saved], { cwd });
    const texts = [
      (await runWithin(['drift', 'a.yaml', ...sandbox, '--format=sarif'], { cwd })).stdout,
      (await runWithin(['report', 'drift.json', '--format=sarif'], { cwd })).stdout,
      await readFile(join(cwd, 'drift.sarif'), 'utf8'),
    ];
    for (const text of texts) expect(new Set(urisOf(text))).toEqual(new Set(['iam/a.yaml']));
  });
});
