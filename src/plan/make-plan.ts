import type { Desired } from '../desired/desired.js';
import { endedMembershipsOnly } from '../desired/ended-memberships-only.js';
import { resolveDesiredState } from '../desired/resolve.js';
import type { LoadedManifest } from '../manifest/manifest.js';
import { acceptedInForce, type Policy } from '../model/policy.js';
import { policyOn } from '../model/policy-overlay.js';
import type { PolicyFile } from '../model/policy-overlay.js';
import { uniqueRefusals } from '../model/refusal.js';
import { roleHasMembers } from '../model/placement.js';
import { keyOf } from '../model/role.js';
import type { Snapshot } from '../model/snapshot.js';
import { roleAt } from '../model/state.js';
import { ProblemError } from '../problem/problem.js';
import { applyAllow, type Allow } from './guards/allow.js';
import type { Change, OrderedChange, PlannedRequest } from './change.js';
import { chooseOrder } from './order/choose-order.js';
import type { ChosenOrder } from './order/choose-order.js';
import { fingerprintsOf } from './fingerprint.js';
import { gapWarnings } from './order/gaps.js';
import { movingPeople } from './guards/amounts.js';
import { endRefusals } from './guards/end-guards.js';
import type { GuardInput } from './guards/guard.js';
import { guardRefusals } from './guards/guards.js';
import { judgeRules, ruleInputOf, type LocatePolicy } from './rules/judge.js';
import { withoutRuleWarnings } from './rules/names.js';
import { rulesInForce } from './rules/in-force.js';
import { impactOf, moveShifts } from './review/impact.js';
import { limitBases } from './guards/limit-bases.js';
import { weakenedGuards } from './guards/weakened-guards.js';
import { endWarnings } from './end-warnings.js';
import type { EndOptions } from './end-warnings.js';
import { PLAN_FORMAT } from './plan.js';
import { planBasis } from './plan-basis.js';
import type { PlanBasis } from './plan-basis.js';
import type { Plan, Refusal } from './plan.js';
import { changeWarnings, toPlanWarning } from './plan-warnings.js';
import { blockingNames, reliedOn } from './relied-on.js';
import { sealPlan } from './seal-plan.js';
import { riskOf } from './review/risk.js';
import type { RiskInput } from './review/risk.js';
import { summarise } from './review/summary.js';
import type { RoleId } from '../model/ids.js';

/** The default length of impact lists; those of protected grants are complete. */
const IMPACT_LIMIT = 100;

/** Options of a plan. */
export interface PlanOptions {
  /** ISO 8601, UTC. Determines which timed entries have ended and which accepted drift has expired. */
  now: string;
  /** Version of this program. */
  version: string;
  /** Returns the requests of a change, given all changes of its plan; implemented by `routes`. */
  requestsFor: (change: OrderedChange, all: readonly OrderedChange[]) => readonly PlannedRequest[];
  allow?: Allow;
  reason?: string | null;
  impactLimit?: number;
  /** Made against a snapshot file. */
  offline?: boolean;
  /** Plan only the ends of memberships, with the guards that apply to them. */
  onlyExpired?: boolean;
  /** See `DesiredOptions.unfinished`. */
  unfinished?: ReadonlyMap<RoleId, readonly string[]>;
}

/**
 * Plans the changes from a snapshot to a manifest. Pure: the same input gives the same plan, except for `madeAt`.
 * Refusals are part of the plan. Raises one `ProblemError` with all problems if the manifest names objects that the
 * instance does not have.
 */
export function makePlan(loaded: LoadedManifest, snapshot: Snapshot, options: PlanOptions): Plan {
  const whole = resolveDesiredState(loaded, snapshot, {
    now: options.now,
    allowMissing: options.allow?.has('missing-people') ?? false,
    ...(options.unfinished ? { unfinished: options.unfinished } : {}),
  });
  const { target, findings } = options.onlyExpired ? endedMembershipsOnly(whole, snapshot) : whole;
  if (findings.problems.length > 0) throw new ProblemError(findings.problems);
  const manifestWarnings = options.onlyExpired
    ? loaded.warnings.filter(({ code }) => code === 'policy-in-working-tree')
    : withoutRuleWarnings(loaded.warnings);
  return planBetween(
    snapshot,
    { target, findings: { ...findings, warnings: [...manifestWarnings, ...findings.warnings] } },
    { ...options, ...policyAndFiles(loaded, snapshot), locate: loaded.locate },
  );
}

/** The policy of a manifest for an instance, and the files that it comes from. */
export function policyAndFiles(
  { manifest: { policy, policyFile, files } }: LoadedManifest,
  { catalogue }: Pick<Snapshot, 'catalogue'>,
): PolicyAndFiles {
  return { policy: policyOn(policy, catalogue), files, ...(policyFile ? { policyFile } : {}) };
}

/** A policy and the files that it comes from. */
interface PolicyAndFiles {
  policy: Policy;
  policyFile?: PolicyFile;
  files: readonly { path: string; digest: string }[];
  /** The places of rules, for messages; absent without a manifest. */
  locate?: LocatePolicy;
}

/** The options of every plan, with a policy and its files. */
export type BetweenOptions = PlanOptions &
  PolicyAndFiles & {
    /** The policy and person by which upcoming ends are checked, if they differ from those of the plan. */
    ends?: Pick<EndOptions, 'policy' | 'me'>;
  };

/** Plans the changes from a snapshot to any end state; used by `makePlan`, rollback and the check of saved plans. */
export function planBetween(snapshot: Snapshot, desired: Desired, options: BetweenOptions): Plan {
  const basis = planBasis(snapshot, desired, {
    policy: options.policy,
    impactLimit: options.impactLimit ?? IMPACT_LIMIT,
  });
  const order = chooseOrder({ ...basis, desired: desired.target });
  const changes = withRiskAndRequests(order.changes, basis, options.requestsFor);
  const rules = judgeRules(ruleInputOf(basis, options), changes);
  const found = [
    ...refusalsOf(order, { basis, changes, findings: desired.findings, options }),
    ...rules.refusals,
  ];
  const parts: PlanParts = {
    changes,
    ...applyAllow(uniqueRefusals(found), options.allow ?? new Map(), options.reason ?? null),
    accepted: [...desired.findings.accepted, ...rules.accepted],
    warnings: [
      ...desired.findings.warnings,
      ...changeWarnings(changes, basis),
      ...gapWarnings(order.gaps, basis),
      ...endWarnings(basis, desired.target.ends, endOptions(snapshot, options)),
      ...rules.warnings,
    ].map(toPlanWarning),
  };
  return sealPlan({ ...planDocument(basis, parts, { desired, options }), madeAt: options.now });
}

function endOptions({ me }: Pick<Snapshot, 'me'>, { policy, now, ends }: BetweenOptions): EndOptions {
  return { policy, me: me?.id ?? null, ...ends, now };
}

function withRiskAndRequests(
  changes: readonly OrderedChange[],
  basis: PlanBasis,
  requestsFor: PlanOptions['requestsFor'],
): Change[] {
  const { live, end, isProtected } = basis;
  const input: RiskInput = {
    isProtected,
    moveShifts: moveShifts(basis),
    isInhabited: (key) => roleHasMembers(end.people, roleAt(end, key)),
    grantsOf: (key) => ({
      had: live.roles.get(key)?.grants ?? [],
      has: end.roles.get(key)?.grants ?? [],
    }),
    defaultGrants: {
      had: roleAt(live, live.defaultRole).grants,
      has: roleAt(end.roles.has(end.defaultRole) ? end : live, end.defaultRole).grants,
    },
  };
  return changes.map((change) => ({
    ...change,
    risk: riskOf(change, input),
    requests: requestsFor(change, changes),
  }));
}

interface RefusalInput {
  basis: PlanBasis;
  changes: readonly Change[];
  findings: Desired['findings'];
  options: BetweenOptions;
}

/** The refusals of resolving, ordering and the guards. */
function refusalsOf(order: ChosenOrder, { basis, changes, findings, options }: RefusalInput): Refusal[] {
  const { live, end, people, cohorts, shifts, isProtected, snapshot } = basis;
  const input: GuardInput = {
    live,
    end,
    people,
    me: snapshot.me?.id ?? null,
    policy: options.policy,
    changes,
    cohorts,
    shifts,
    isProtected,
    missingPeople: findings.missingPeople,
    missingMembers: findings.missingIn,
    unmanaged: findings.unmanaged.map((role) => role.name),
  };
  const guards = options.onlyExpired
    ? endRefusals({ ...input, moving: movingPeople(changes) })
    : guardRefusals(input);
  // A flag may lift a guard's refusal, but not one for which no order exists: the latter replaces the former.
  const impossible = new Set(order.refusals.map((one) => one.code));
  return [...findings.refusals, ...order.refusals, ...guards.filter((one) => !impossible.has(one.code))];
}

type PlanParts = Pick<Plan, 'changes' | 'refusals' | 'allowed' | 'accepted' | 'warnings'>;

function planDocument(
  { snapshot, live, end, isProtected, shifts }: PlanBasis,
  { changes, refusals, allowed, accepted, warnings }: PlanParts,
  { desired: { target, findings }, options }: { desired: Desired; options: BetweenOptions },
): Omit<Plan, 'digest' | 'madeAt'> {
  const { policy, policyFile } = options;
  const touched = new Set(changes.flatMap(({ roleId }) => (roleId === null ? [] : keyOf(roleId))));
  return {
    formatVersion: PLAN_FORMAT,
    kind: 'plan',
    madeBy: `domo-roles ${options.version}`,
    instance: snapshot.instance,
    sandbox: snapshot.sandbox,
    me: snapshot.me && { id: snapshot.me.id, email: snapshot.me.email },
    offline: options.offline ?? false,
    ...(options.offline && snapshot.takenAt !== undefined ? { takenAt: snapshot.takenAt } : {}),
    ...(options.onlyExpired ? { onlyExpired: true } : {}),
    manifest: { files: options.files.map(({ path, digest }) => ({ path, digest })) },
    summary: summarise(changes, {
      refusals: refusals.length,
      warnings: warnings.length,
      unchanged: [...target.managed].filter((key) => !touched.has(key)).length,
    }),
    changes,
    impact: impactOf(shifts, { catalogue: snapshot.catalogue, isProtected }),
    impactLimit: options.impactLimit ?? IMPACT_LIMIT,
    refusals,
    allowed,
    weakenedGuards: weakenedGuards({
      policy,
      catalogue: snapshot.catalogue,
      bases: limitBases(snapshot, live, end),
    }),
    acceptedDrift: acceptedInForce(policy, options.now),
    rules: rulesInForce(policy.rules),
    accepted,
    warnings,
    unmanaged: {
      policy: policy.unmanagedRoles,
      roles: policy.unmanagedRoles === 'ignore' ? [] : findings.unmanaged,
    },
    missingPeople: findings.missingPeople,
    held: findings.retained,
    owners: findings.owners,
    policy,
    ...(policyFile ? { policyFile } : {}),
    fingerprints: fingerprintsOf(snapshot, [
      ...changes.flatMap(reliedOn),
      ...blockingNames(changes, live.roles.values()),
    ]),
  };
}
