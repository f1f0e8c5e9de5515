import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Manifest } from '../../src/manifest/manifest.js';
import type { AcceptedDrift } from '../../src/model/policy.js';
import { makeDrift } from '../../src/drift/make-drift.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import { checkSchema } from '../support/check-schema.js';
import {
  anyManifest,
  anySnapshot,
  exactGrants,
  liveRole,
  loadedOf,
  memberEntry,
  members,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../support/arbitraries.js';
import { perform } from '../support/interpreter.js';
import { inputs } from '../support/law.js';

const OPTIONS = { now: '2026-02-01T00:00:00.000Z', version: '0.0.0', requestsFor };
const live = snapshotOf({
  custom: [liveRole(100, 'Alpha', ['a.view', 'user.edit']), liveRole(101, 'Stranger')],
  persons: [person(10, 100), person(11, 4)],
});
const alpha = wantedRole('Alpha', { grants: exactGrants('a.view') });

const accepted = (until: string): AcceptedDrift[] => [
  { role: 'Alpha', what: 'grants', people: null, reason: 'TICKET-7', until },
];

describe('drift', () => {
  it('is the diff of a plan, from the live value to the value of the manifest', () => {
    const drift = makeDrift(loadedOf({ roles: [alpha] }), live, OPTIONS);
    expect(drift.changes).toMatchObject([
      { kind: 'grants.set', before: ['a.view', 'user.edit'], after: ['a.view'], by: null, at: null },
    ]);
    expect(drift).toMatchObject({
      kind: 'drift',
      me: { id: 1 },
      summary: { differences: 1 },
      attribution: { available: false },
    });
  });

  it('matches its schema for any instance and manifest, and counts all differences', () => {
    fc.assert(
      fc.property(anySnapshot, anyManifest, (snapshot, loaded) => {
        const drift = makeDrift(loaded, snapshot, OPTIONS);
        expect(checkSchema('drift', JSON.parse(JSON.stringify(drift)))).toEqual([]);
        const { changes, missingPeople, unmanaged, violations } = drift;
        const unwanted = unmanaged.policy === 'fail' ? unmanaged.roles : [];
        const broken = violations.filter(({ level }) => level === 'refuse');
        expect(drift.summary.differences).toBe([changes, missingPeople, unwanted, broken].flat().length);
        expect(new Set(drift.changes.map(({ id }) => id)).size).toBe(drift.changes.length);
        const ids = new Set(drift.changes.map(({ id }) => id));
        for (const change of drift.changes) for (const id of change.dependsOn) expect(ids).toContain(id);
      }),
      { numRuns: inputs(50) },
    );
  });

  it('exists exactly if a plan has changes, and not after an apply', () => {
    fc.assert(
      fc.property(anySnapshot, anyManifest, (snapshot, loaded) => {
        const plan = makePlan(loaded, snapshot, OPTIONS);
        fc.pre(plan.refusals.length === 0);
        expect(makeDrift(loaded, snapshot, OPTIONS).changes.length > 0).toBe(plan.changes.length > 0);
        expect(
          makeDrift(loaded, perform(snapshot, plan.changes).at(-1) ?? snapshot, OPTIONS).changes,
        ).toEqual([]);
      }),
      { numRuns: inputs(50) },
    );
  });

  it('has one change for each role whose grants differ, even if an apply must split it', () => {
    const snapshot = snapshotOf({
      custom: [liveRole(100, 'Alpha', ['a.view', 'b.view']), liveRole(101, 'Beta', ['b.edit', 'b.view'])],
      persons: [person(10, 100), person(11, 101)],
    });
    const loaded = loadedOf({
      roles: [
        wantedRole('Alpha', { grants: exactGrants('b.edit', 'c.use'), members: members('exact', 11) }),
        wantedRole('Beta', { grants: exactGrants('a.view', 'user.edit'), members: members('exact', 10) }),
      ],
      policy: { ...WIDE_POLICY, removedMembersTo: 'Social' },
    });
    const plan = makePlan(loaded, snapshot, OPTIONS);
    const drift = makeDrift(loaded, snapshot, OPTIONS);
    expect(plan.changes.filter(({ kind }) => kind === 'grants.set').length).toBeGreaterThan(2);
    expect(drift.changes.filter(({ kind }) => kind === 'grants.set')).toMatchObject([
      { id: 'grants.set:Alpha', before: ['a.view', 'b.view'], after: ['b.edit', 'c.use'] },
      { id: 'grants.set:Beta', before: ['b.edit', 'b.view'], after: ['a.view', 'user.edit'] },
    ]);
    expect(drift.warnings.map(({ code }) => code)).not.toContain('split-gap');
  });

  it('has no guards: a change that a plan refuses is still drift', () => {
    const loaded = loadedOf({
      roles: [wantedRole('Alpha', { grants: exactGrants('user.edit', 'authorization.roles') })],
      policy: { ...WIDE_POLICY, minAdmins: 9, maxGrantChanges: { count: 0 } },
    });
    expect(makePlan(loaded, live, OPTIONS).refusals.length).toBeGreaterThan(1);
    const drift = makeDrift(loaded, live, OPTIONS);
    expect(drift.summary.differences).toBe(1);
    expect(Object.keys(drift)).not.toContain('refusals');
  });

  it('counts listed people who are no longer on the instance', () => {
    const drift = makeDrift(
      loadedOf({ roles: [wantedRole('Participant', { members: members('additive', 11, 404) })] }),
      live,
      OPTIONS,
    );
    expect(drift).toMatchObject({
      changes: [],
      missingPeople: ['id 404'],
      summary: { differences: 1 },
      warnings: [],
    });
  });

  it('counts extra people of an exact role without a destination, with a warning', () => {
    const drift = makeDrift(
      loadedOf({ roles: [wantedRole('Alpha', { members: members('exact', 11) })] }),
      live,
      OPTIONS,
    );
    expect(
      drift.changes.flatMap((change) =>
        change.kind === 'members.move' ? change.people.map(({ id, why }) => [id, why]) : [],
      ),
    ).toEqual(
      expect.arrayContaining([
        [10, 'taken-out'],
        [11, 'listed'],
      ]),
    );
    expect(drift.warnings).toMatchObject([
      { code: 'no-destination', hint: 'shown as if they went to "Participant"' },
    ]);
  });

  it.each([
    ['ignore', 0, 0, 0],
    ['report', 0, 1, 0],
    ['fail', 1, 1, 0],
    ['delete', 1, 1, 1],
  ] as const)(
    'counts unmanaged roles under the policy %s as %i',
    (unmanagedRoles, differences, listed, deletes) => {
      const loaded = loadedOf({
        roles: [wantedRole('Alpha', { description: '' })],
        policy: { ...WIDE_POLICY, unmanagedRoles },
      });
      const drift = makeDrift(loaded, live, OPTIONS);
      expect(drift.summary.differences).toBe(differences);
      expect(drift.unmanaged.roles).toHaveLength(listed);
      expect(drift.summary.rolesDeleted).toBe(deletes);
    },
  );

  it('lists accepted differences separately', () => {
    const loaded = loadedOf({
      roles: [alpha],
      policy: { ...WIDE_POLICY, acceptedDrift: accepted('2026-02-01') },
    });
    expect(makeDrift(loaded, live, OPTIONS)).toMatchObject({
      changes: [],
      accepted: [
        {
          role: 'Alpha',
          what: 'grants',
          reason: 'TICKET-7',
          difference: 'holds user.edit beyond the manifest',
        },
      ],
      summary: { differences: 0 },
    });
  });

  it.each([
    ['the last moment of its day', '2026-02-01', '2026-02-01T23:59:59.999Z', true],
    ['the first moment of the next day', '2026-02-01', '2026-02-02T00:00:00.000Z', false],
    ['just before its time', '2026-02-01T18:00:00+01:00', '2026-02-01T16:59:59.999Z', true],
    ['its time', '2026-02-01T18:00:00+01:00', '2026-02-01T17:00:00.000Z', false],
  ])('evaluates accepted drift at %s in drift and plan', (_, until, now, isAccepted) => {
    const policy = { ...WIDE_POLICY, acceptedDrift: accepted(until) };
    const loaded = loadedOf({ roles: [alpha], policy });
    const drift = makeDrift(loaded, live, { ...OPTIONS, now });
    const plan = makePlan(loaded, live, { ...OPTIONS, now });
    for (const { accepted: left, changes, warnings } of [drift, plan]) {
      expect(left).toHaveLength(isAccepted ? 1 : 0);
      expect(changes).toHaveLength(isAccepted ? 0 : 1);
      expect(warnings.some(({ code }) => code === 'accepted-drift-expired')).toBe(!isAccepted);
    }
  });

  it('counts a difference whose acceptance has expired, with a warning', () => {
    const loaded = loadedOf({
      roles: [alpha],
      policy: { ...WIDE_POLICY, acceptedDrift: accepted('2026-01-31') },
    });
    const drift = makeDrift(loaded, live, OPTIONS);
    expect(drift.summary.differences).toBe(1);
    expect(drift.accepted).toEqual([]);
    expect(drift.warnings).toMatchObject([{ code: 'accepted-drift-expired' }]);
  });

  it('reports an ambiguous name as a problem and compares the rest', () => {
    const near = snapshotOf({ custom: [liveRole(100, 'alpha')] });
    const drift = makeDrift(loadedOf({ roles: [alpha] }), near, OPTIONS);
    expect(drift.problems).toMatchObject([{ code: 'ambiguous-name' }]);
    expect(drift.summary.differences).toBeGreaterThan(0);
  });

  const twins = [10, 11].map((id) => ({ ...person(id, 3), email: 'twin@acme.com' }));
  const users = [memberEntry({ email: 'twin@acme.com' })];
  it.each<[string, Partial<Manifest>, Parameters<typeof snapshotOf>[0]]>([
    ['ambiguous-name', { removed: ['beta'] }, { custom: [liveRole(100, 'Beta')] }],
    [
      'ambiguous-rename',
      { roles: [wantedRole('New', { renamedFrom: ['Old'] })] },
      { custom: [liveRole(100, 'Old'), liveRole(101, 'New')] },
    ],
    [
      'ambiguous-person',
      { roles: [wantedRole('Editor', { members: { mode: 'additive', users } })] },
      { persons: twins },
    ],
    ['allowlist-unreadable', { allowlist: 'off' }, { allowlist: 'unreadable' }],
  ])('does not report only "no drift" after %s', (code, manifest, snapshot) => {
    const drift = makeDrift(loadedOf({ policy: WIDE_POLICY, ...manifest }), snapshotOf(snapshot), OPTIONS);
    expect(drift.changes).toEqual([]);
    expect(drift.problems.map((one) => one.code)).toEqual([code]);
  });
});
