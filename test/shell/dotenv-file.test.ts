import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runWithin } from '../support/in-process.js';

/** Runs a command that reads `.env`, which is a file of this text or what this function makes. */
async function planWith(given: string | ((path: string) => Promise<unknown>)) {
  const cwd = await mkdtemp(join(tmpdir(), 'domo-roles-dotenv-'));
  const path = join(cwd, '.env');
  await (typeof given === 'string' ? writeFile(path, given) : given(path));
  return runWithin(['get', 'roles'], {
    cwd,
    fetchFor: () => () => Promise.resolve(new Response('{}', { status: 404 })),
  });
}

describe('a .env file', () => {
  it.each([
    [
      'twice',
      'DOMO_INSTANCE=one\nDOMO_ACCESS_TOKEN=first-secret\n\nexport DOMO_ACCESS_TOKEN=second-secret\n',
      4,
    ],
    ['twice, in other spellings', 'DOMO_INSTANCE: one\r\n  DOMO_INSTANCE = "two"\r\nDOMO_ACCESS_TOKEN=x', 2],
    ['twice, the first empty', 'DOMO_INSTANCE=\nDOMO_INSTANCE=two\nDOMO_ACCESS_TOKEN=x\n', 2],
  ])('that sets a variable %s is an error with both lines', async (_, text, line) => {
    const { code, stderr } = await planWith(text);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`and again on line ${line}`)]);
    expect(stderr).not.toContain('secret');
  });

  it.each<[string, string | ((path: string) => Promise<unknown>), string]>([
    ['is a link to a device, which never ends', (path) => symlink('/dev/zero', path), 'it is not a file'],
    [
      'is UTF-16, as PowerShell writes it',
      (path) => writeFile(path, '\u{feff}DOMO_ACCESS_TOKEN=secret\r\n', 'utf16le'),
      'the file is not UTF-8 text\n  hint: save it as UTF-8',
    ],
    ['is larger than 1 MB', 'A=1\n'.repeat(300_000), 'it is too large'],
  ])('that %s is an error', async (_, given, message) => {
    const { code, stderr } = await planWith(given);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`.env  bad-file  ${message}`)]);
  });

  it('that is a folder, or a link to a file, is no error', async () => {
    expect((await planWith((path) => mkdir(path))).stderr).toContain('no-target');
    const linked = await planWith(async (path) => {
      await writeFile(`${path}.acme`, 'DOMO_INSTANCE=one\nDOMO_ACCESS_TOKEN=x\n');
      await symlink(`${path}.acme`, path);
    });
    expect(linked.stderr).not.toContain('no-target');
  });

  it.each([
    ['in a comment', 'DOMO_INSTANCE=one\n# DOMO_INSTANCE=two\nDOMO_ACCESS_TOKEN=x\n'],
    ['in the value of another', 'A="\nDOMO_INSTANCE=two\n"\nDOMO_INSTANCE=one\nDOMO_ACCESS_TOKEN=x\n'],
    ['that is not of this program', 'A=1\nA=2\nDOMO_INSTANCE=one\nDOMO_ACCESS_TOKEN=x\n'],
  ])('may have a variable again %s', async (_, text) => {
    expect((await planWith(text)).stderr).not.toContain('and again');
  });
});
