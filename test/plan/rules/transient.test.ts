import { describe, expect, it } from '@jest/globals';
import {
  WIDE_POLICY,
  exactGrants,
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
} from '../../support/arbitraries.js';
import { makePlan } from '../../../src/plan/make-plan.js';
import { requestsFor } from '../../../src/apply/requests-for-change.js';
import type { AccessRule } from '../../../src/model/access-rule.js';
import { limitRule } from '../../support/rules.js';

const OPTIONS = { now: '2026-11-26T12:00:00Z', version: '0', requestsFor };

/** Alpha and Beta change their one member: a rule about how many are in Alpha holds before and after. */
const live = snapshotOf({
  custom: [liveRole(101, 'Alpha', ['b.view']), liveRole(102, 'Beta', ['b.view'])],
  persons: [person(8, 101), person(9, 102)],
});

function warningsOf(rules: readonly AccessRule[]): string[] {
  const loaded = loadedOf({
    policy: { ...WIDE_POLICY, removedMembersTo: 'Participant', rules },
    roles: [
      wantedRole('Alpha', { members: members('exact', 9), grants: exactGrants('b.view') }),
      wantedRole('Beta', { members: members('exact', 8), grants: exactGrants('b.view') }),
    ],
  });
  const plan = makePlan(loaded, live, OPTIONS);
  expect(plan.refusals).toEqual([]);
  return plan.warnings.filter(({ code }) => code === 'rule-transient').map(({ message }) => message);
}

describe('A rule that a step in between breaks', () => {
  it('is a warning that names the step that breaks it and the one that ends it', () => {
    expect(warningsOf([limitRule({ subject: { role: 'Alpha' }, maxPeople: 1 })])).toEqual([
      'rule "the-rule" is broken for a while, after members.move:Alpha, until members.move:Beta: 2 people are in role Alpha, at most 1 may',
    ]);
  });

  it.each<[string, AccessRule]>([
    ['that no step breaks', limitRule({ subject: { role: 'Alpha' }, maxPeople: 2 })],
    ['that is broken before and after', limitRule({ subject: { role: 'Alpha' }, maxPeople: 0 })],
    ['about roles that stay as they are', limitRule({ onlyRoles: ['Admin'] })],
  ])('is no warning for a rule %s', (_, rule) => {
    expect(warningsOf([rule])).toEqual([]);
  });
});
