import equal from 'fast-deep-equal';
import { formatMismatch } from '../../problem/other-format.js';
import { desiredOf } from '../../desired/desired.js';
import { checkPolicyPeople } from '../../desired/people/policy-people.js';
import type { Desired } from '../../desired/desired.js';
import { visibleText } from '../../model/quoted-name.js';
import { refusal, uniqueRefusals } from '../../model/refusal.js';
import { keyOf, liveKey } from '../../model/role.js';
import type { ExistingRole, RoleKey } from '../../model/role.js';
import type { Snapshot } from '../../model/snapshot.js';
import { byCodeUnit } from '../../model/sort.js';
import { stateOf } from '../../model/state.js';
import { identityProblem } from '../change-id.js';
import { movesOf } from '../change.js';
import type { Change } from '../change.js';
import type { Allow } from '../guards/allow.js';
import { applyAllow, isAllowCode } from '../guards/allow.js';
import { unlistedGuards } from '../guards/weakened-guards.js';
import { planBetween } from '../make-plan.js';
import { planDigest, sealPlan } from '../seal-plan.js';
import type { PlanOptions } from '../make-plan.js';
import { objectText } from '../object-ref.js';
import { isSameTarget, targetLabel } from '../plan-target.js';
import { PLAN_FORMAT } from '../plan.js';
import type { Allowed, Plan, Refusal } from '../plan.js';
import { reliedOn } from '../relied-on.js';
import { endStateOf } from './end-state.js';
import { untilProblem } from './passed-ends.js';
import { refuseOtherPolicy, planWithPolicyFile, withFindingsOf } from './policy-over-plan.js';
import type { PolicyInput } from './policy-over-plan.js';
import { stateAsPlanned } from './state-as-planned.js';
import { tamperedIn } from './tampered.js';
import type { Tampered } from './tampered.js';
import { falseClaim } from './verify-claims.js';
import type { RoleId } from '../../model/ids.js';

/** Options of verifying a saved plan. */
export interface VerifyOptions {
  requestsFor: PlanOptions['requestsFor'];
  allow: Allow;
  /** The reason for the allowances. */
  reason?: string | null;
  /** A policy file to apply to the plan's policy. */
  policy?: PolicyInput | undefined;
  /** Version of this program, to name another one that made the plan. */
  version?: string | undefined;
}

/** The remaining refusals, and those that this run allows. */
export interface Verification {
  refusals: readonly Refusal[];
  allowed: readonly Allowed[];
  /** The plan to show: with a policy file, it contains the policy in force. */
  judged: Plan;
}

/** Checks the plan file by itself: its format and its digest. `version` is the one of this program. */
export function inspectPlan(plan: Plan, version?: string): Refusal[] {
  const tampered = tamperedIn(plan, version);
  const other = formatMismatch(plan.formatVersion, PLAN_FORMAT, 'the plan file');
  if (other) return [refusal('plan-format', other.message, { hint: other.hint })];
  if (planDigest(plan) !== plan.digest) return [tampered('its digest does not match its content')];
  if (plan.fingerprints.some(({ object, of }) => objectText(of) !== object))
    return [tampered('a fingerprint has another name than its object')];
  const fault = identityProblem(plan.changes) ?? untilProblem(plan);
  return fault === null ? [] : [tampered(fault)];
}

/**
 * Verifies a plan against live state by planning it again: its changes must follow from the recorded state, and every
 * guard of its policy must hold on the end state. Allowances of the run that made it do not count, only `allow`.
 * Changes of the objects that it relied on are detected later, when it is applied.
 */
export function verifyPlan(plan: Plan, live: Snapshot, options: VerifyOptions): Verification {
  const tampered = tamperedIn(plan, options.version);
  const faults = [
    () => inspectPlan(plan, options.version),
    () => refuseOtherInstance(plan, live),
    () => refuseMissingFingerprint(plan, tampered),
  ];
  for (const check of faults) {
    const found = check();
    if (found.length > 0) return refused(plan, found);
  }
  const recorded = stateAsPlanned(plan, live);
  const planner = plan.me && { ...plan.me, name: '' };
  const remade = recomputePlan(plan, { ...recorded, me: planner }, options);
  if (!remade || !hasSameChanges(remade, plan))
    return refused(plan, [refuseChanges(plan, recorded, options)]);
  const claim = falseClaim(plan, remade);
  if (claim !== null) return refused(plan, [tampered(claim)]);
  const judged = options.policy ? planWithPolicyFile(plan, options.policy, recorded) : plan;
  const named = { people: recorded.people.list, now: plan.madeAt };
  const firm = [
    ...refuseUnlistedGuards(plan, remade),
    ...(options.policy ? refuseOtherPolicy(plan, options.policy) : []),
    // The end of a membership must not wait for an unrelated address.
    ...(plan.onlyExpired ? [] : checkPolicyPeople(judged.policy, named).refusals),
  ];
  // The person who applies the plan, if another one, must not be locked out either.
  const isPlanner = live.me?.id === plan.me?.id;
  const own =
    isPlanner && judged === plan ? remade : recomputePlan(judged, { ...recorded, me: live.me }, options);
  if (!own) return refused(plan, [tampered('its changes cannot be put in order')]);
  const shown = judged === plan ? plan : sealPlan(withFindingsOf(judged, own));
  return { ...permissionsOf(judged, own, { ...options, firm }), judged: shown };
}

function refuseOtherInstance(plan: Plan, live: Snapshot): Refusal[] {
  if (isSameTarget(plan, live)) return [];
  const message = `the plan was made for ${targetLabel(plan)}, and this is ${targetLabel(live)}`;
  return [refusal('instance-mismatch', message, { hint: 'make a plan for this instance' })];
}

/** Refuses a plan with a missing fingerprint: changes of that object would go unnoticed. */
function refuseMissingFingerprint(plan: Plan, tampered: Tampered): Refusal[] {
  const recorded = new Set(plan.fingerprints.map((print) => print.object));
  const isComplete = plan.changes.every((change) =>
    reliedOn(change).every((of) => recorded.has(objectText(of))),
  );
  return isComplete ? [] : [tampered('a change relies on an object whose fingerprint is missing')];
}

/** Makes the plan again, from the recorded state to the end state of its changes. Null if that is impossible. */
function recomputePlan(
  plan: Plan,
  recorded: Snapshot,
  { requestsFor, allow, reason = null }: VerifyOptions,
): Plan | null {
  try {
    return planBetween(recorded, desiredEnd(plan, recorded), {
      now: plan.madeAt,
      version: '',
      requestsFor,
      policy: plan.policy,
      files: [],
      allow,
      reason,
      impactLimit: plan.impactLimit,
      onlyExpired: plan.onlyExpired ?? false,
    });
  } catch {
    // The file may contain anything: changes that cannot be planned do not follow from the state either.
    return null;
  }
}

/** The end state of a plan's changes, as input of planning. */
function desiredEnd(plan: Plan, recorded: Snapshot): Desired {
  const live = stateOf(recorded);
  const state = endStateOf(live, plan.changes);
  const moves = movesOf(plan.changes);
  const why = new Map(moves.map((move) => [move.id, move.why]));
  const until = new Map(moves.flatMap((move) => (move.until === null ? [] : [[move.id, move.until]])));
  const starts = new Map<RoleKey, { from: ExistingRole; grants: readonly string[] }>();
  for (const change of plan.changes) {
    if (change.kind !== 'role.create') continue;
    const from = live.roles.get(liveKey(change.after.startsFrom.roleId));
    if (from) starts.set(keyOf(change.roleId), { from, grants: change.after.grants });
  }
  const roles = new Map([...state.roles].sort(([, a], [, b]) => byCodeUnit(a.name, b.name)));
  const managesAllowlist = plan.changes.some((change) => change.kind === 'allowlist.set');
  return desiredOf(
    { state: { ...state, roles }, starts, why, until, managesAllowlist },
    { missingPeople: plan.missingPeople, unmanaged: plan.unmanaged.roles },
  );
}

/**
 * The order of a plan depends on the role of its acting person, which a plan that does not move them does not record. If
 * the changes follow with that person in another role, they were moved since; otherwise the file was edited.
 */
function refuseChanges(plan: Plan, recorded: Snapshot, options: VerifyOptions): Refusal {
  const { me } = plan;
  const isElsewhere = (roleId: RoleId | null): boolean => {
    const remade = recomputePlan(plan, withPlannerIn(recorded, me, roleId), options);
    return remade !== null && hasSameChanges(remade, plan);
  };
  if (me === null || !plannerRoles(plan).some(isElsewhere))
    return tamperedIn(plan, options.version)('its changes do not follow from the state that it recorded');
  const person = me.email === null ? `person ${me.id}` : visibleText(me.email);
  const message = 'the role of the person who made this plan changed, and its order depends on that role';
  return refusal('stale-plan', message, {
    figure: 1,
    items: [`${person} is in another role than when the plan was made`],
    hint: 'make the plan again',
  });
}

/** The possible roles of the planner, judged by the order: the role that is written last, or any other. */
function plannerRoles({ changes }: Plan): (number | null)[] {
  const last = changes.flatMap((change) =>
    change.kind === 'grants.set' && change.stage === 'last' && typeof change.roleId === 'number'
      ? [change.roleId]
      : [],
  );
  return [...new Set(last), null];
}

/** The state with the planner in this role; null stands for a role that no change concerns. */
function withPlannerIn(recorded: Snapshot, me: Plan['me'], roleId: RoleId | null): Snapshot {
  if (me === null || roleId === null) return { ...recorded, me: null };
  const others = recorded.people.list.filter(({ id }) => id !== me.id);
  const planner = { id: me.id, email: me.email, name: '', kind: 'active' as const, roleId };
  const list = [...others, planner].sort((a, b) => a.id - b.id);
  return { ...recorded, me: { ...me, name: '' }, people: { ...recorded.people, list } };
}

function hasSameChanges(one: Plan, other: Plan): boolean {
  return equal(one.changes.map(withoutTexts), other.changes.map(withoutTexts));
}

/** A change without risk and note, whose wording may differ between versions. */
function withoutTexts(change: Change): unknown {
  const { risk: _risk, ...rest } = change;
  return 'note' in rest ? { ...rest, note: null } : rest;
}

/** Applies this run's allowances to the refusals; `own` is the plan made again as the person who applies it. */
function permissionsOf(
  plan: Plan,
  own: Plan,
  { allow, reason = null, firm }: VerifyOptions & { firm: readonly Refusal[] },
): Omit<Verification, 'judged'> {
  const all = [...own.refusals, ...refuseOrder(plan, own), ...firm, ...plan.refusals.filter(isLasting)];
  const { refusals, allowed } = applyAllow(all, allow, reason);
  return { refusals: uniqueRefusals(refusals), allowed: [...own.allowed, ...allowed] };
}

function refuseOrder(plan: Plan, own: Plan): Refusal[] {
  if (hasSameChanges(own, plan)) return [];
  const message = 'the order of this plan protects the person who made it, not the one who applies it';
  return [refusal('self-lockout', message, { hint: 'make the plan again with the token that applies it' })];
}

/** Refuses a plan if guards are weaker than its reviewers saw. */
function refuseUnlistedGuards(plan: Plan, { weakenedGuards }: Plan): Refusal[] {
  const items = unlistedGuards(plan, weakenedGuards).map(({ key }) => key);
  if (items.length === 0) return [];
  const message = 'guards are weaker than their defaults on this instance, and the plan does not list them';
  return [refusal('stale-plan', message, { figure: items.length, items, hint: 'make the plan again' })];
}

/** Does a refusal of the saved plan remain? Those that a run may allow, or that depend on the instance, are checked again. */
function isLasting({ code, flag }: Refusal): boolean {
  if (code === 'instance-mismatch') return false;
  return flag === null || !isAllowCode(code);
}

function refused(plan: Plan, refusals: readonly Refusal[]): Verification {
  return { refusals, allowed: [], judged: plan };
}
