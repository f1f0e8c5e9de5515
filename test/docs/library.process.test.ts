import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { execa } from 'execa';
import { ROOT, blocksOf, readPage } from './pages.js';

describe('the program of the library page', () => {
  it('runs as it stands there, and does what it says', async () => {
    const blocks = blocksOf(readPage('docs/reference/library.md'));
    const program = blocks.find(({ language }) => language === 'ts')?.text ?? '';
    const manifest = blocks.find(({ language }) => language === 'yaml')?.text ?? '';
    const folder = await mkdtemp(join(tmpdir(), 'domo-roles-library-'));
    // Packages are found from below the project only.
    const bundle = join(ROOT, `node_modules/.cache/domo-roles-docs/library-${process.pid}.mjs`);
    try {
      await mkdir(join(ROOT, 'node_modules/.cache/domo-roles-docs'), { recursive: true });
      await build({
        stdin: { contents: program, loader: 'ts', resolveDir: ROOT },
        alias: { 'domo-roles': join(ROOT, 'src/index.ts') },
        packages: 'external',
        bundle: true,
        format: 'esm',
        platform: 'node',
        target: 'node20.19',
        outfile: bundle,
        logLevel: 'error',
      });
      await writeFile(join(folder, 'domo-roles.yaml'), manifest);
      const ended = await execa(process.execPath, [bundle], { cwd: folder, cleanup: false, reject: false });
      expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
      expect(ended.stdout).toContain('1 change to apply');
      expect(ended.stdout).toMatch(/1 done$/u);
    } finally {
      await rm(folder, { recursive: true, force: true });
      await rm(bundle, { force: true });
    }
  }, 60_000);
});
