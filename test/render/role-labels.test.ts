import { describe, expect, it } from '@jest/globals';
import type { Change } from '../../src/plan/change.js';
import { planJunit } from '../../src/render/ci/plan-junit.js';
import { driftItems } from '../../src/render/facts/drift-items.js';
import { moveViews } from '../../src/render/facts/moves.js';
import { ownerLookup } from '../../src/render/facts/owners.js';
import { roleLabels, roleLabelText, type RoleLabel } from '../../src/render/facts/role-labels.js';
import { settingViews, settingValueText } from '../../src/render/facts/settings.js';
import { planHtml } from '../../src/render/html/plan.js';
import { planMarkdown } from '../../src/render/markdown/plan.js';
import { planText } from '../../src/render/text/plan.js';
import type { PlanDocument } from '../../src/render/vocabulary.js';
import { allowlistSet, defaultRoleSet, deletion, move, rename } from '../support/changes.js';
import { fullDrift, planOf } from '../support/plan-builder.js';

/** Role 100, Analyst, and role 101, Engineer, swap their names. */
const SWAP = [
  rename(100, ['Analyst', '~domo-roles 100'], 'temporary'),
  rename(101, ['Engineer', 'Analyst']),
  rename(100, ['~domo-roles 100', 'Engineer']),
];

/** A person of the live role Analyst moves into the role that becomes Analyst. */
const MOVE: Change = {
  ...move(101, [7]),
  role: 'Analyst',
  before: [{ role: 'Analyst', people: 1 }],
  after: { role: 'Analyst', people: 1 },
  people: [{ id: 7, email: 'ana@acme.com', from: 'Analyst', fromId: 100, why: 'listed', until: null }],
};

const SETTINGS: Change[] = [
  { ...defaultRoleSet(101, 'Analyst'), before: 'Engineer' },
  { ...allowlistSet([101]), before: ['Engineer', 'Social'], after: ['Analyst', 'Social'] },
];

const PLAN = planOf({ changes: [...SWAP, MOVE, ...SETTINGS] });

const DRIFT: PlanDocument = {
  ...fullDrift(),
  changes: PLAN.changes.map((change) => ({ ...change, by: null, at: null })),
  members: [
    { role: 'Analyst', roleId: 101, missing: [{ id: 7, email: 'ana@acme.com', from: 'Analyst' }], extra: [] },
    { role: 'Engineer', roleId: 100, missing: [], extra: [{ id: 7, email: 'ana@acme.com', to: 'Analyst' }] },
  ],
};

const shown = (label: RoleLabel): string => roleLabelText(label, (name) => `<${name}>`);

describe('the label of a role', () => {
  const labels = roleLabels(PLAN);
  const deleting = roleLabels(planOf({ changes: [deletion(100, 'A'), rename(101, ['B', 'A'])] }));

  it.each<[string, RoleLabel, string]>([
    ['a role that keeps its name', labels.live('Social', 5), '<Social>'],
    ['a live name of a renamed role', labels.live('Analyst', 100), '<Analyst> (renamed to <Engineer>)'],
    ['an end name of a renamed role', labels.end('Analyst'), '<Analyst> (renamed from <Engineer>)'],
    [
      'the same in drift, live',
      roleLabels(DRIFT).live('Analyst', 100),
      '<Analyst> (should be called <Engineer>)',
    ],
    [
      'the same in drift, in the manifest',
      roleLabels(DRIFT).end('Analyst'),
      '<Analyst> (is called <Engineer>)',
    ],
    ['a deleted role whose name is taken', deleting.live('A', 100), '<A> (will be deleted)'],
    ['the role that takes it', deleting.end('A'), '<A> (renamed from <B>)'],
    [
      'a deleted role whose name is free',
      roleLabels(planOf({ changes: [deletion(100, 'A')] })).live('A', 100),
      '<A>',
    ],
  ])('of %s', (_, label, expected) => expect(shown(label)).toBe(expected));

  it('and its owner are looked up once per document, not once per change', () => {
    expect(roleLabels(DRIFT)).toBe(roleLabels(DRIFT));
    expect(ownerLookup(DRIFT.owners)).toBe(ownerLookup(DRIFT.owners));
  });
});

describe('a swap of two names', () => {
  it('names both roles of a move', () => {
    const sides = [PLAN, DRIFT].map((one) => moveViews(one).map(({ from, to }) => [shown(from), shown(to)]));
    expect(sides).toEqual([
      [['<Analyst> (renamed to <Engineer>)', '<Analyst> (renamed from <Engineer>)']],
      [['<Analyst> (is called <Engineer>)', '<Analyst> (should be called <Engineer>)']],
    ]);
  });

  it('names both values of a setting', () => {
    const sides = settingViews(PLAN).map(({ from, to }) => [from, to].map(settingValueText));
    expect(sides).toEqual([
      ['Engineer (renamed from Analyst)', 'Analyst (renamed from Engineer)'],
      ['Engineer (renamed from Analyst), Social', 'Analyst (renamed from Engineer), Social'],
    ]);
  });

  it('of a deleted default role and its successor names both', () => {
    const changes = [
      { ...defaultRoleSet(101, 'A'), before: 'A' },
      deletion(100, 'A'),
      rename(101, ['B', 'A']),
    ];
    const [view] = settingViews(planOf({ changes }));
    expect(view && [view.from, view.to].map(settingValueText)).toEqual([
      'A (will be deleted)',
      'A (renamed from B)',
    ]);
  });

  it.each<[string, string, string[]]>([
    [
      'text',
      planText(PLAN),
      [
        'ana@acme.com  Analyst (renamed to Engineer) → Analyst\n',
        '1 person leaves for Analyst (renamed from Engineer)\n',
        '- Engineer (renamed from Analyst)\n',
      ],
    ],
    [
      'markdown',
      planMarkdown(PLAN),
      [
        '`ana@acme.com`: `Analyst` (renamed to `Engineer`) → `Analyst`\n',
        '1 person out to `Analyst` (renamed from `Engineer`)\n',
        'Default role: `Engineer` (renamed from `Analyst`) → `Analyst` (renamed from `Engineer`)',
      ],
    ],
    [
      'html',
      planHtml(PLAN),
      [
        '<bdi>Analyst</bdi> (renamed to <bdi>Engineer</bdi>)<span class="arrow">→</span><bdi>Analyst</bdi>',
        '<td><bdi>Analyst</bdi> (renamed to <bdi>Engineer</bdi>)</td><td><bdi>Analyst</bdi> (renamed from <bdi>Engineer</bdi>)</td>',
        '<title>Analyst (renamed to Engineer) → Analyst (renamed from Engineer): 1 person</title>',
      ],
    ],
    [
      'junit',
      planJunit(PLAN),
      [
        '1 from Analyst (renamed to Engineer)<',
        '>Engineer (renamed from Analyst) → Analyst (renamed from Engineer)<',
      ],
    ],
    [
      'drift as text',
      planText(DRIFT),
      [
        'ana@acme.com  is in Analyst (should be called Engineer)\n',
        'ana@acme.com  is listed in Analyst (is called Engineer)\n',
      ],
    ],
    [
      'drift as sentences',
      driftItems(DRIFT)
        .map(({ text }) => text)
        .join('\n'),
      [
        'ana@acme.com (is in Analyst (should be called Engineer))',
        'the default role is Engineer (is called Analyst), not Analyst (is called Engineer)',
        'the roles allowlist is Engineer (is called Analyst), Social, not Analyst (is called Engineer), Social',
      ],
    ],
  ])('is readable as %s', (_, text, parts) => {
    for (const part of parts) expect(text).toContain(part);
  });
});
