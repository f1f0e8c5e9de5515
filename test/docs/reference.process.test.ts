import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ALLOW_CODES, parseAllow } from '../../src/plan/guards/allow.js';
import { EXIT } from '../../src/shell/exit.js';
import { ROOT, readPage } from './pages.js';

describe('reference pages', () => {
  it('match their sources (npm run docs writes them)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'domo-roles-reference-'));
    try {
      await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/build-docs.mjs'), folder], {
        cwd: ROOT,
      });
      const names = await readdir(folder);
      expect(names.sort()).toEqual([
        'cli.md',
        'codes.md',
        'inventory.md',
        'json.md',
        'manifest.md',
        'sandbox.md',
      ]);
      for (const name of names) {
        const made = await readFile(join(folder, name), 'utf8');
        expect({ name, text: readPage(`docs/reference/${name}`) }).toEqual({ name, text: made });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);

  it('list exactly the exit codes, in order of precedence', () => {
    const listed = [...readPage('docs/reference/exit-codes.md').matchAll(/^\| (\d) /gmu)].map(([, code]) =>
      Number(code),
    );
    expect(listed).toEqual(Object.values(EXIT).sort((a, b) => a - b));
  });

  it('list for every guard that can be allowed a flag that is accepted', () => {
    const values = [...readPage('docs/reference/codes.md').matchAll(/`--allow ([^`]+)`/gu)].map(
      ([, value = '']) => value.replace('=NAME', '=few-admins').replace('=N', '=5'),
    );
    expect([...parseAllow(values).keys()].sort()).toEqual(ALLOW_CODES);
  });

  it('describe exactly the environment variables that the source reads', () => {
    const source = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(ROOT, 'src', file), 'utf8'))
      .join('\n');
    const ours = /\bDOMO_(?:INSTANCE|BASE_URL|ACCESS_TOKEN|USERNAME|PASSWORD|ROLES_[A-Z_]+)\b/gu;
    // By name, or from the table of variables that a flag overrides.
    const reads = /\b(?:env|settings|file)\.(DOMO_[A-Z_]+)|'(DOMO_ROLES_[A-Z_]+)'/gu;
    const read = [...source.matchAll(reads)].map(([, named, listed]) => named ?? listed);
    expect(read.length).toBeGreaterThan(8);
    const described = new Set(readPage('docs/reference/environment.md').match(ours));
    expect([...described].sort()).toEqual([...new Set(read)].sort());
  });
});
