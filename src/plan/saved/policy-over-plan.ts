import { unknownRole } from '../../desired/findings.js';
import { checkPolicyPeople } from '../../desired/people/policy-people.js';
import { quotedName } from '../../model/quoted-name.js';
import { acceptedInForce } from '../../model/policy.js';
import type { StatedPolicy } from '../../model/policy.js';
import {
  policyOriginWarnings,
  keysThatChangePlan,
  overlayPolicy,
  overridesOf,
  policyOn,
} from '../../model/policy-overlay.js';
import type { PolicyOrigin, PolicyOverlay } from '../../model/policy-overlay.js';
import { refusal } from '../../model/refusal.js';
import type { Refusal } from '../../model/refusal.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { Plan, PlanWarning } from '../plan.js';
import { toPlanWarning } from '../plan-warnings.js';
import { textChanges } from '../review/summary.js';
import { rulesInForce } from '../rules/in-force.js';
import type { ProblemCode } from '../../problem/codes.js';
import { ProblemError } from '../../problem/problem.js';

/** A policy file to apply to a saved plan. */
export interface PolicyInput {
  overlay: PolicyOverlay;
  origin: PolicyOrigin;
}

/** A plan with a policy file applied to its policy, as input of guards and rules. */
export function planWithPolicyFile(
  plan: Plan,
  { overlay, origin }: PolicyInput,
  { catalogue, people }: Pick<Snapshot, 'catalogue' | 'people'>,
): Plan {
  const policy = policyOn(overlayPolicy(plan.policy, overlay), catalogue);
  const named = checkPolicyPeople(policy, { people: people.list, now: plan.madeAt });
  const own = [...policyOriginWarnings(origin), ...named.warnings].map(toPlanWarning);
  const isOwn = (one: PlanWarning): boolean =>
    own.some(({ code, message }) => one.code === code && one.message === message);
  const warnings = [...plan.warnings.filter((one) => !isOwn(one)), ...own];
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

/** Codes of warnings about rules. */
const ABOUT_RULES: ReadonlySet<ProblemCode> = new Set([
  'rule-broken',
  'rule-empty-role',
  'rule-transient',
  'rule-unknown-name',
]);

/** Replaces the findings about guards and rules in a plan by those of the replanned one, made under a policy file. */
export function withFindingsOf(plan: Plan, { weakenedGuards, warnings: found }: Plan): Plan {
  const isSame = (one: PlanWarning, other: PlanWarning): boolean =>
    one.code === other.code && one.message === other.message;
  // Keep the saved warning if it is the same: it has a place in the manifest, which is not read here.
  const ofRules = found
    .filter(({ code }) => ABOUT_RULES.has(code))
    .map((one) => plan.warnings.find((other) => isSame(one, other)) ?? one);
  const warnings = [...plan.warnings.filter(({ code }) => !ABOUT_RULES.has(code)), ...ofRules];
  return { ...plan, weakenedGuards, warnings, summary: { ...plan.summary, warnings: warnings.length } };
}

/** The policy by which a plan is checked: its own, with a policy file applied. */
export function policyWithFile(
  { policy }: Pick<Plan, 'policy'>,
  file: PolicyInput | undefined,
): StatedPolicy {
  return file ? overlayPolicy(policy, file.overlay) : policy;
}

/** Checks that the role of each rule exists in the end state; a policy file may name an unknown one. */
export function refuseUnknownSubjects({ policy, changes }: Plan, { roles }: Snapshot): void {
  const names = new Set(roles.map(({ name }) => name));
  const gone = new Map<string, string | null>();
  for (const { before, after } of textChanges(changes)) gone.set(before.name, after.name);
  for (const change of changes) if (change.kind === 'role.delete') gone.set(change.before.name, null);
  for (const name of gone.keys()) names.delete(name);
  for (const { after } of textChanges(changes)) names.add(after.name);
  for (const change of changes) if (change.kind === 'role.create') names.add(change.after.name);
  const problems = policy.rules.flatMap((rule) =>
    rule.kind === 'limit' && 'role' in rule.subject && !names.has(rule.subject.role)
      ? [unknownRole(rule.subject.role, { byName: names, gone }, { what: `policy.rules.${rule.name}` })]
      : [],
  );
  if (problems.length > 0) throw new ProblemError(problems);
}

/** Refuses a policy file that changes keys which determined the plan's changes: it would need another plan. */
export function refuseOtherPolicy({ policy }: Plan, { overlay, origin }: PolicyInput): Refusal[] {
  const items = keysThatChangePlan(policy, overlay);
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
