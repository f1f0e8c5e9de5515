import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { overwriteFile } from '../../src/shell/overwrite-file.js';
import { PAGE, mayMount, onSmallDisk } from '../support/small-disk.js';

const onMount = mayMount ? it : it.skip;

describe('a file that is overwritten in place', () => {
  onMount(
    'keeps its content on a full disk, and its identity with longer, equal and shorter content',
    async () => {
      await onSmallDisk(3 * PAGE, async (folder) => {
        const path = join(folder, 'file');
        await writeFile(path, 'old'.repeat(1000));
        await expect(overwriteFile(path, 'new'.repeat(10_000))).rejects.toMatchObject({ code: 'ENOSPC' });
        expect(await readFile(path, 'utf8')).toBe('old'.repeat(1000));
        const { ino } = await stat(path);
        for (const text of ['longer'.repeat(1500), 'LONGER'.repeat(1500), 'short', '']) {
          await overwriteFile(path, text);
          expect([await readFile(path, 'utf8'), (await stat(path)).ino]).toEqual([text, ino]);
        }
      });
    },
  );
});
