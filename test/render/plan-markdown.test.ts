import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { planMarker, escapeProse } from '../../src/render/markdown/escape.js';
import { planMarkdown } from '../../src/render/markdown/plan.js';
import { emptyPlan, fullDrift, fullPlan, planOf, someRefusals } from '../support/plan-builder.js';
import { grantsSet, move } from '../support/changes.js';
import { everyChange, hostileNames } from '../support/plan-changes.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { hugePlan } from '../support/huge-plan.js';
import { expectGolden } from './golden.js';
import { inputs } from '../support/law.js';
import { anyText } from '../support/any-text.js';

const toHtml = (markdown: string): string =>
  micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });

/** The structure of a page without its text. Adjacent code spans count as one. */
const skeleton = (html: string): string =>
  (html.match(/<!--|<\/?[a-z][^>]*>/gi) ?? []).join('').replaceAll(/(?:<code><\/code>)+/g, '<code></code>');

/** The text in which a platform finds mentions, references and links. */
const searched = (html: string): string =>
  html
    .replaceAll(/<!--[^]*?-->/g, '')
    .replaceAll(/<(pre|code)\b[^>]*>[^]*?<\/\1>/g, '')
    .replaceAll(/<[^>]+>/g, '');

const benign = skeleton(toHtml(planMarkdown(fullPlan(hostileNames('x_y')))));

describe('planMarkdown', () => {
  it.each([
    ['a plan with refusals and everything else', 'full-plan.md', planMarkdown(fullPlan())],
    ['a plan with nothing to do', 'empty-plan.md', planMarkdown(emptyPlan())],
    ['drift', 'full-drift.md', planMarkdown(fullDrift())],
  ])('renders %s as in the golden file', (_what, file, text) => {
    expectGolden(file, text);
  });

  it('shows verdict, refusals and protected grants first', () => {
    const text = planMarkdown(fullPlan());
    const places = [
      'Refused for 2',
      '### Refused',
      '### Protected grants',
      '### Roles that change',
      '### Requests',
    ];
    const found = places.map((place) => text.indexOf(place));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found[0]).toBeGreaterThan(0);
  });

  it.each(HOSTILE_TEXTS)('has the same structure when every name %s', (_what, text) => {
    const html = toHtml(planMarkdown(fullPlan(hostileNames(`_${text}`))));
    expect(skeleton(html)).toBe(benign);
    expect(searched(html)).not.toMatch(/[@#$]|:\/\/|www\.|GH-|evil|\p{Cf}|\p{Script=Hebrew}/u);
  });

  it('has the same structure for any names', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'`|<>*_[]()!#@\\&-~=:/.\n\r\t "\'1ax\u202e'), maxLength: 30 }),
        (text) => {
          expect(skeleton(toHtml(planMarkdown(fullPlan(hostileNames(`_${text}`)))))).toBe(benign);
        },
      ),
      { numRuns: inputs(60) },
    );
  });

  it('has the same structure for names of any characters', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 40 }), (text) => {
        expect(skeleton(toHtml(planMarkdown(fullPlan(hostileNames(`_${text}`)))))).toBe(benign);
      }),
      { numRuns: inputs(40) },
    );
  });

  it('stays below the limit in characters and bytes, whatever the plan', () => {
    const size = fc.record({
      roles: fc.nat(60),
      grants: fc.nat(120),
      people: fc.nat(300),
      maxLength: fc.integer({ min: 4000, max: 65_536 }),
    });
    fc.assert(
      fc.property(size, anyText(), ({ roles, grants, people, maxLength }, text) => {
        const plan = hugePlan({ roles, grants, people, text });
        const markdown = planMarkdown(plan, { maxLength, limit: 1000 });
        expect(Buffer.byteLength(markdown)).toBeLessThan(maxLength);
        expect(markdown.length).toBeLessThan(maxLength);
      }),
      { numRuns: inputs(15) },
    );
  });

  it('fits a plan of 400 roles into one comment and lists the omitted parts', () => {
    const markdown = planMarkdown(hugePlan({ roles: 400, grants: 100, people: 2000 }));
    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown.length).toBeGreaterThan(50_000);
    expect(markdown).toMatch(/Left out, the least risky first: [^\n]*\d+ roles/);
  });

  it('counts omitted roles that the manifest does not name separately from changed ones', () => {
    const plan = hugePlan({ roles: 400, grants: 100, people: 2000 });
    const unmanaged = Array.from({ length: 7 }, (_, index) => ({
      ...{ id: 900 + index, name: `Left ${index}`, people: 0, grants: 1 },
    }));
    const markdown = planMarkdown(
      { ...plan, unmanaged: { ...plan.unmanaged, roles: unmanaged } },
      { maxLength: 9_000 },
    );
    expect(markdown).toMatch(/Left out, [^\n]*\d+ roles[^\n]*7 unmanaged roles/u);
  });

  it('counts the grants and roles that a shortened list leaves out', () => {
    const neededBy = Array.from({ length: 7 }, (_, index) => `grant.${index}`);
    const targets = Array.from({ length: 23 }, (_, index) => 900 + index);
    const markdown = planMarkdown(
      planOf({
        held: [{ role: 'Analyst', grants: [{ grant: 'dataset.view', neededBy }] }],
        changes: [grantsSet(4, [], ['audit']), ...targets.map((target) => move(target, [target]))],
      }),
    );
    expect(markdown).toContain(
      '`dataset.view` for `grant.0`, `grant.1`, `grant.2`, `grant.3`, `grant.4` and 2 more',
    );
    expect(markdown.match(/person out to/gu)).toHaveLength(20);
    expect(markdown).toContain('\n- and out to 3 more roles\n');
  });

  it('cuts the least risky changes first', () => {
    const markdown = planMarkdown(hugePlan({ roles: 400, grants: 100, people: 2000 }));
    const folded = markdown.split('\n').filter((line) => line.startsWith('<details><summary><b>'));
    const short = markdown.split('\n').filter((line) => /^- \*\*[+~−]\*\*/.test(line));
    expect(folded.length).toBeGreaterThan(0);
    expect(short.length).toBeGreaterThan(0);
    const risk = (line: string): number =>
      ['medium risk', 'high risk', 'highest risk'].findIndex((word) => line.includes(word));
    expect(Math.min(...folded.map(risk))).toBeGreaterThanOrEqual(Math.max(...short.map(risk)));
  });

  it('limits even refusals about thousands of items', () => {
    const base = someRefusals()[0];
    if (!base) throw new Error('no refusal to repeat');
    const items = Array.from({ length: 9000 }, (_, index) => `person-${index}@acme.com`);
    const refusals = Array.from({ length: 900 }, () => ({ ...base, items }));
    expect(planMarkdown(planOf({ refusals }), { limit: 9000 }).length).toBeLessThan(65_536);
  });

  it('keeps a foreign title in its heading', () => {
    const titled = (title: string): string => skeleton(toHtml(planMarkdown(emptyPlan(), { title })));
    expect(titled('# <b>x\n\n- y')).toBe(titled('a_b'));
    expect(toHtml(planMarkdown(emptyPlan(), { title: 'Nightly for acme' }))).toContain(
      '<h2>Roles: Nightly for acme</h2>',
    );
  });

  it('shows requests and moves', () => {
    const markdown = planMarkdown(planOf({ changes: everyChange() }));
    expect(markdown).toContain('- `ana@acme.com`: `Social` → `Data Analyst`');
    expect(markdown).toContain('DELETE /api/authorization/v1/roles/910756123');
  });
});

describe('planMarker', () => {
  it('is the first line, and identifies one comment for any instance name', () => {
    expect(planMarkdown(emptyPlan()).split('\n')[0]).toBe('<!-- domo-roles:plan:acme -->');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'->!<a\n \u202e%') }), (instance) => {
        expect(planMarker({ kind: 'plan', instance, keys: [instance] })).toMatch(
          /^<!-- domo-roles:plan:(?:[A-Za-z0-9.%/:~]|-(?!-))* -->$/,
        );
      }),
    );
  });

  it('distinguishes a plan from drift and one instance from another', () => {
    const markers = [
      planMarker({ kind: 'plan', instance: 'acme' }),
      planMarker({ kind: 'drift', instance: 'acme' }),
      planMarker({ kind: 'plan', instance: 'acme-dev' }),
      planMarker({ kind: 'plan', instance: 'acme--dev' }),
      planMarker({ kind: 'plan', instance: 'acme%2d-dev' }),
    ];
    expect(new Set(markers).size).toBe(markers.length);
  });

  it('differs for other parts, however long they are and however they are split', () => {
    const part = fc.string({ unit: fc.constantFrom(...':/-~%a1>\n\u01fa\u001f\u{1f600}'), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1 }), fc.array(part, { minLength: 1 }), (one, other) => {
        const markerOf = ([instance = '', ...keys]: string[]): string =>
          planMarker({ kind: 'drift', instance, keys });
        expect(markerOf(one) === markerOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
    const long = 'a'.repeat(300);
    const pair = [`${long}b`, `${long}c`].map((key) =>
      planMarker({ kind: 'plan', instance: 'acme', keys: [key] }),
    );
    expect(pair[0]).not.toBe(pair[1]);
  });
});

describe('prose', () => {
  it.each([
    ['ana@acme.com gains user.edit', '`ana@acme.com` gains `user.edit`'],
    ['2 roles would be deleted, 1 is allowed', '2 roles would be deleted, 1 is allowed'],
    ['see https://evil.example now', 'see `https://evil.example` now'],
    ['commit deadbeef here', 'commit `deadbeef` here'],
    ['holds user.edit, which matters', 'holds `user.edit`, which matters'],
    ['bo@acme.com (until 2026-12-31), late', '`bo@acme.com` (until 2026-12-31), late'],
    ['"Old" (id 158233404) is deleted', '"Old" (id `158233404`) is deleted'],
    ['gone (of bo@acme.com), late', 'gone (of `bo@acme.com`), late'],
    ['a f(x.y) call', 'a `f(x.y)` call'],
    ['give a later `until`', 'give a later `until`'],
    ['use members: {mode: additive, users: […]}', 'use members: `{mode: additive, users: […]}`'],
    ['after "role.update:Data Analyst", until', 'after `"role.update:Data Analyst"`, until'],
    ['role "x.y, z" and role "Data Analyst" (id 5)', 'role `"x.y, z"` and role "Data Analyst" (id 5)'],
    ['role "a \\"b.c\\" d" is', 'role `"a \\"b.c\\" d"` is'],
    ['a "b c.d', 'a "b `c.d`'],
    ['a } and { b', '`a }` and `{` b'],
    ['a `<b>` or `a', 'a `` `<b>` `` or `` `a ``'],
  ])('renders as code what could be markup in %j', (text, markdown) => {
    expect(escapeProse(text)).toBe(markdown);
  });
});
