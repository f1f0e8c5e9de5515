import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { repositoryPlaces } from '../../src/shell/repository.js';

describe('the place of a file in the repository', () => {
  let top: string;
  beforeEach(async () => {
    top = await realpath(await mkdtemp(join(tmpdir(), 'domo-roles-repository-')));
    await mkdir(join(top, '.git'));
    await mkdir(join(top, 'iam'));
    await writeFile(join(top, 'iam/policy.yaml'), '');
    await writeFile(join(top, 'iam/a:b.yaml'), '');
  });
  afterEach(() => rm(top, { recursive: true }));

  it.each<[string, string, string | null]>([
    ['of a file', 'policy.yaml', 'iam/policy.yaml'],
    ['of a file that does not exist', 'new.yaml', 'iam/new.yaml'],
    ['of a file outside of it', '../../policy.yaml', null],
    ['of a file with a colon in its name', 'a:b.yaml', 'iam/a:b.yaml'],
    ['of a policy file from git', 'origin/main:policy.yaml', null],
    ['of a policy file from git, in the current folder', 'HEAD~1:./policy.yaml', null],
  ])('%s: %s is %j', (_, file, place) => {
    expect(repositoryPlaces({ cwd: join(top, 'iam'), env: {} })(file)).toBe(place);
  });
});
