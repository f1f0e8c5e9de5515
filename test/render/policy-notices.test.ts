import { describe, expect, it } from '@jest/globals';
import type { AcceptedDifference } from '../../src/model/policy.js';
import type { WeakenedGuard } from '../../src/plan/plan.js';
import { policyFileNotices, policyNotices } from '../../src/render/facts/policy-notices.js';
import type { PolicyFile, PolicyOverride } from '../../src/model/policy-overlay.js';
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

  it('counts the grants beyond the first sentence', () => {
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

/** Formats, each with a text that follows the notices. */
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

it.each(FORMATS)('a plan as %s without either mentions neither', (_, render) => {
  expect(render(emptyPlan())).not.toMatch(/weake[rn]|in force|lets through/u);
});

describe('a policy file', () => {
  const overrides: PolicyOverride[] = [
    { key: 'policy.maxMoves', effect: 'replaced', without: { percent: 30, floor: 10 }, file: { count: 5 } },
    { key: 'policy.removedMembersTo', effect: 'replaced', without: null, file: 'A\u001b[31m' },
    {
      key: 'policy.requiredAdmins',
      effect: 'joined',
      without: [],
      file: [{ id: 7 }, { email: 'r@acme.com' }],
    },
    { key: 'policy.acceptedDrift', effect: 'replaced', without: [], file: [entry] },
    { key: 'policy.rules.few', effect: 'replaced', without: {}, file: {} },
    { key: 'policy.rules.new', effect: 'joined', without: null, file: {} },
  ];
  const policyFile: PolicyFile = {
    ...{ path: 'origin/main:p.yaml', commit: '0123456789abcdef'.repeat(3).slice(0, 40) },
    ...{ digest: `sha256:${'0'.repeat(64)}`, inWorkingTree: false, overrides },
  };

  it('is named with its commit, and each override with its effect', () => {
    expect(policyFileNotices(policyFile).map(({ text }) => text)).toEqual([
      'origin/main:p.yaml at commit 0123456789ab',
      'policy.maxMoves is 5, without the file 30 %, at least 10',
      'policy.removedMembersTo is "A\\u{1b}[31m", without the file not set',
      'policy.requiredAdmins also holds id 7, r@acme.com',
      'policy.acceptedDrift is 1 entry (unmanaged), without the file empty',
      'policy.rules.few is the rule of the file, not that below it',
      'policy.rules.new is a rule of the file',
    ]);
  });

  it('is shown with whether it comes from the same change, and whether it has an effect', () => {
    const texts = (rest: Partial<PolicyFile>): string =>
      policyFileNotices({ ...policyFile, overrides: [], ...rest })
        .map(({ text }) => text)
        .join();
    expect(texts({ inWorkingTree: true })).toContain(
      'which is checked out: a change to the manifest can also change it',
    );
    expect(texts({ inWorkingTree: true, commit: null })).toContain("in the manifest's own working tree");
    expect(texts({})).toContain('; it changes nothing here');
  });

  it.each([[[null]], [[{ what: 5 }]], [{}], [{ count: 'x' }], [[['x']]], [true]])(
    'of a saved plan may contain anything: %j',
    (file) => {
      const odd = ['acceptedDrift', 'maxMoves', 'requiredAdmins', 'nonsense'].map((key): PolicyOverride => ({
        key: `policy.${key}`,
        effect: 'replaced',
        without: file,
        file,
      }));
      expect(policyFileNotices({ ...policyFile, overrides: odd })).toHaveLength(5);
    },
  );

  it.each(FORMATS)('as %s lists every override before its consequences', (_, render, after) => {
    const text = render({ ...fullPlan(), policyFile });
    const rest = text.search(after);
    const top = _ === 'github' ? text : text.slice(0, rest);
    for (const { key } of overrides) expect(top).toContain(key);
    expect(top).toContain('origin/main');
  });
});
