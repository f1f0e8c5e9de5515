import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../src/manifest/manifest.js';
import { makeDrift } from '../../src/drift/make-drift.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { planGithub } from '../../src/render/ci/plan-github.js';
import { planHtml } from '../../src/render/html/plan.js';
import { planJunit } from '../../src/render/ci/plan-junit.js';
import { planMarkdown } from '../../src/render/markdown/plan.js';
import { planSarif } from '../../src/render/ci/plan-sarif.js';
import { planText } from '../../src/render/text/plan.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import { checkSchema } from '../support/check-schema.js';
import {
  exactGrants,
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../support/arbitraries.js';

const OPTIONS = { now: '2026-02-01T00:00:00.000Z', version: '0.0.0', requestsFor };

const live = snapshotOf({
  custom: [liveRole(100, 'Alpha', ['a.view']), liveRole(101, 'Beta', ['a.view', 'user.edit'])],
  persons: [person(1, 1), person(10, 1)],
});

/** The other differences: Beta has extra grants, and Admin has an extra person. */
const others = [
  wantedRole('Beta', { grants: exactGrants('a.view') }),
  wantedRole('Admin', { members: members('exact', 1) }),
];
const DIFFERENT = ['grants.set Beta', 'members.move Admin'];

const CASES: [string, Partial<Manifest>, string[], string[]][] = [
  [
    'a retired grant',
    { roles: [wantedRole('Alpha', { grants: exactGrants('a.view', 'gone.use') })] },
    ['unknown-grant'],
    [],
  ],
  [
    'a retired grant and a missing grant',
    { roles: [wantedRole('Alpha', { grants: exactGrants('a.view', 'b.view', 'gone.use') })] },
    ['unknown-grant'],
    ['grants.set Alpha'],
  ],
  [
    'a pinned role that was deleted',
    { roles: [wantedRole('Gone', { id: 999, description: 'x' })] },
    ['unknown-pin'],
    [],
  ],
  [
    'a role that takes over the list of a missing role, and one that takes over its list',
    {
      roles: [
        wantedRole('Alpha', { grants: { ...exactGrants(), from: ['Nowhere'] } }),
        wantedRole('Omega', { grants: { ...exactGrants(), from: ['Alpha'] } }),
      ],
    },
    ['unknown-role'],
    ['role.create Omega'],
  ],
  ['an unknown default role', { defaultRole: 'Nowhere' }, ['unknown-role'], []],
  [
    'an unknown role on the allowlist',
    { allowlist: ['Participant', 'Nowhere'] },
    ['unknown-role'],
    ['allowlist.set null'],
  ],
  [
    'an unknown role in accepted drift',
    {
      policy: {
        ...WIDE_POLICY,
        removedMembersTo: 'Participant',
        acceptedDrift: [{ role: 'Nowhere', what: 'grants', people: null, reason: 'r', until: '2027-01-01' }],
      },
    },
    ['unknown-role'],
    [],
  ],
  [
    'an unknown destination of removed people',
    { policy: { ...WIDE_POLICY, removedMembersTo: 'Nowhere' } },
    ['unknown-role'],
    [],
  ],
];

describe('something that the manifest names and the instance does not have', () => {
  it.each(CASES)('does not hide other drift: %s', (_name, parts, codes, more) => {
    const policy = { ...WIDE_POLICY, removedMembersTo: 'Participant' };
    const loaded = loadedOf({ policy, ...parts, roles: [...others, ...(parts.roles ?? [])] });
    expect(() => makePlan(loaded, live, OPTIONS)).toThrow();
    const drift = makeDrift(loaded, live, OPTIONS);
    expect(drift.problems.map(({ code }) => code)).toEqual(codes);
    expect(drift.changes.map(({ kind, role }) => `${kind} ${role}`).sort()).toEqual(
      [...DIFFERENT, ...more].sort(),
    );
    expect(checkSchema('drift', JSON.parse(JSON.stringify(drift)))).toEqual([]);
    const message = drift.problems[0]?.message ?? '';
    const word = /"(Gone|Nowhere|gone\.use)"/u.exec(message)?.[1] ?? 'no word';
    for (const report of [
      planText(drift),
      planMarkdown(drift),
      planHtml(drift),
      planJunit(drift),
      planSarif(drift),
      planGithub(drift),
    ]) {
      expect(report).toContain(word);
      for (const name of ['Beta', 'Admin', 'p10@acme.com']) expect(report).toContain(name);
    }
  });

  it('attributes no person to a role that could not be compared', () => {
    const drift = makeDrift(
      loadedOf({
        roles: [wantedRole('Gone', { id: 999, members: members('exact', 10) })],
        policy: WIDE_POLICY,
      }),
      live,
      OPTIONS,
    );
    expect(drift.problems).toHaveLength(1);
    expect(drift.summary.differences).toBe(0);
    expect(planText(drift)).toContain('1 problem of the manifest');
    expect(planText(drift)).not.toContain('The instance equals the manifest');
  });
});
