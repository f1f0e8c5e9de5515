import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import prettier from 'prettier';
import { ROOT, blocksOf, readPage } from './pages.js';
import { workedExample } from './worked-example.js';

const ESCALATION = 'docs/explanation/no-transient-escalation.md';
const ARCHITECTURE = 'docs/explanation/architecture.md';

/** The text of every source file in a folder. */
function text(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : text(path);
    return path.endsWith('.ts') ? [readFileSync(join(ROOT, path), 'utf8')] : [];
  });
}

describe('the worked example', () => {
  const page = readPage(ESCALATION);
  const manifest = blocksOf(page).find(({ language }) => language === 'yaml')?.text ?? '';

  it('shows the tables of the plan of its manifest', async () => {
    const tables = await workedExample(manifest);
    for (const [name, table] of Object.entries(tables)) {
      const shown = new RegExp(`<!-- computed: ${name} -->\n([\\s\\S]*?)<!-- /computed -->`, 'u').exec(
        page,
      )?.[1];
      const formatted = await prettier.format(table, { parser: 'markdown' });
      expect({ name, shown: shown?.trim() }).toEqual({ name, shown: formatted.trim() });
    }
  });

  it('gives someone excess access in both naive orders, and no one in the planned one', async () => {
    const tables = await workedExample(manifest);
    expect(tables['grants-first']).toContain('**Carl holds `content.export`**');
    expect(tables['moves-first']).toContain('**Zoe holds `gateway.oauth.client.create`**');
    expect(tables.planned).not.toContain('**');
  });
});

describe('the glossary', () => {
  it('names only existing types', () => {
    const declared = new Set(
      text('src').flatMap((source) =>
        [...source.matchAll(/^export (?:interface|type|class) (\w+)/gmu)].map(([, name]) => name),
      ),
    );
    const named = [...readPage(ARCHITECTURE).matchAll(/`([A-Z][A-Za-z]+)`/gu)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !declared.has(name))).toEqual([]);
  });

  it('names only existing folders and files of src', () => {
    const page = readPage(ARCHITECTURE);
    const found = (pattern: RegExp, text = page): string[] =>
      [...text.matchAll(pattern)].map(([, name = '']) => name);
    const [diagram] = blocksOf(page);
    const stages = found(/^\| `([a-z]+)` +\|/gmu);
    const subfolders = found(/`((?:[a-z]+\/)+[a-z-]+)`/gu);
    const drawn = found(/(?:─>|<──) ([a-z]+)/gu, diagram?.text).filter((name) => name !== 'outcome');
    for (const names of [stages, subfolders, drawn]) {
      expect(names.length).toBeGreaterThan(5);
      expect(names.filter((name) => !existsSync(join(ROOT, 'src', name)))).toEqual([]);
    }
    expect(readdirSync(join(ROOT, 'src/reconcile'))).toContain('read-live-state.ts');
  });
});

describe('the page on where to add something', () => {
  const page = readPage('docs/explanation/extending.md');

  it('names only existing files and folders', () => {
    const paths = [...page.matchAll(/`((?:src|schemas|test)\/[\w/.-]+)`/gu)].map(([, path = '']) => path);
    expect(paths.length).toBeGreaterThan(40);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names only what the source declares', () => {
    const source = ['src', 'test/support'].flatMap(text).join('\n');
    const named = [...page.matchAll(/`([A-Z][A-Za-z]+|[A-Z_]{4,}|[a-z]+[A-Z]\w+)`/gu)].map(
      ([, name = '']) => name,
    );
    expect(named.length).toBeGreaterThan(20);
    const isDeclared = (name: string): boolean =>
      new RegExp(`(?:function\\*?|const|interface|type) ${name}\\b`, 'u').test(source);
    expect(named.filter((name) => !isDeclared(name))).toEqual([]);
  });
});
