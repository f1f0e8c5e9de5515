import { unknownRole } from '../../desired/findings.js';
import { checkPolicyPeople } from '../../desired/policy-people.js';
import { quotedName } from '../../model/names.js';
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
import { rulesInForce } from '../rules/in-force.js';
import type { ProblemCode } from '../../problem/codes.js';
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

/** Warnings that rules give. */
const ABOUT_RULES: ReadonlySet<ProblemCode> = new Set([
  'rule-broken',
  'rule-empty-role',
  'rule-transient',
  'rule-unknown-name',
]);

/** A plan under a policy file with what the plan made anew says of its guards and rules: the saved one knew others. */
export function withFindingsOf(plan: Plan, { weakenedGuards, warnings: found }: Plan): Plan {
  const isSame = (one: PlanWarning, other: PlanWarning): boolean =>
    one.code === other.code && one.message === other.message;
  // A saved warning has its place in the manifest, which is not read here.
  const ofRules = found
    .filter(({ code }) => ABOUT_RULES.has(code))
    .map((one) => plan.warnings.find((other) => isSame(one, other)) ?? one);
  const warnings = [...plan.warnings.filter(({ code }) => !ABOUT_RULES.has(code)), ...ofRules];
  return { ...plan, weakenedGuards, warnings, summary: { ...plan.summary, warnings: warnings.length } };
}

/** The policy that a plan is judged by: its own, with a policy file over it. */
export function policyOver({ policy }: Pick<Plan, 'policy'>, file?: PolicyInput): StatedPolicy {
  return file ? overlayPolicy(policy, file.overlay) : policy;
}

/** The role that a rule is about must exist in the end; a policy file may name one that does not. */
export function refuseUnknownSubjects({ policy, changes }: Plan, { roles }: Snapshot): void {
  const names = new Set(roles.map(({ name }) => name));
  for (const change of changes)
    if (change.kind === 'role.delete') names.delete(change.before.name);
    else if (change.kind === 'role.update') names.delete(change.before.name);
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
