import { requestsFor } from '../../src/apply/requests-for-change.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import {
  exactGrants,
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from './arbitraries.js';

/** The instance that `everyKindOfPlan` was made for. */
export const PLANNED_FOR = snapshotOf({
  custom: [
    liveRole(100, 'Alpha', ['a.view', 'b.view']),
    liveRole(102, 'Gone', ['a.edit']),
    liveRole(103, 'Old', ['c.use']),
  ],
  persons: [person(10, 100), person(12, 102), person(13, 102), person(14, 4)],
  allowlist: [4, 5, 102],
});

/** A plan with every kind of change. */
export function everyKindOfPlan(policy: Partial<Plan['policy']> = {}): Plan {
  return makePlan(
    loadedOf({
      roles: [
        wantedRole('Alpha', { grants: exactGrants('b.view', 'c.use'), members: members('exact', 14) }),
        wantedRole('Fresh', { grants: exactGrants('a.view'), members: members('exact', 12) }),
        wantedRole('New', { renamedFrom: ['Old'], description: 'Was Old' }),
      ],
      removed: ['Gone'],
      defaultRole: 'Social',
      allowlist: ['Social', 'Fresh'],
      policy: { ...WIDE_POLICY, removedMembersTo: 'Social', ...policy },
    }),
    PLANNED_FOR,
    { now: '2026-02-01T00:00:00.000Z', version: '0.0.0', requestsFor },
  );
}
