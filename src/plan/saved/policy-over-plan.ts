import equal from 'fast-deep-equal';
import { unknownRole } from '../../desired/findings.js';
import type { AccessRule } from '../../model/access-rule.js';
import { quotedName } from '../../model/names.js';
import { acceptedInForce } from '../../model/policy.js';
import {
  besideWarning,
  keysThatReshape,
  layPolicy,
  overridesOf,
  policyOn,
} from '../../model/policy-overlay.js';
import type { PolicyOrigin, PolicyOverlay } from '../../model/policy-overlay.js';
import { refusal } from '../../model/refusal.js';
import type { Refusal } from '../../model/refusal.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { Plan } from '../plan.js';
import { toPlanWarning } from '../plan-warnings.js';
import { rulesInForce } from '../rules/in-force.js';
import { ProblemError } from '../../problem/problem.js';

/** A policy file that is laid over the policy of a saved plan. */
export interface PolicyInput {
  overlay: PolicyOverlay;
  origin: PolicyOrigin;
}

/** The plan with a policy file laid over its own policy: what guards and rules judge. */
export function underPolicy(
  plan: Plan,
  { overlay, origin }: PolicyInput,
  { catalogue }: Pick<Snapshot, 'catalogue'>,
): Plan {
  const policy = policyOn(layPolicy(plan.policy, overlay), catalogue);
  const own = besideWarning(origin).map(toPlanWarning);
  const warnings = [...plan.warnings.filter((one) => !own.some((other) => equal(one, other))), ...own];
  return {
    ...plan,
    policy,
    warnings,
    summary: { ...plan.summary, warnings: warnings.length },
    policyFile: { ...origin, overrides: overridesOf(plan.policy, overlay) },
    rules: rulesInForce(policy.rules),
    acceptedDrift: acceptedInForce(policy, plan.madeAt),
  };
}

/** The rules that a plan is judged by: its own, with those of a policy file over them. */
export function rulesOver({ policy }: Pick<Plan, 'policy'>, file?: PolicyInput): readonly AccessRule[] {
  return file ? layPolicy(policy, file.overlay).rules : policy.rules;
}

/** The role that a rule is about must exist in the end; a policy file may name one that does not. */
export function refuseUnknownSubjects({ policy, changes }: Plan, { roles }: Snapshot): void {
  const names = new Set(roles.map(({ name }) => name));
  for (const change of changes)
    if (change.kind === 'role.create' || change.kind === 'role.update') names.add(change.after.name);
  const problems = policy.rules.flatMap((rule) =>
    rule.kind === 'limit' && 'role' in rule.subject && !names.has(rule.subject.role)
      ? [unknownRole(rule.subject.role, names, { what: `policy.rules.${rule.name}` })]
      : [],
  );
  if (problems.length > 0) throw new ProblemError(problems);
}

/** What these keys say decided which changes the plan has: under another value it would be another plan. */
export function refuseOtherPolicy({ policy }: Plan, { overlay, origin }: PolicyInput): Refusal[] {
  const items = keysThatReshape(policy, overlay);
  if (items.length === 0) return [];
  const message = `the policy file ${quotedName(origin.path)} differs from the policy that the plan was made under`;
  return [
    refusal('stale-plan', message, {
      figure: items.length,
      items,
      hint: 'make the plan again, with this policy file',
    }),
  ];
}
