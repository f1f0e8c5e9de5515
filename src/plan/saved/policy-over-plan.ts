import equal from 'fast-deep-equal';
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
    acceptedDrift: acceptedInForce(policy, plan.madeAt),
  };
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
