import { describe, expect, it } from '@jest/globals';
import { FACTS } from '../../src/doctor/probe/facts.js';
import { createApp } from '../../src/sandbox/app.js';
import { QUIRKS } from '../../src/sandbox/index.js';
import { readPage } from './pages.js';

const API = readPage('docs/reference/domo-api.md');
const SANDBOX = readPage('docs/reference/sandbox.md');

const rowsOf = (page: string): string[][] =>
  page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );

/** The rows of all tables with a column of this title, with the cell of that column. */
function column(page: string, title: string): string[] {
  let at = -1;
  const cells: string[] = [];
  let before = '';
  for (const line of page.split('\n')) {
    const isRow = line.startsWith('|');
    const [row = []] = isRow ? rowsOf(line) : [];
    if (isRow && !before.startsWith('|')) at = row.indexOf(title);
    else if (isRow && at >= 0 && !/^-+$/u.test(row[0] ?? '')) cells.push(row[at] ?? '');
    before = line;
  }
  return cells;
}

describe("the page on Domo's API", () => {
  it('lists exactly the calls that the sandbox supports', () => {
    const served = createApp()
      .routes.filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/gu, '{$1}')}`);
    const listed = column(API, 'call')
      .map((cell) => cell.replaceAll('`', ''))
      .filter((cell) => !cell.startsWith('header '));
    expect(served.length).toBeGreaterThan(30);
    expect([...listed].sort()).toEqual([...new Set(served)].sort());
  });

  it.each([
    ['domo-api.md', column(API, 'mark')],
    ['sandbox.md', [...column(SANDBOX, 'mark'), ...column(SANDBOX, 'seen')]],
  ])('marks how certain each fact of %s is, and explains each mark', (_page, marks) => {
    const explained = new Set(
      rowsOf(API.slice(0, API.indexOf('## ')))
        .map(([mark = '']) => mark)
        .filter((mark) => /^([A-Z]|assumed)$/u.test(mark)),
    );
    expect(explained.size).toBe(7);
    expect(marks.length).toBeGreaterThan(20);
    const unexplained = marks.filter((mark) => mark.split(', ').some((one) => !explained.has(one)));
    expect(unexplained).toEqual([]);
  });
});

describe('each fact that a probe compares', () => {
  it('is listed with its documented values', () => {
    const listed = column(API, 'fact').length;
    const titles = column(API, 'probed');
    const values = column(API, 'documented values').map((cell) => cell.split('; '));
    const ids = rowsOf(API.slice(API.indexOf('## What a probe compares'))).slice(2);
    expect(listed).toBeGreaterThan(titles.length);
    expect(
      titles.map((title, index) => [ids[index]?.[1]?.replaceAll('`', ''), title, values[index]]),
    ).toEqual(Object.entries(FACTS).map(([id, { title, documented }]) => [id, title, documented]));
  });
});

describe('the page of the sandbox', () => {
  const named = (cells: readonly string[]): string[] =>
    cells.flatMap((cell) => [...cell.matchAll(/`([a-z0-9-]+)/gu)].map(([, name = '']) => name));
  const known = new Set(QUIRKS.map(({ name }) => name));
  const behaviour = named(column(SANDBOX, 'quirks that change it'));
  const probed = named(column(SANDBOX, 'with these quirks'));

  it('lists exactly the quirks that exist', () => {
    expect(named(column(SANDBOX, 'quirk'))).toEqual([...known]);
    expect([...behaviour, ...probed].filter((name) => !known.has(name))).toEqual([]);
  });

  it('describes the default behavior for every quirk except slow responses', () => {
    const silent = [...known].filter((name) => !behaviour.includes(name));
    expect(silent).toEqual(['slow-answers']);
  });

  it('has a quirk for every fact that can be verified on an instance', () => {
    const cells = column(SANDBOX, 'with these quirks');
    expect(cells.length).toBeGreaterThan(10);
    expect(cells.filter((cell) => named([cell]).length === 0)).toEqual([]);
  });
});
