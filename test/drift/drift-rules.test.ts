import { describe, expect, it } from '@jest/globals';
import { resolveDesiredState } from '../../src/desired/resolve.js';
import { liveViolations, withoutRules, withRules } from '../../src/drift/drift-rules.js';
import type { Policy } from '../../src/model/policy.js';
import { liveRole, loadedOf, person, snapshotOf, WIDE_POLICY } from '../support/arbitraries.js';
import { acceptedEntry } from '../support/desired.js';
import { planOf } from '../support/plan-builder.js';
import { acceptedRule, limitRule } from '../support/rules.js';

const NOW = '2026-02-01T00:00:00.000Z';
const live = snapshotOf({
  custom: [liveRole(100, 'A', ['b.export'])],
  persons: [person(10, 100), person(11, 100)],
});
const policyOf = (parts: Partial<Policy>): Policy => ({ ...WIDE_POLICY, ...parts });

describe('the rules of a manifest on an instance', () => {
  it.each<[string, Policy, number, number]>([
    ['are kept', policyOf({ rules: [limitRule({ maxPeople: 9 })] }), 0, 0],
    ['are violated', policyOf({ rules: [limitRule({ maxPeople: 2 })] }), 1, 0],
    [
      'are violated only by people in accepted drift',
      policyOf({
        rules: [limitRule({ maxPeople: 2 })],
        acceptedDrift: [acceptedRule({ roles: ['A', 'Admin'] })],
      }),
      0,
      1,
    ],
  ])('%s', (_, policy, violations, accepted) => {
    const loaded = loadedOf({ policy });
    const found = liveViolations(live, resolveDesiredState(loaded, live, { now: NOW }), { loaded, now: NOW });
    expect([found.violations.length, found.accepted.length]).toEqual([violations, accepted]);
  });
});

describe('a plan without rules', () => {
  const drift = acceptedEntry({ what: 'grants', role: 'A' });
  const policy = policyOf({ rules: [limitRule()], acceptedDrift: [acceptedRule({}), drift] });

  it('has a policy without rules and without their accepted violations', () => {
    expect(withoutRules(policy)).toEqual({ ...policy, rules: [], acceptedDrift: [drift] });
  });

  it('gets its rules back', () => {
    const accepted = {
      what: 'rule',
      role: 'A',
      reason: 'audit',
      until: '2026-03-01',
      difference: 'two people more',
      acceptedFor: null,
      people: [],
      grants: { extra: [], missing: [] },
    };
    const found = { violations: [], accepted: [accepted], warnings: [] };
    const plan = planOf({});
    expect(withRules(plan, found, { policy, now: NOW })).toMatchObject({
      policy,
      rules: [{ name: 'the-rule' }],
      acceptedDrift: policy.acceptedDrift,
      accepted: [...plan.accepted, accepted],
    });
  });
});
