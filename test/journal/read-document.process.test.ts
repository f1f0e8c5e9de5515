import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readDocumentText, readFirstLine } from '../../src/journal/read-file.js';

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'domo-roles-document-'));

describe('a saved document', () => {
  it('is read from a file, or through a link to one', async () => {
    const path = join(await folder(), 'fleet.json');
    await writeFile(path, '{}');
    await symlink(path, `${path}.link`);
    expect([await readDocumentText(path), await readDocumentText(`${path}.link`)]).toEqual(['{}', '{}']);
  });

  it('is refused if it is a pipe or a link to a device, whose content may never end', async () => {
    const path = await folder();
    await symlink('/dev/zero', join(path, 'device'));
    execFileSync('mkfifo', [join(path, 'pipe')]);
    for (const name of ['device', 'pipe']) {
      await expect(readDocumentText(join(path, name))).rejects.toThrow('it is not a plain file');
      await expect(readFirstLine(join(path, name))).rejects.toThrow('it is not a plain file');
    }
  });

  it('raises the code of the system if there is no file', async () => {
    const path = await folder();
    await mkdir(join(path, 'inner'));
    await expect(readDocumentText(join(path, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(readDocumentText(join(path, 'inner'))).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
