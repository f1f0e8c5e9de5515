import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const CHECKER = 'src/schema/generated/policy.js';
const VERSION = 'src/version.ts';

/** A copy of all inputs of the generation, without generated files. */
function copyOfInputs(): string {
  const folder = mkdtempSync(join(tmpdir(), 'domo-roles-generate-'));
  const inputs = ['package.json', 'package-lock.json', 'schemas', 'scripts', 'src/render/html/page', VERSION];
  for (const path of inputs) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

function generate(folder: string): void {
  execFileSync(process.execPath, [join(folder, 'scripts/generate.mjs')], { cwd: tmpdir() });
}

describe('npm run generate', () => {
  it('does nothing without changes, and regenerates files that were removed or whose inputs changed', () => {
    const folder = copyOfInputs();
    generate(folder);
    const generated = readFileSync(join(folder, CHECKER), 'utf8');
    expect(generated).toBe(readFileSync(join(ROOT, CHECKER), 'utf8'));

    const stamp = join(folder, 'src/schema/generated/.stamp');
    const { ino } = statSync(stamp);
    generate(folder);
    expect(statSync(stamp).ino).toBe(ino);

    rmSync(join(folder, CHECKER));
    generate(folder);
    expect(readFileSync(join(folder, CHECKER), 'utf8')).toBe(generated);

    const packageFile = join(folder, 'package.json');
    writeFileSync(
      packageFile,
      readFileSync(packageFile, 'utf8').replace(/"version": "[^"]+"/u, '"version": "7.8.9"'),
    );
    generate(folder);
    expect(readFileSync(join(folder, VERSION), 'utf8')).toContain("'7.8.9'");
  });
});
