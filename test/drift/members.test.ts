import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Manifest } from '../../src/manifest/manifest.js';
import { makeDrift } from '../../src/drift/make-drift.js';
import { planGithub } from '../../src/render/ci/plan-github.js';
import { planJunit } from '../../src/render/ci/plan-junit.js';
import { planMarkdown } from '../../src/render/markdown/plan.js';
import { planSarif } from '../../src/render/ci/plan-sarif.js';
import { planText } from '../../src/render/text/plan.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import {
  anyManifest,
  anySnapshot,
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../support/arbitraries.js';
import { inputs } from '../support/law.js';

const OPTIONS = { now: '2026-02-01T00:00:00.000Z', version: '0.0.0', requestsFor };
const policy = { ...WIDE_POLICY, removedMembersTo: 'Participant' };

/** 10 and 11 are in Admin, 12 is in Alpha, and 13 is in Stranger. */
const live = snapshotOf({
  custom: [liveRole(100, 'Alpha'), liveRole(101, 'Stranger')],
  persons: [person(1, 1), person(10, 1), person(11, 1), person(12, 100), person(13, 101)],
});

type Expected = [role: string, missing: string[], extra: string[]];

const CASES: [string, Partial<Manifest>, Expected[], string[]][] = [
  [
    'an intruder whom no role lists is listed under the exact role',
    { roles: [wantedRole('Admin', { members: members('exact', 1, 11) })] },
    [['Admin', [], ['10 -> null']]],
    ['Admin'],
  ],
  [
    'an intruder whom another role lists is listed under both',
    {
      roles: [
        wantedRole('Admin', { members: members('exact', 1, 11) }),
        wantedRole('Participant', { members: members('additive', 10) }),
      ],
    },
    [
      ['Admin', [], ['10 -> Participant']],
      ['Participant', ['10 <- Admin'], []],
    ],
    ['Admin'],
  ],
  [
    'a missing person is listed under their role in the manifest',
    { roles: [wantedRole('Alpha', { members: members('additive', 10) })] },
    [['Alpha', ['10 <- Admin'], []]],
    ['Alpha'],
  ],
  [
    'people of an unwanted role are listed under it',
    { removed: ['Stranger'], roles: [wantedRole('Alpha', { description: '' })] },
    [['Stranger', [], ['13 -> null']]],
    ['Stranger', 'Stranger'],
  ],
  [
    'extra people in two roles are two differences',
    {
      roles: [
        wantedRole('Admin', { members: members('exact', 1, 11) }),
        wantedRole('Alpha', { members: members('exact') }),
      ],
    },
    [
      ['Admin', [], ['10 -> null']],
      ['Alpha', [], ['12 -> null']],
    ],
    ['Admin', 'Alpha'],
  ],
  [
    'a renamed role has the name of the manifest',
    { roles: [wantedRole('Omega', { renamedFrom: ['Alpha'], members: members('exact') })] },
    [['Omega', [], ['12 -> null']]],
    ['Omega', 'Omega'],
  ],
];

describe('people in drift', () => {
  it.each(CASES)('%s', (_name, manifest, expected, changed) => {
    const drift = makeDrift(loadedOf({ policy, ...manifest }), live, OPTIONS);
    expect(
      drift.members.map(({ role, missing, extra }) => [
        role,
        missing.map(({ id, from }) => `${id} <- ${from}`),
        extra.map(({ id, to }) => `${id} -> ${to}`),
      ]),
    ).toEqual(expected);
    expect(drift.changes.map(({ role }) => role).sort()).toEqual(changed);
    expect(drift.summary.differences).toBe(changed.length);
  });

  it.each(CASES)('is reported under the same roles in every format: %s', (_name, manifest, expected) => {
    const drift = makeDrift(loadedOf({ policy, ...manifest }), live, OPTIONS);
    const [text, markdown] = [planText(drift), planMarkdown(drift)];
    const machines = [planGithub(drift), planSarif(drift), planJunit(drift)];
    for (const [role, missing, extra] of expected) {
      expect(text).toMatch(new RegExp(`^[-+~] ${role}\\b`, 'mu'));
      expect(markdown).toContain(`<code>${role}</code>`);
      for (const one of [...missing, ...extra]) {
        const email = `p${one.split(' ')[0]}@acme.com`;
        for (const report of [text, markdown, ...machines]) expect(report).toContain(email);
      }
      for (const report of machines) expect(report).toContain(role);
    }
    if (!expected.some(([role]) => role === 'Participant'))
      for (const report of [text, markdown, ...machines]) expect(report).not.toContain('Participant');
  });

  it('lists everyone who moves once in the changes, and under each affected role in members', () => {
    fc.assert(
      fc.property(anySnapshot, anyManifest, (snapshot, loaded) => {
        const drift = makeDrift(loaded, snapshot, OPTIONS);
        const moving = drift.changes.flatMap((one) => (one.kind === 'members.move' ? one.people : []));
        expect(new Set(moving.map(({ id }) => id)).size).toBe(moving.length);
        const listed = new Set(
          drift.members.flatMap(({ missing, extra }) => [...missing, ...extra].map(({ id }) => id)),
        );
        expect(listed).toEqual(new Set(moving.map(({ id }) => id)));
        const exact = new Set(
          loaded.manifest.roles.flatMap(({ name, members: list }) => (list?.mode === 'exact' ? [name] : [])),
        );
        for (const { role, extra } of drift.members)
          for (const { to } of extra)
            if (to === null)
              expect(
                exact.has(role) ||
                  loaded.manifest.removed.includes(role) ||
                  loaded.manifest.policy.unmanagedRoles === 'delete',
              ).toBe(true);
      }),
      { numRuns: inputs(60) },
    );
  });
});
