import { describe, expect, it } from '@jest/globals';
import { compareHtml } from '../../../src/render/fleet-page/compare-html.js';
import { MARK_TEXT, type RoleMark } from '../../../src/render/fleet-page/marks.js';
import { comparisonWith } from '../../support/comparisons.js';
import { pageData } from '../../support/page-data.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';

interface PageData {
  fleet: { roles: string[]; rows: [string, number, number, number[], string, number[]][] };
}

const tags = (html: string): string[] =>
  (html.match(/<\/?[a-z][^>]*>/gu) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/gu, '""'));

describe('the page of a comparison', () => {
  const html = compareHtml(comparisonWith(''));

  it('describes each role on each instance in text', () => {
    const { fleet } = pageData<PageData>(html, 'data');
    const at = fleet.roles.indexOf('Viewer');
    const loose = fleet.roles.indexOf('Loose (not in the base)');
    const word = (marks: string, column: number): string => MARK_TEXT[marks[column] as RoleMark].text;
    expect(fleet.rows.map(([name, , , , marks]) => [name, word(marks, at), word(marks, loose)])).toEqual([
      ['acme', 'as base', 'unmanaged'],
      ['globex', 'as its overlay', 'not in the overlay'],
      ['hooli', 'differs', 'not in the overlay'],
      ['initech', 'not known', 'not known'],
      ['umbrella', 'unreadable', 'unreadable'],
      ['wonka', 'absent', 'not in the overlay'],
    ]);
  });

  it('starts with differences that no overlay explains, and links the instances of each variant', () => {
    expect(html).toContain('<strong>2 of 6 instances differ without an overlay that asks for it</strong>');
    const found = [...html.matchAll(/<section id="([a-z-]+)"/gu)].map(([, id]) => id);
    expect(found).toEqual(['person', 'differs', 'unmanaged', 'instances']);
    expect(html).toContain('Viewer');
    for (const name of ['acme', 'globex', 'hooli', 'umbrella', 'wonka'])
      expect(html).toContain(`<a href="#instance/${name}">${name}</a>`);
  });

  it.each([
    [{ differs: 1, byOverlay: 1 }, '1 of 6 instances differs without an overlay that asks for it'],
    [{ differs: 0, unreadable: 2, byOverlay: 1 }, '2 of 6 instances could not be compared'],
    [{ differs: 0, unreadable: 0, byOverlay: 1 }, 'Overlays ask for every difference'],
    [{ differs: 0, unreadable: 0, byOverlay: 0 }, 'No differences'],
  ])('concludes from %j: %s', (counts, verdict) => {
    const document = comparisonWith('');
    const page = compareHtml({ ...document, summary: { ...document.summary, ...counts } });
    expect(page).toContain(`<strong>${verdict}</strong>`);
  });

  it('has a section of its own for an allowlist that cannot be read', () => {
    const document = comparisonWith('');
    const page = compareHtml({
      ...document,
      summary: { ...document.summary, differs: 0, unreadable: 0, byOverlay: 0, partlyCompared: 1 },
      roles: document.roles.map((role) => ({
        ...role,
        variants: role.variants.map((variant) => ({ ...variant, standing: 'as-base' as const })),
      })),
      settings: [
        {
          ...{ setting: 'allowlist', base: ['Social'] },
          variants: [{ standing: 'unreadable', value: 'unreadable', instances: ['acme'] }],
        },
      ],
    });
    const found = [...page.matchAll(/<section id="([a-z-]+)"/gu)].map(([, id]) => id);
    expect(found).toEqual(['person', 'unreadable', 'instances', 'as-base']);
    const section = /<section id="unreadable"[^]*?<\/section>/u.exec(page)?.[0] ?? '';
    expect(section).toContain('unreadable');
    expect(section).not.toContain('good');
    expect(page).toContain('The allowlist of 1 of 6 instances cannot be read');
    expect(page).not.toContain('No differences');
  });

  it('lists the differences of an instance in its panel', () => {
    const { texts } = pageData<{ texts: string[] }>(html, 'panels');
    expect(texts).toEqual(
      expect.arrayContaining(['Viewer: absent', 'Viewer: + b.export by overlay', 'Default role: Viewer']),
    );
  });

  it.each(HOSTILE_TEXTS)('has the same elements when every text %s', (_what, text) => {
    const hostile = compareHtml(comparisonWith(`_${text}`));
    expect(tags(hostile)).toEqual(tags(compareHtml(comparisonWith('_plain'))));
  });
});
