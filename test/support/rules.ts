import type { AccessRule, LimitRule, SeparationRule } from '../../src/model/access-rule.js';
import { dependenciesOf } from '../../src/model/closure.js';
import { DEFAULT_POLICY } from '../../src/model/policy.js';
import type { AcceptedViolation } from '../../src/model/policy.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { stateOf } from '../../src/model/state.js';
import type { RuleInput } from '../../src/plan/rules/judge.js';
import { ruleViews } from '../../src/plan/rules/view.js';
import type { RuleViews } from '../../src/plan/rules/view.js';
import { endOf } from './guard-input.js';

/** A rule with limits; its subject is the grant `b.export` unless given. */
export function limitRule(parts: Partial<LimitRule> = {}): LimitRule {
  return {
    kind: 'limit',
    name: 'the-rule',
    level: 'refuse',
    subject: { grants: ['b.export'] },
    onlyRoles: null,
    maxPeople: null,
    emails: null,
    ...parts,
  };
}

/** A rule that separates `a.edit` and `b.edit`, except for Admin. */
export function separationRule(parts: Partial<SeparationRule> = {}): SeparationRule {
  return {
    kind: 'separation',
    name: 'the-rule',
    level: 'refuse',
    neverTogether: [['a.edit'], ['b.edit']],
    exceptRoles: ['Admin'],
    exceptPeople: [],
    ...parts,
  };
}

/** An entry of accepted drift of `the-rule` that is in force for a long time. */
export function acceptedRule(parts: Partial<AcceptedViolation>): AcceptedViolation {
  return {
    what: 'rule',
    role: null,
    rule: 'the-rule',
    roles: null,
    people: null,
    reason: 'TICKET-7',
    until: '2099-12-31',
    ...parts,
  };
}

/** The input of rules for two snapshots. All places are in line 7. */
export function rulesInput(
  [live, end]: readonly [Snapshot, Snapshot],
  rules: readonly AccessRule[],
  acceptedDrift: readonly AcceptedViolation[] = [],
): RuleInput {
  return {
    policy: { ...DEFAULT_POLICY, rules, acceptedDrift },
    live: stateOf(live),
    end: endOf(live, end),
    catalogue: live.catalogue,
    dependencies: dependenciesOf(live.catalogue),
    now: '2026-11-26T12:00:00Z',
    locate: () => ({ file: 'domo-roles.yaml', line: 7, column: 5 }),
  };
}

/** Two snapshots as rules see them. By default, the end equals the live one. */
export function viewsOf(live: Snapshot, end: Snapshot = live): RuleViews {
  return ruleViews(stateOf(live), endOf(live, end), dependenciesOf(live.catalogue));
}
