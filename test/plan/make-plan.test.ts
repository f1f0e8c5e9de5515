import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../src/manifest/manifest.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { parseAllow } from '../../src/plan/guards/allow.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { planDigest, sealPlan } from '../../src/plan/seal-plan.js';
import type { PlanOptions } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { warning } from '../../src/problem/problem.js';
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

const NOW = '2026-02-01T00:00:00.000Z';
const live = snapshotOf({
  custom: [liveRole(100, 'A', ['a.view']), liveRole(101, 'B', ['b.view']), liveRole(102, 'Other')],
  persons: [person(10, 100), person(11, 101)],
});
const A_GROWS = wantedRole('A', { grants: exactGrants('a.view', 'c.use') });
const B_STAYS = wantedRole('B', { grants: exactGrants('b.view') });

function planOf(
  manifest: Partial<Manifest>,
  options: Partial<PlanOptions> = {},
  snapshot: Snapshot = live,
): Plan {
  return makePlan(loadedOf(manifest), snapshot, {
    now: NOW,
    version: '1.2.3',
    requestsFor: () => [],
    ...options,
  });
}

describe('a plan', () => {
  it('names its origin', () => {
    const file = { path: 'roles.yaml', digest: 'sha256:x', text: 'secret' };
    const files = [file];
    expect(planOf({ files })).toMatchObject({
      kind: 'plan',
      madeBy: 'domo-roles 1.2.3',
      madeAt: NOW,
      instance: 'acme',
      sandbox: false,
      me: { id: 1, email: 'p1@acme.com' },
      offline: false,
      manifest: { files: [{ path: 'roles.yaml', digest: 'sha256:x' }] },
    });
    expect(JSON.stringify(planOf({ files }))).not.toContain('secret');
    expect(planOf({}, { offline: true }).offline).toBe(true);
    expect(planOf({}, {}, { ...live, me: null }).me).toBeNull();
  });

  it.each<[string, Partial<Manifest>, number, number]>([
    ['nothing that is managed', {}, 0, 0],
    ['one role that changes and one that does not', { roles: [A_GROWS, B_STAYS] }, 1, 1],
    [
      'two roles that do not change',
      { roles: [B_STAYS, wantedRole('A', { grants: exactGrants('a.view') })] },
      0,
      2,
    ],
    ['a role that changes, and the default role', { roles: [A_GROWS], defaultRole: 'Social' }, 2, 0],
    ['an allowlist, which is not a role', { roles: [B_STAYS], allowlist: ['Social', 'Participant'] }, 1, 1],
  ])('counts %s', (_, manifest, changes, unchanged) => {
    const { summary } = planOf(manifest);
    expect([summary.changes, summary.unchanged]).toEqual([changes, unchanged]);
  });

  it('gives each change its risk and its requests', () => {
    const asked: string[] = [];
    const plan = planOf(
      { roles: [A_GROWS] },
      {
        requestsFor: (change, all) => {
          asked.push(`${change.id} of ${all.length}`);
          return [{ method: 'PUT', path: '/x', body: null }];
        },
      },
    );
    expect(asked).toEqual(['grants.set:A of 1']);
    expect(plan.changes).toMatchObject([
      { id: 'grants.set:A', risk: { level: expect.any(String) }, requests: [{ method: 'PUT', path: '/x' }] },
    ]);
  });

  it('includes the warnings of the manifest next to its own', () => {
    const loaded = { ...loadedOf({}), warnings: [warning('based-on-no-effect', 'from the manifest')] };
    const plan = makePlan(loaded, live, { now: NOW, version: '', requestsFor: () => [] });
    expect(plan.warnings.map(({ message }) => message)).toEqual(['from the manifest']);
    expect(plan.summary.warnings).toBe(1);
  });

  it.each<[Manifest['policy']['unmanagedRoles'], string[]]>([
    ['ignore', []],
    ['report', ['Other']],
    ['fail', ['Other']],
  ])('lists unmanaged roles by the policy %s', (unmanagedRoles, names) => {
    const plan = planOf({ roles: [A_GROWS, B_STAYS], policy: { ...WIDE_POLICY, unmanagedRoles } });
    expect(plan.unmanaged.policy).toBe(unmanagedRoles);
    expect(plan.unmanaged.roles.map(({ name }) => name)).toEqual(names);
    expect(plan.refusals.map(({ code, items }) => [code, items])).toEqual(
      unmanagedRoles === 'fail' ? [['unmanaged-roles', ['Other']]] : [],
    );
  });

  it('has one refusal per cause: an impossible order replaces the refusal of a guard', () => {
    const roles = [
      wantedRole('Admin', { members: members('exact') }),
      wantedRole('A', { grants: exactGrants('authorization.roles') }),
    ];
    const { refusals } = planOf({
      roles,
      defaultRole: 'A',
      policy: { ...WIDE_POLICY, removedMembersTo: 'Social' },
    });
    const codes = refusals.map(({ code }) => code);
    expect(codes).toContain('default-forbidden');
    expect(new Set(codes).size).toBe(codes.length);
    expect(refusals.find(({ code }) => code === 'default-forbidden')).toMatchObject({ flag: null });
    expect([...codes].sort()).toEqual(codes);
  });

  it('throws for anything the instance lacks, with its place', () => {
    const manifest = { roles: [wantedRole('A', { grants: exactGrants('no.such') })], defaultRole: 'Nowhere' };
    expect(() => planOf(manifest)).toThrow(/no\.such[\s\S]*Nowhere|Nowhere[\s\S]*no\.such/u);
  });

  it.each<[string, string[], string[]]>([
    ['is refused', [], ['missing-people']],
    ['is made if that is allowed', ['missing-people'], []],
  ])('with people who are not on the instance %s', (_, allow, refused) => {
    const plan = planOf(
      { roles: [wantedRole('A', { members: members('additive', 10, 404) })] },
      { allow: parseAllow(allow) },
    );
    expect(plan.refusals.map(({ code }) => code)).toEqual(refused);
    expect(plan.missingPeople).toEqual(['id 404']);
  });

  it('gives a role created by an interrupted run its intended initial grants', () => {
    const made = snapshotOf({ custom: [liveRole(900, 'N', ['a.view', 'b.view'])] });
    const grants = { ...exactGrants('c.use'), mode: 'additive' as const };
    const after = (options: Partial<PlanOptions>): unknown =>
      planOf({ roles: [wantedRole('N', { grants })] }, options, made).changes.map((one) => one.after);
    expect(after({})).toEqual([['a.view', 'b.view', 'c.use']]);
    expect(after({ unfinished: new Map([[900, ['a.view']]]) })).toEqual([['a.view', 'c.use']]);
  });

  it('names people in the impact up to a limit', () => {
    const persons = [10, 11, 12].map((id) => person(id, 100));
    const plan = planOf(
      { roles: [A_GROWS] },
      { impactLimit: 2 },
      { ...live, people: { scope: 'all', list: [person(1, 1), ...persons] } },
    );
    expect(plan.impactLimit).toBe(2);
    expect(plan.impact[0]).toMatchObject({ gains: [{ id: 10 }, { id: 11 }], gainCount: 3 });
  });
});

describe('the digest of a plan', () => {
  const plan = planOf({ roles: [A_GROWS] });

  it('covers everything except the times', () => {
    expect(plan.digest).toBe(planDigest(plan));
    expect(planDigest({ ...plan, madeAt: '2030-01-01T00:00:00.000Z' })).toBe(plan.digest);
    expect(planDigest({ ...plan, takenAt: '2030-01-01T00:00:00.000Z' })).toBe(plan.digest);
    expect(planDigest({ ...plan, instance: 'other' })).not.toBe(plan.digest);
    expect(planDigest({ ...plan, impactLimit: 3 })).not.toBe(plan.digest);
  });

  it('is recomputed after a change', () => {
    expect(sealPlan({ ...plan, instance: 'other' }).digest).toBe(planDigest({ ...plan, instance: 'other' }));
  });
});
