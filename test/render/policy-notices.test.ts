import { describe, expect, it } from '@jest/globals';
import type { AcceptedDifference } from '../../src/model/policy.js';
import type { WeakenedGuard } from '../../src/plan/plan.js';
import { policyNotices } from '../../src/render/facts/policy-notices.js';
import { planGithub } from '../../src/render/ci/plan-github.js';
import { planJunit } from '../../src/render/ci/plan-junit.js';
import { planSarif } from '../../src/render/ci/plan-sarif.js';
import { planHtml } from '../../src/render/html/plan.js';
import { planMarkdown } from '../../src/render/markdown/plan.js';
import { planText } from '../../src/render/text/plan.js';
import type { PlanDocument } from '../../src/render/vocabulary.js';
import { emptyPlan, everyWeakenedGuard, fullDrift, fullPlan } from '../support/plan-builder.js';

const entry: AcceptedDifference = {
  role: null,
  what: 'unmanaged',
  people: null,
  reason: 'r',
  until: '2026-03-31',
};

describe('policyNotices', () => {
  it.each<[string, Partial<AcceptedDifference>, string]>([
    ['all unmanaged roles', {}, 'unmanaged roles, all of them until 2026-03-31: r'],
    ['one unmanaged role', { role: 'Old' }, 'unmanaged of Old until 2026-03-31: r'],
    ['a setting', { what: 'defaultRole' }, 'defaultRole until 2026-03-31: r'],
    ['the grants of a role', { what: 'grants', role: 'A' }, 'grants of A until 2026-03-31: r'],
    [
      'people of a role',
      { what: 'members', role: 'A', people: [{ id: 7 }, { email: 'cy@acme.com' }] },
      'members of A for id 7, cy@acme.com until 2026-03-31: r',
    ],
    [
      'many people',
      { what: 'members', role: 'A', people: Array.from({ length: 32 }, (_, id) => ({ id })) },
      `members of A for ${Array.from({ length: 30 }, (_, id) => `id ${id}`).join(', ')} and 2 more until 2026-03-31: r`,
    ],
  ])('names %s', (_, parts, text) => {
    const notices = policyNotices({ rules: [], weakenedGuards: [], acceptedDrift: [{ ...entry, ...parts }] });
    expect(notices.map((one) => one.text)).toEqual([text]);
  });

  it('counts the grants that one sentence has no room for', () => {
    const [escalation] = everyWeakenedGuard() as [WeakenedGuard];
    const grants = Array.from({ length: 31 }, (_, index) => `g.${index}`);
    const [notice] = policyNotices({
      rules: [],
      weakenedGuards: [{ ...escalation, grants }],
      acceptedDrift: [],
    });
    expect(notice?.text).toMatch(/^policy\.protectedGrants leaves out 31 of 26 .*g\.29 and 1 more$/u);
  });
});

/** Formats, and text that comes after the top. */
const FORMATS: [string, (document: PlanDocument) => string, RegExp][] = [
  ['text', (document) => planText(document), /Old Role/u],
  ['markdown', (document) => planMarkdown(document), /### (?:Refused|Protected grants)/u],
  ['html', (document) => planHtml(document), /<section id="(?:refused|impact)"/u],
  ['junit', planJunit, /<testsuite name="(?:refusals|differences)"/u],
  ['github', (document) => planGithub(document), /deletes-break-scim/u],
  ['sarif', (document) => planSarif(document), /SCIM mappings/u],
];

describe.each<[string, PlanDocument]>([
  ['a plan', fullPlan()],
  ['drift', fullDrift()],
])('%s', (_kind, document) => {
  it.each(FORMATS)('as %s names every weakened guard and accepted drift first', (_, render, after) => {
    const text = render(document);
    const rest = text.search(after);
    expect(rest).toBeGreaterThan(0);
    for (const { key } of everyWeakenedGuard()) {
      expect(text).toContain(key);
      expect(text.indexOf(key)).toBeLessThan(rest);
    }
    for (const { until } of document.acceptedDrift) expect(text.slice(0, rest)).toContain(until);
  });
});

it.each(FORMATS)('a plan as %s without either says nothing of them', (_, render) => {
  expect(render(emptyPlan())).not.toMatch(/weake[rn]|in force|lets through/u);
});
