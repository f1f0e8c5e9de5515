import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessReviewHtml } from '../../src/render/html/access-review.js';
import { planHtml } from '../../src/render/html/plan.js';
import { planMatrix } from '../../src/render/html/matrix.js';
import { cleanChanges, emptyPlan, fullDrift, fullPlan, planOf } from '../support/plan-builder.js';
import { everyChange, hostileNames } from '../support/plan-changes.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { hugePlan, hugeSnapshot } from '../support/huge-plan.js';
import { cardBodies, pageLists } from '../support/page-data.js';

const SIZE = { roles: 3, grants: 6, people: 9 };
const PAGES = [
  ['a plan', planHtml(fullPlan())],
  ['a plan without refusals', planHtml(cleanChanges(), { snapshot: hugeSnapshot(SIZE) })],
  ['an empty plan', planHtml(emptyPlan())],
  ['drift', planHtml(fullDrift())],
  ['an access review', accessReviewHtml(hugeSnapshot(SIZE), { takenAt: '2026-01-31T08:15:00Z' })],
] as const;

const inside = (html: string, tag: string): string =>
  new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)?.[1] ?? '';
const tags = (html: string): string =>
  (html.replace(/<script type="application\/json"[^]*?<\/script>/, '').match(/<\/?[a-z][^>]*>/gi) ?? [])
    .map((tag) => tag.replaceAll(/"[^"]*"/g, '""'))
    .join('');

describe.each(PAGES)('the page of %s', (_what, html) => {
  it('allows only its own script and style, by their hash', () => {
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    expect(policy).toBe(
      `default-src 'none'; script-src ${hash(inside(html, 'script'))}; style-src ${hash(inside(html, 'style'))}; img-src data:; base-uri 'none'; form-action 'none'`,
    );
  });

  it('has a script that parses', () => {
    expect(() => new Script(inside(html, 'script'))).not.toThrow();
  });

  it('has no outside references and no inline styles or handlers', () => {
    const references = [...html.matchAll(/\s(?:href|src|srcset|action)="([^"]*)"/g)].map(
      (match) => match[1] ?? '',
    );
    for (const reference of references) expect(reference).toMatch(/^(?:#[a-z]+|data:,)$/);
    expect(html).not.toMatch(/<[a-z][^>]*\s(?:style|on[a-z]+)=/);
    expect(html).not.toMatch(/url\(|@import/);
  });

  it('has unique ids, and a target for every link', () => {
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
  });
});

describe('deferred bodies of cards', () => {
  const many = (text: string): string => planHtml(hugePlan({ roles: 101, grants: 3, people: 101, text }));

  it('are those of all closed cards if there are many, and of none otherwise', () => {
    expect(cardBodies(many(''))).toHaveLength(101);
    expect(cardBodies(planHtml(fullPlan()))).toEqual([]);
  });

  it.each(HOSTILE_TEXTS)('cannot be closed by a name that %s', (_what, text) => {
    const found = cardBodies(many(`_${text}`));
    expect(found).toHaveLength(101);
    expect(found.filter((body) => /<(?:!--|\/?script)/iu.test(body))).toEqual([]);
    expect(tags(found.join(''))).toBe(tags(cardBodies(many('_plain')).join('')));
  });
});

describe('planHtml', () => {
  it('is byte for byte equal for equal plans', () => {
    expect(planHtml(fullPlan())).toBe(planHtml(fullPlan()));
  });

  it('has the same tags for any names', () => {
    const benign = tags(planHtml(fullPlan(hostileNames('_plain'))));
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'<>"\'&/!-=x a\u202e\u0000`\ud800'), maxLength: 30 }),
        (text) => {
          expect(tags(planHtml(fullPlan(hostileNames(`_${text}`))))).toBe(benign);
        },
      ),
    );
  });

  it('shows the most important first: the verdict, refusals, and who gains access', () => {
    const html = planHtml(fullPlan());
    const places = [
      'class="verdict refused"',
      'id="refused"',
      'id="impact"',
      'id="roles"',
      'id="matrix"',
      'id="requests"',
    ];
    const found = places.map((place) => html.indexOf(place));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found[0]).toBeGreaterThan(0);
  });
});

describe('the matrix of a plan', () => {
  const entry = (grant: string, adminLevel: boolean | null) => ({
    ...{ grant, title: grant, group: '', dependsOn: [], features: [] },
    adminLevel,
  });
  const catalogue = [entry('alert.admin', false), entry('b.export', true), entry('content.export', null)];
  const snapshot = { ...hugeSnapshot(SIZE), catalogue, roles: [] };
  const protectedIn = (...args: Parameters<typeof planMatrix>): string[] =>
    planMatrix(...args).grants.flatMap((one) => (one.protected ? [one.grant] : []));

  it('marks the protected grants of the catalogue even if no one gains or loses one', () => {
    expect(protectedIn(planOf(), snapshot)).toEqual(['b.export']);
  });

  it('marks those of the policy if it lists them', () => {
    const policy = { ...planOf().policy, protectedGrants: ['content.export'] };
    expect(protectedIn(planOf({ policy }), snapshot)).toEqual(['content.export']);
  });

  it('marks grants of admin level in a saved plan, which has no catalogue, as the plan found them', () => {
    const grants = ['authorization.roles', 'content.export', 'dataset.admin', 'user.edit'];
    const changes = everyChange().filter(({ kind }) => kind === 'grants.set');
    const [set] = changes.flatMap((one) =>
      one.kind === 'grants.set' ? [{ ...one, after: grants, before: [] }] : [],
    );
    const impact = [
      { grant: 'user.edit', title: null, protected: false, gains: [], loses: [], gainCount: 0, loseCount: 0 },
    ];
    expect(protectedIn(planOf({ changes: set ? [set] : [], impact }))).toEqual([
      'authorization.roles',
      'dataset.admin',
    ]);
  });
});

describe('an access review', () => {
  it('marks admin-level grants even if the catalogue of an older instance does not', () => {
    const entry = (grant: string, adminLevel: boolean | null) => ({
      ...{ grant, title: grant, group: '', dependsOn: [], features: [] },
      adminLevel,
    });
    const catalogue = [
      entry('alert.admin', false),
      entry('content.export', null),
      entry('dataset.admin', null),
    ];
    const html = accessReviewHtml({ ...hugeSnapshot(SIZE), catalogue, roles: [] });
    const { rows = [], texts = [] } = pageLists(html).find(({ id }) => id === 'grants') ?? {};
    const levels = rows.map(([grant = -1, , level = -1]) => [texts[grant], texts[level]]);
    expect(levels).toEqual([
      ['alert.admin', ''],
      ['content.export', ''],
      ['dataset.admin', 'sensitive'],
    ]);
    expect(html).toContain('<dt>sensitive grants</dt><dd>1</dd>');
  });
});
