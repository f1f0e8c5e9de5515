import equal from 'fast-deep-equal';
import { desiredOf } from '../../desired/desired.js';
import type { Desired } from '../../desired/desired.js';
import { refusal } from '../../model/refusal.js';
import { keyOf, liveKey } from '../../model/role.js';
import type { RoleKey } from '../../model/role.js';
import type { Snapshot } from '../../model/snapshot.js';
import { stateOf } from '../../model/state.js';
import { byCodeUnit } from '../../model/sort.js';
import type { ExistingRole } from '../../model/role.js';
import type { Allow } from '../guards/allow.js';
import { ALLOW_CODES, applyAllow } from '../guards/allow.js';
import { stateAsPlanned } from './state-as-planned.js';
import { identityProblem } from '../change-id.js';
import type { Change } from '../change.js';
import { planBetween, planDigest } from '../make-plan.js';
import type { PlanOptions } from '../make-plan.js';
import { PLAN_FORMAT } from '../plan.js';
import type { Allowed, Plan, Refusal } from '../plan.js';
import { falseClaim } from './verify-claims.js';
import { objectText } from '../object-ref.js';
import { reliedOn } from '../relied-on.js';
import { endStateOf } from './end-state.js';

/** What verifying a saved plan needs. */
export interface VerifyOptions {
  requestsFor: PlanOptions['requestsFor'];
  allow: Allow;
  /** Why this run allows it. */
  reason?: string | null;
}

/** What stays refused, and what this run lets pass. */
export interface Verification {
  refusals: readonly Refusal[];
  allowed: readonly Allowed[];
}

/** What can be seen of a plan file without the instance: its form, and whether somebody touched it. */
export function inspectPlan(plan: Plan): Refusal[] {
  if (Number(plan.formatVersion) !== PLAN_FORMAT) {
    return [
      refusal(
        'plan-format',
        `the plan file has form ${String(plan.formatVersion)}, and this version reads form ${PLAN_FORMAT}`,
        {
          hint: 'make the plan again with this version',
        },
      ),
    ];
  }
  if (planDigest(plan) !== plan.digest) return [tampered('its digest does not fit its content')];
  if (plan.fingerprints.some(({ object, of }) => objectText(of) !== object))
    return [tampered('a fingerprint has another name than its object')];
  const fault = identityProblem(plan.changes);
  if (fault !== null) return [tampered(fault)];
  return [];
}

/**
 * Verifies a plan against live state as if it were made now: do its changes follow from what it says it saw,
 * and does every guard of its policy hold on the end state? The permissions of the run that made it do not
 * count, only `allow`. Whether the objects it relied on have changed since is checked when it is applied.
 */
export function verifyPlan(
  plan: Plan,
  live: Snapshot,
  { requestsFor, allow, reason = null }: VerifyOptions,
): Verification {
  const inspected = inspectPlan(plan);
  if (inspected.length > 0) return refused(inspected);
  if (plan.instance !== live.instance || plan.sandbox !== live.sandbox) {
    return refused([
      refusal('instance-mismatch', `the plan was made for ${target(plan)}, and this is ${target(live)}`, {
        hint: 'make a plan for this instance',
      }),
    ]);
  }
  const relied = new Set(plan.fingerprints.map((print) => print.object));
  if (plan.changes.some((change) => reliedOn(change).some((of) => !relied.has(objectText(of))))) {
    return refused([tampered('a change relies on an object whose fingerprint is missing')]);
  }
  const seen = stateAsPlanned(plan, live);
  const again = (me: Snapshot['me']): Plan | null => {
    try {
      const snapshot = { ...seen, me };
      return planBetween(snapshot, endOf(plan, snapshot), {
        now: plan.madeAt,
        version: '',
        requestsFor,
        policy: plan.policy,
        files: [],
        allow,
        reason,
        impactLimit: plan.impactLimit,
      });
    } catch {
      return null;
    }
  };
  const made = again(plan.me && { id: plan.me.id, email: plan.me.email, name: '' });
  if (!made || !equal(made.changes.map(essence), plan.changes.map(essence))) {
    return refused([tampered('its changes do not follow from the state that it says it saw')]);
  }
  const lie = falseClaim(plan, made);
  if (lie !== null) return refused([tampered(lie)]);
  // Another person may apply than the one who planned: their own power must last as well.
  const mine = live.me?.id === plan.me?.id ? made : again(live.me);
  if (!mine) return refused([tampered('its changes cannot be put in order')]);
  const order: Refusal[] = equal(mine.changes.map(essence), plan.changes.map(essence))
    ? []
    : [
        refusal(
          'self-lockout',
          'the order of this plan protects the person who made it, not the one who applies it',
          {
            hint: 'make the plan again with the token that applies it',
          },
        ),
      ];
  const kept = plan.refusals.filter(
    ({ code, flag }) =>
      code !== 'instance-mismatch' && (flag === null || !(ALLOW_CODES as readonly string[]).includes(code)),
  );
  const { refusals, allowed } = applyAllow([...mine.refusals, ...order, ...kept], allow, reason);
  return { refusals: unique(refusals), allowed: [...mine.allowed, ...allowed] };
}

function refused(refusals: readonly Refusal[]): Verification {
  return { refusals, allowed: [] };
}

/** The end state of a plan's own changes, in the form that planning takes. */
function endOf(plan: Plan, seen: Snapshot): Desired {
  const live = stateOf(seen);
  const state = endStateOf(live, plan.changes);
  const why = new Map(
    plan.changes.flatMap((change) =>
      change.kind === 'members.move' ? change.people.map((move) => [move.id, move.why] as const) : [],
    ),
  );
  const starts = new Map<RoleKey, { from: ExistingRole; grants: readonly string[] }>();
  for (const change of plan.changes) {
    if (change.kind !== 'role.create') continue;
    const from = live.roles.get(liveKey(change.after.startsFrom.roleId));
    if (from) starts.set(keyOf(change.roleId), { from, grants: change.after.grants });
  }
  const roles = new Map([...state.roles].sort(([, a], [, b]) => byCodeUnit(a.name, b.name)));
  const managesAllowlist = plan.changes.some((change) => change.kind === 'allowlist.set');
  return desiredOf(
    { state: { ...state, roles }, starts, why, managesAllowlist },
    { missingPeople: plan.missingPeople, unmanaged: plan.unmanaged.roles },
  );
}

/** What must be equal for a change to be the same: all but the words about it. */
function essence(change: Change): unknown {
  const { risk: _risk, ...rest } = change;
  return 'note' in rest ? { ...rest, note: null } : rest;
}

function target({ instance, sandbox }: { instance: string; sandbox: boolean }): string {
  return sandbox ? 'the sandbox' : `"${instance}"`;
}

function tampered(why: string): Refusal {
  return refusal('plan-tampered', `the plan file was changed after it was made: ${why}`, {
    hint: 'make the plan again',
  });
}

function unique(refusals: readonly Refusal[]): Refusal[] {
  const seen = new Map(refusals.map((one) => [`${one.code}\n${one.message}`, one]));
  return [...seen.values()].sort((a, b) => byCodeUnit(a.code, b.code) || byCodeUnit(a.message, b.message));
}
