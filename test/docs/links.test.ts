import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT, blocksOf, pagePaths, readPage } from './pages.js';

/** The text of a page without its fenced blocks. */
function proseOf(path: string): string {
  return readPage(path).replace(/^```[\s\S]*?^```$/gmu, '');
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchors(path: string): Set<string> {
  const heads = [...proseOf(path).matchAll(/^#+ (.+)$/gmu)].map(([, head = '']) => head);
  return new Set(
    heads.map((head) =>
      head
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/gu, '-'),
    ),
  );
}

const links = pagePaths().flatMap((page) =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/gu)].map(([, target = '']) => ({ page, target })),
);

describe('links', () => {
  it('lead to an existing file and heading of the project', () => {
    const broken = links.filter(({ page, target }) => {
      if (/^https:/u.test(target)) return false;
      const [file = '', anchor] = target.split('#');
      const path = file === '' ? page : normalize(join(dirname(page), file));
      if (path.startsWith('..') || !existsSync(join(ROOT, path))) return true;
      return anchor !== undefined && !anchors(path).has(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('reach every page from the README', () => {
    const seen = new Set(['README.md']);
    for (const page of seen)
      for (const { target } of links.filter((link) => link.page === page))
        if (!/^https:|^#/u.test(target)) seen.add(normalize(join(dirname(page), target.split('#')[0] ?? '')));
    expect(pagePaths().filter((page) => !seen.has(page))).toEqual([]);
  });
});

describe('paths of the project in the documentation', () => {
  it('exist', () => {
    const named = pagePaths()
      .filter((page) => page !== 'CHANGELOG.md')
      .flatMap((page) =>
        [...proseOf(page).matchAll(/`((?:src|test|bench|scripts|docs|schemas)\/[\w./-]+)`/gu)].map(
          ([, path = '']) => ({ page, path }),
        ),
      );
    expect(named.length).toBeGreaterThan(10);
    // The results of the bench are made by it, and not kept.
    const missing = named.filter(({ path }) => !existsSync(join(ROOT, path)));
    expect(missing.filter(({ path }) => path !== 'bench/results.json')).toEqual([]);
  });
});

describe('a picture of a report', () => {
  it.each(['report', 'fleet'])(
    'is 1200 pixels wide and below 200 KB (scripts/picture.mjs makes it): %s',
    (name) => {
      const png = readFileSync(join(ROOT, `docs/images/${name}.png`));
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      expect(png.readUInt32BE(16)).toBe(1200);
      expect(png.length).toBeLessThan(200_000);
    },
  );
});

describe('flags and commands in the documentation', () => {
  /** Every command and flag of the reference page, which another test compares with the command itself. */
  const reference = readPage('docs/reference/cli.md');
  const commands = new Set([...reference.matchAll(/^## ([a-z-]+)$/gmu)].map(([, name]) => name));
  const known = new Set(reference.match(/(?<![\w-])--[a-z][a-z-]*/gu));

  it('exist', () => {
    expect([commands.size > 10, known.size > 20]).toEqual([true, true]);
    const unknown = pagePaths().flatMap((page) => {
      const spans = [...proseOf(page).matchAll(/`([^`\n]+)`/gu)].map(([, text = '']) => text);
      const lines = blocksOf(readPage(page))
        .filter(({ language }) => language === 'console' || language === 'sh')
        .flatMap(({ text }) => text.split('\n'))
        .filter((line) => /^(\$ )?domo-roles /u.test(line));
      const own = spans.filter((text) => /^(--|domo-roles )/u.test(text));
      return [...own, ...lines].flatMap((text) => {
        const command = /domo-roles (?!--)([a-z-]+)/u.exec(text)?.[1];
        const flags = text.match(/(?<=^|[\s[])--[a-z][a-z_-]*/gu) ?? [];
        return [
          ...flags.filter((flag) => !known.has(flag) && flag !== '--dry_run'),
          ...(command !== undefined && !commands.has(command) ? [command] : []),
        ].map((name) => ({ page, text, name }));
      });
    });
    expect(unknown).toEqual([]);
  });
});
