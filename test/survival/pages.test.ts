import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const rows = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => /^\| (?!---|threat|package)/u.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe('SECURITY.md', () => {
  const threats = rows(read('SECURITY.md'));

  it.each(threats)('names only existing tests: %s', (_threat, _how, shown = '') => {
    const files = [...shown.matchAll(/`([^`]+)`/gu)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});

describe('CONTRIBUTING.md', () => {
  it('gives a reason for each production dependency and lists no other', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const listed = rows(read('CONTRIBUTING.md')).map(([name = '', why = '']) => [
      name.replaceAll('`', ''),
      why !== '',
    ]);
    expect(listed).toEqual(
      Object.keys(dependencies)
        .sort()
        .map((name) => [name, true]),
    );
  });
});
