import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openScratch } from './scratch.mjs';

describe('the temporary folders of tests', () => {
  it('are shared by all tests that start processes, and removed at the end of a run', async () => {
    const scratch = await openScratch();
    const inProcess = scratch.folderFor('test/plan/plan.test.ts');
    const others = ['process', 'browser', 'engines'].map((kind) =>
      scratch.folderFor(`test/cli/a.${kind}.test.ts`),
    );
    expect(new Set(others).size).toBe(1);
    for (const folder of [inProcess, ...others]) await writeFile(join(folder, 'file'), '');
    await scratch.close();
    for (const folder of [inProcess, ...others]) await expect(access(folder)).rejects.toThrow('ENOENT');
  });
});
