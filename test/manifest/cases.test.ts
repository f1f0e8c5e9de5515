import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parseCatalogue } from '../../src/manifest/catalogue-file.js';
import { validateManifest } from '../../src/manifest/load/load.js';
import { problemsJson } from '../../src/render/ci/problems-json.js';
import { problemsText } from '../../src/render/text/problems.js';
import { checkSchema } from '../support/check-schema.js';

/**
 * One folder per case: a manifest, perhaps with a catalogue, and the output of `validate`. With BLESS
 * set, the current output is recorded instead of compared.
 */
const CASES = join(dirname(fileURLToPath(import.meta.url)), 'golden');

describe('Validation has the recorded output', () => {
  it.each(readdirSync(CASES).sort())('of %s', async (name) => {
    const cwd = join(CASES, name);
    const catalogueFile = join(cwd, 'catalogue.json');
    const catalogue = existsSync(catalogueFile)
      ? parseCatalogue(readFileSync(catalogueFile, 'utf8'), 'catalogue.json')
      : null;
    const { problems, files, sources } = await validateManifest([], {
      cwd,
      ...(catalogue ? { catalogue } : {}),
    });
    const found = {
      'problems.json': problemsJson(
        problems,
        files.map(({ path }) => path),
      ),
      'problems.txt': problemsText(problems, { sources, colour: false }),
    };
    expect(checkSchema('validation', JSON.parse(found['problems.json']))).toEqual([]);
    for (const [file, text] of Object.entries(found)) {
      if (process.env['BLESS'] !== undefined) writeFileSync(join(cwd, file), text);
      expect(text).toBe(readFileSync(join(cwd, file), 'utf8'));
    }
  });
});
