import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SCRIPT } from '../../src/render/html/generated/assets.js';

const ROOT = join(import.meta.dirname, '../..');

describe('the licenses of a build', () => {
  it.each(['dist/bin/licenses.txt', 'dist/action/licenses.txt'])(
    'are in %s, for every package that it contains',
    (file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      // Read and print YAML, send requests and follow proxies: both builds do.
      for (const name of ['axios', 'fast-deep-equal', 'https-proxy-agent', 'yaml'])
        expect(text).toMatch(
          new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((?:MIT|ISC)\\)\\n\\n[^]*?Copyright`, 'mu'),
        );
    },
  );

  it('name all dependencies of the command', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const text = readFileSync(join(ROOT, 'dist/bin/licenses.txt'), 'utf8');
    const named = Array.from(text.matchAll(/^(\S+) \d+\.\d+\.\d+ \(/gmu), ([, name]) => name);
    expect(named).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  });

  it('are in the script of a page', () => {
    expect(SCRIPT).toMatch(/^\/\*[^*]*fflate[^*]*Copyright[^*]*Permission is hereby granted/u);
  });
});
