import { describe, expect, it } from '@jest/globals';
import { resolveDesiredState } from '../../src/desired/resolve.js';
import type { Policy } from '../../src/model/policy.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { planBasis } from '../../src/plan/plan-basis.js';
import type { PlanBasis } from '../../src/plan/plan-basis.js';
import {
  exactGrants,
  liveRole,
  loadedOf,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../support/arbitraries.js';

const live = snapshotOf({
  custom: [liveRole(100, 'A', ['a.view'])],
  persons: [person(10, 100), person(11, 100)],
});

function basisOf(snapshot: Snapshot, policy: Policy = WIDE_POLICY): PlanBasis {
  const loaded = loadedOf({ roles: [wantedRole('A', { grants: exactGrants('a.view', 'c.use') })], policy });
  return planBasis(snapshot, resolveDesiredState(loaded, snapshot, { now: '2026-01-01T00:00:00.000Z' }), {
    policy,
    impactLimit: 100,
  });
}

describe('the basis of a plan', () => {
  it('contains both states and their differences', () => {
    const { snapshot, live: before, end, people, differences } = basisOf(live);
    expect(snapshot).toBe(live);
    expect(people).toBe(live.people.list);
    expect(before.roles.get('#100')?.grants).toEqual(['a.view']);
    expect(end.roles.get('#100')?.grants).toEqual(['a.view', 'c.use']);
    expect(differences).toMatchObject([{ kind: 'grants', key: '#100', added: ['c.use'], removed: [] }]);
  });

  it('contains the affected people, including the acting person, and their gains', () => {
    const { cohorts, shifts } = basisOf(live);
    expect(cohorts.map(({ people, me }) => [me, people.map(({ id }) => id)])).toEqual([
      [true, [1]],
      [false, [10, 11]],
    ]);
    expect([...shifts.keys()]).toEqual(['c.use']);
  });

  it('has no acting person if the snapshot has none', () => {
    expect(basisOf({ ...live, me: null }).cohorts.map(({ me }) => me)).toEqual([false]);
  });

  it('takes dependencies from the catalogue and protected grants from the policy', () => {
    const policy = { ...WIDE_POLICY, protectedGrants: ['c.use'] };
    const { dependencies, isProtected } = basisOf(live, policy);
    expect([...dependencies.closure(['a.edit'])].sort()).toEqual(['a.edit', 'a.view']);
    expect(isProtected.has('c.use')).toBe(true);
    expect(basisOf(live, { ...WIDE_POLICY, protectedGrants: null }).isProtected.has('a.admin')).toBe(true);
  });
});
