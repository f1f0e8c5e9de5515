import { describe, expect, it } from '@jest/globals';
import { requestsFor } from '../../../src/apply/requests-for-change.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { parseAllow } from '../../../src/plan/guards/allow.js';
import { makePlan } from '../../../src/plan/make-plan.js';
import { sealPlan } from '../../../src/plan/seal-plan.js';
import type { Plan } from '../../../src/plan/plan.js';
import { verifyPlan } from '../../../src/plan/saved/verify-plan.js';
import {
  exactGrants,
  liveRole,
  loadedOf,
  person,
  snapshotOf,
  wantedRole,
} from '../../support/arbitraries.js';

const ALLOW = parseAllow(['self-lockout', 'escalation', 'min-admins']);
const OPTIONS = { requestsFor, allow: ALLOW, reason: 'test' };
const [KEEPERS, OTHERS, TEAM] = [104, 105, 106];
const ME = { id: 10, email: 'p10@acme.com', name: '' };

/** A state in which the acting person (10) is in the role with this id. */
function instance(roleId: number): Snapshot {
  const live = snapshotOf({
    custom: [
      liveRole(KEEPERS, 'Keepers', ['authorization.roles', 'a']),
      liveRole(OTHERS, 'Others', ['authorization.roles']),
      liveRole(TEAM, 'Team', []),
    ],
    persons: [person(1, 1), person(10, roleId), person(11, TEAM)],
  });
  return { ...live, me: ME };
}

/** Removes `authorization.roles` from Keepers, and adds a grant to Team. */
function planOf(live: Snapshot): Plan {
  const roles = [
    wantedRole('Keepers', { grants: exactGrants('a') }),
    wantedRole('Team', { grants: exactGrants('a') }),
  ];
  return makePlan(loadedOf({ roles }), live, { now: '2026-02-01T00:00:00.000Z', version: '0', ...OPTIONS });
}

const STALE = {
  code: 'stale-plan',
  message: 'the role of the person who made this plan changed, and its order depends on that role',
  items: ['p10@acme.com is in another role than when the plan was made'],
};

describe('a saved plan whose planner has moved since', () => {
  it.each([
    ['out of the role that the order writes last', KEEPERS, OTHERS],
    ['into a role that the order would write last', OTHERS, KEEPERS],
    ['out of it, into a role without authorization.roles', KEEPERS, TEAM],
  ])('is stale but not modified: %s', (_, before, now) => {
    const plan = planOf(instance(before));
    expect(verifyPlan(plan, instance(before), OPTIONS).refusals).toEqual([]);
    expect(verifyPlan(plan, instance(now), OPTIONS).refusals).toMatchObject([STALE]);
  });

  it('is stale if the planner is no longer on the instance', () => {
    const live = instance(KEEPERS);
    const gone = {
      ...live,
      people: { ...live.people, list: live.people.list.filter(({ id }) => id !== 10) },
    };
    expect(verifyPlan(planOf(live), gone, OPTIONS).refusals).toMatchObject([STALE]);
  });

  it('is also stale when another person applies it', () => {
    const applier = { ...instance(OTHERS), me: { id: 1, email: 'p1@acme.com', name: '' } };
    expect(verifyPlan(planOf(instance(KEEPERS)), applier, OPTIONS).refusals).toMatchObject([STALE]);
  });

  it("is valid if its order does not depend on the planner's role", () => {
    expect(verifyPlan(planOf(instance(OTHERS)), instance(TEAM), OPTIONS).refusals).toEqual([]);
  });

  it('is rejected as modified if its changes follow from no role of the planner', () => {
    const plan = planOf(instance(KEEPERS));
    const changes = plan.changes.map((change) =>
      change.kind === 'grants.set' ? { ...change, after: [...change.after, 'b'] } : change,
    );
    const { refusals } = verifyPlan(
      sealPlan({ ...plan, changes: changes.toReversed() }),
      instance(OTHERS),
      OPTIONS,
    );
    expect(refusals.map(({ code }) => code)).toEqual(['plan-tampered']);
  });
});
