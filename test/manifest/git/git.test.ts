import { tmpdir } from 'node:os';
import { expect, it } from '@jest/globals';
import { commitOf } from '../../../src/manifest/git/git.js';

it('A revision that git could take for an option is refused, with its invisible characters escaped', async () => {
  await expect(commitOf('--upload-pack=\u{202e}', tmpdir())).rejects.toThrow(
    String.raw`a revision cannot begin with a hyphen: "--upload-pack=\u202e"`,
  );
});
