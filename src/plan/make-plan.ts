import type { Desired } from '../desired/desired.js';
import { resolveDesiredState } from '../desired/resolve.js';
import { compareStates } from '../diff/compare.js';
import type { LoadedManifest } from '../manifest/manifest.js';
import { dependenciesOf } from '../model/closure.js';
import { byCodeUnit } from '../model/sort.js';
import { protectedGrants } from '../model/admin-level.js';
import { acceptedInForce } from '../model/policy.js';
import type { Policy } from '../model/policy.js';
import { isInhabited } from '../model/placement.js';
import { SYSTEM_ROLES, keyOf, liveKey } from '../model/role.js';
import type { RoleKey } from '../model/role.js';
import type { Snapshot } from '../model/snapshot.js';
import { roleAt, stateOf } from '../model/state.js';
import { ProblemError, warning } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import type { Allow } from './guards/allow.js';
import { applyAllow } from './guards/allow.js';
import type { Change, OrderedChange, PlannedRequest } from './change.js';
import { chooseOrder } from './order/choose-order.js';
import { digestOf, fingerprintsOf } from './fingerprint.js';
import { cohortsOf } from './order/cohorts.js';
import { gapWarnings } from './order/gaps.js';
import { emptyRolesWithProtected } from './guards/escalation.js';
import { guardRefusals } from './guards/guards.js';
import { grantShifts, impactOf, moveShifts } from './review/impact.js';
import { sortByFirstAddress } from './review/impact-names.js';
import { limitBases } from './guards/limit-bases.js';
import { weakenedGuards } from './guards/weakened-guards.js';
import { PLAN_FORMAT } from './plan.js';
import type { Plan, PlanWarning, Refusal } from './plan.js';
import { blockingNames, reliedOn } from './relied-on.js';
import { riskOf } from './review/risk.js';
import { summarise, textChanges } from './review/summary.js';

/** The names that impact lists hold by default, beside protected grants. */
export const IMPACT_LIMIT = 100;

/** What a plan is made with, beside the two states. */
export interface PlanOptions {
  /** ISO 8601, UTC. It decides which accepted drift has expired. */
  now: string;
  /** Version of this program. */
  version: string;
  /** The requests of a change among all changes of its plan; `routes` knows them. */
  requestsFor: (change: OrderedChange, all: readonly OrderedChange[]) => readonly PlannedRequest[];
  allow?: Allow;
  reason?: string | null;
  impactLimit?: number;
  /** Made against a snapshot file. */
  offline?: boolean;
  /** See `DesiredOptions.unfinished`. */
  unfinished?: ReadonlyMap<number, readonly string[]>;
}

/**
 * The plan that takes an instance from its snapshot to a manifest. Pure: equal input gives an equal plan,
 * but for `madeAt`. Refusals are in the plan; a manifest that names what the instance does not have raises
 * a `ProblemError` with every such problem.
 */
export function makePlan(loaded: LoadedManifest, snapshot: Snapshot, options: PlanOptions): Plan {
  const { target, findings } = resolveDesiredState(loaded, snapshot, {
    now: options.now,
    allowMissing: options.allow?.has('missing-people') ?? false,
    ...(options.unfinished ? { unfinished: options.unfinished } : {}),
  });
  if (findings.problems.length > 0) throw new ProblemError(findings.problems);
  const { policy, files } = loaded.manifest;
  return planBetween(
    snapshot,
    { target, findings: { ...findings, warnings: [...loaded.warnings, ...findings.warnings] } },
    { ...options, policy, files },
  );
}

/** The plan from a snapshot to any end state; `makePlan`, rollback and the check of saved plans share it. */
export function planBetween(
  snapshot: Snapshot,
  { target, findings }: Desired,
  options: PlanOptions & { policy: Policy; files: readonly { path: string; digest: string }[] },
): Plan {
  const live = stateOf(snapshot);
  const end = target.state;
  const people = snapshot.people.list;
  const dependencies = dependenciesOf(snapshot.catalogue);
  const isProtected = protectedGrants(snapshot.catalogue, options.policy.protectedGrants);
  const differences = compareStates(live, end);
  const cohorts = cohortsOf({ live, end }, differences, snapshot.me?.id ?? null);
  const order = chooseOrder({ live, desired: target, differences, cohorts, people, dependencies });
  const shifts = grantShifts(live, end, sortByFirstAddress(cohorts, people));

  const riskInput = {
    isProtected,
    moveShifts: moveShifts(shifts, isProtected),
    isInhabited: (key: RoleKey) => isInhabited(end.people, roleAt(end, key)),
    grantsOf: (key: RoleKey) => ({
      had: live.roles.get(key)?.grants ?? [],
      has: end.roles.get(key)?.grants ?? [],
    }),
    defaultGrants: {
      had: roleAt(live, live.defaultRole).grants,
      has: roleAt(end.roles.has(end.defaultRole) ? end : live, end.defaultRole).grants,
    },
  };
  const changes = order.changes.map((draft) => ({
    ...draft,
    risk: riskOf(draft, riskInput),
    requests: options.requestsFor(draft, order.changes),
  }));

  const guards = guardRefusals({
    live,
    end: end.roles.has(end.defaultRole) ? end : { ...end, defaultRole: liveKey(SYSTEM_ROLES.Social) },
    people,
    me: snapshot.me?.id ?? null,
    policy: options.policy,
    changes,
    shifts,
    isProtected,
    missingPeople: findings.missingPeople,
    missingMembers: findings.missingIn,
    unmanaged: findings.unmanaged.map((role) => role.name),
  });
  // What no order can do is not a thing that a flag could allow.
  const hard = new Set(order.refusals.map((one) => one.code));
  const found = dedupe([
    ...findings.refusals,
    ...order.refusals,
    ...guards.filter((one) => !hard.has(one.code)),
  ]);
  const { refusals, allowed } = applyAllow(found, options.allow ?? new Map(), options.reason ?? null);

  const warnings = [
    ...findings.warnings,
    ...consequences(changes),
    ...emptyRolesWithProtected({ live, end, isProtected }).map(({ role, grants }) =>
      warning(
        'protected-without-people',
        `role "${role}" has nobody in it and comes to hold protected ${grants.join(', ')}`,
        {
          hint: 'whoever is put into it later gains them without a plan',
        },
      ),
    ),
    ...gapWarnings(order.gaps, { live, end, people }),
  ].map(toPlanWarning);

  const touched = new Set(changes.flatMap(({ roleId }) => (roleId === null ? [] : keyOf(roleId))));
  const limit = options.impactLimit ?? IMPACT_LIMIT;
  const body: Omit<Plan, 'digest' | 'madeAt'> = {
    formatVersion: PLAN_FORMAT,
    kind: 'plan',
    madeBy: `domo-roles ${options.version}`,
    instance: snapshot.instance,
    sandbox: snapshot.sandbox,
    me: snapshot.me && { id: snapshot.me.id, email: snapshot.me.email },
    offline: options.offline ?? false,
    manifest: { files: options.files.map(({ path, digest }) => ({ path, digest })) },
    summary: summarise(changes, {
      refusals: refusals.length,
      warnings: warnings.length,
      unchanged: [...target.managed].filter((key) => !touched.has(key)).length,
    }),
    changes,
    impact: impactOf(shifts, { catalogue: snapshot.catalogue, people, isProtected, limit }),
    impactLimit: limit,
    refusals,
    allowed,
    weakenedGuards: weakenedGuards({
      policy: options.policy,
      catalogue: snapshot.catalogue,
      bases: limitBases(snapshot, live, end),
    }),
    acceptedDrift: acceptedInForce(options.policy, options.now),
    accepted: findings.accepted,
    warnings,
    unmanaged: {
      policy: options.policy.unmanagedRoles,
      roles: options.policy.unmanagedRoles === 'ignore' ? [] : findings.unmanaged,
    },
    missingPeople: findings.missingPeople,
    held: findings.held,
    policy: options.policy,
    fingerprints: fingerprintsOf(snapshot, [
      ...changes.flatMap(reliedOn),
      ...blockingNames(changes, live.roles.values()),
    ]),
  };
  return sealPlan({ ...body, madeAt: options.now });
}

/** Puts the digest on a plan: over all of it but the time stamp. */
export function sealPlan(plan: Omit<Plan, 'digest'>): Plan {
  return { ...plan, digest: planDigest(plan) };
}

/** The digest that a plan must bear. */
export function planDigest(plan: Omit<Plan, 'digest'>): string {
  return digestOf({ ...plan, madeAt: null, digest: null });
}

function consequences(changes: readonly Change[]): Problem[] {
  const renamed = textChanges(changes)
    .filter(({ before, after }) => before.name !== after.name)
    .map(({ before, after }) =>
      warning('rename-breaks-saml', `"${before.name}" becomes "${after.name}": SAML sets roles by name`, {
        hint: 'change the mapping in the identity provider at the same time',
      }),
    );
  const deleted = changes.flatMap((change) =>
    change.kind === 'role.delete'
      ? warning(
          'deletes-break-scim',
          `"${change.role}" (id ${change.roleId}) is deleted: SCIM sets roles by id`,
          {
            hint: 'a role of that name made later has another id',
          },
        )
      : [],
  );
  return [...renamed, ...deleted];
}

/** A problem as documents carry it. */
export function toPlanWarning({ code, message, where, hint }: Problem): PlanWarning {
  return {
    code,
    message,
    file: where?.file ?? null,
    line: where?.line ?? null,
    column: where?.column ?? null,
    hint: hint ?? null,
  };
}

function dedupe(refusals: readonly Refusal[]): Refusal[] {
  const seen = new Map(refusals.map((one) => [`${one.code}\n${one.message}`, one]));
  return [...seen.values()].sort((a, b) => byCodeUnit(a.code, b.code) || byCodeUnit(a.message, b.message));
}
