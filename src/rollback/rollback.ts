import { staleTexts } from '../apply/recheck/stale-plan.js';
import { desiredOf } from '../desired/desired.js';
import type { Desired } from '../desired/desired.js';
import { withOwnGrants } from '../live/own-grants.js';
import { withPeople } from '../live/with-people.js';
import type { LiveReader } from '../live/reader.js';
import { quotedName } from '../model/quoted-name.js';
import { policyOriginWarnings } from '../model/policy-overlay.js';
import { refusal } from '../model/refusal.js';
import type { Refusal } from '../model/refusal.js';
import { SYSTEM_ROLES, liveKey } from '../model/role.js';
import type { ExistingRole, RoleKey } from '../model/role.js';
import type { Snapshot } from '../model/snapshot.js';
import { roleAt, stateOf } from '../model/state.js';
import { planBetween } from '../plan/make-plan.js';
import type { BetweenOptions, PlanOptions } from '../plan/make-plan.js';
import { planWithPolicyFile } from '../plan/saved/policy-over-plan.js';
import type { PolicyInput } from '../plan/saved/policy-over-plan.js';
import { isSameTarget, targetLabel } from '../plan/plan-target.js';
import type { Plan } from '../plan/plan.js';
import { warning } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import { ownersOfRun } from './owners.js';
import { runResult } from './run-result.js';
import type { RunRecord } from './run-result.js';
import type { UndoneRun } from './context.js';
import { withCurrentIds } from './recreated-roles.js';
import { rollbackTarget } from './rollback-target.js';
import type { RollbackTarget } from './rollback-target.js';
import type { PersonId } from '../model/ids.js';

export type { RunRecord } from './run-result.js';

/** Options of `rollbackPlan`. */
interface RollbackOptions extends Omit<PlanOptions, 'offline' | 'unfinished'>, UndoneRun {
  /** Live state now, as `readForRollback` reads it. */
  live: Snapshot;
  /** A policy file that overrides the run's own policy. */
  policy?: PolicyInput | undefined;
}

/**
 * Plans how to undo a run. Restores the grants, names, descriptions, people, default role and allowlist that it
 * changed, deletes the roles that it created, and creates the roles that it deleted again. The guards of the run's own
 * policy apply, with the overrides of a policy file.
 *
 * An object that changed since the run is a `stale-plan` refusal. The plan then has no changes, because a partial
 * rollback would leave a state that no one reviewed.
 */
export function rollbackPlan({ run, earlier, live, policy, ...options }: RollbackOptions): Plan {
  const result = runResult(run, live);
  const target = rollbackTarget({ run, earlier }, result, live);
  const refusals = [
    ...refuseOtherInstance(run, live),
    ...refuseConflicts(target),
    ...refuseUnreadableAllowlist(run, live),
  ];
  const desired =
    refusals.length > 0 ? desiredOf({ state: stateOf(live) }, { refusals }) : desiredTarget(target, live);
  const warnings = [...desired.findings.warnings, ...(policy ? policyOriginWarnings(policy.origin) : [])];
  const owners = ownersOfRun(run, result, { live, state: desired.target.state });
  return planBetween(
    live,
    { ...desired, findings: { ...desired.findings, warnings, owners } },
    { ...options, ...policyOf(run, live, policy), files: [] },
  );
}

function policyOf(
  { plan }: RunRecord,
  live: Snapshot,
  policy: PolicyInput | undefined,
): Pick<BetweenOptions, 'policy' | 'policyFile'> {
  if (!policy) return { policy: plan.policy };
  const { policy: inForce, policyFile } = planWithPolicyFile(plan, policy, live);
  return { policy: inForce, ...(policyFile ? { policyFile } : {}) };
}

/**
 * Reads the live state for `rollbackPlan`: all people, the hidden accounts that the run moved or that are in a role
 * that it created, and the own lists of roles whose grants it wrote.
 */
export async function readForRollback(reader: LiveReader, run: RunRecord): Promise<Snapshot> {
  const [core, people] = await Promise.all([reader.readCore(), reader.readPeople()]);
  const found = { ...core, people };
  const { result } = withCurrentIds(run, runResult(run, found), found);
  const roles = [];
  const members: PersonId[] = [];
  for (const role of core.roles) {
    const isWritten = result.grants.has(role.id);
    const read = isWritten ? await withOwnGrants(role, reader.readRoleGrants) : role;
    if (!read) continue;
    roles.push(read);
    if (result.created.has(role.id)) members.push(...(await reader.readRoleMembers(role.id)));
  }
  const ids = [...result.placements.keys(), ...members];
  return { ...core, roles, people: await withPeople(reader, people, ids) };
}

function refuseOtherInstance({ plan }: RunRecord, live: Snapshot): Refusal[] {
  if (isSameTarget(plan, live)) return [];
  const message = `the run was on ${targetLabel(plan)}, and this is ${targetLabel(live)}`;
  return [refusal('instance-mismatch', message)];
}

function refuseConflicts({ conflicts }: RollbackTarget): Refusal[] {
  if (conflicts.length === 0) return [];
  const items = staleTexts(conflicts, 'the run');
  return [
    refusal('stale-plan', 'what the run changed was changed again since', {
      figure: items.length,
      items,
      hint: 'undo the run by hand or by a manifest, and keep the later changes that are wanted',
    }),
  ];
}

/** An allowlist that the run set cannot be restored unread, and without it the rollback would be incomplete. */
function refuseUnreadableAllowlist({ plan, replay }: RunRecord, { allowlist }: Snapshot): Refusal[] {
  const isSet = plan.changes.some(({ kind, id }) => {
    const trace = kind === 'allowlist.set' ? replay.changes.get(id) : undefined;
    return trace?.sent === true && trace.status !== 'failed';
  });
  if (!isSet || allowlist !== 'unreadable') return [];
  const message = 'the run set the roles allowlist, and the one on the instance cannot be read';
  const hint = 'use a token that may read the role settings';
  return [refusal('allowlist-unreadable', message, { key: 'allowlist', hint })];
}

function desiredTarget(target: RollbackTarget, live: Snapshot): Desired {
  const { state, recreated, why, managesAllowlist } = target;
  const social = stateOf(live).roles.get(liveKey(SYSTEM_ROLES.Social));
  const starts = new Map<RoleKey, { from: ExistingRole; grants: readonly string[] }>();
  for (const key of recreated.keys()) {
    // Social exists on every instance and has the fewest grants.
    if (social) starts.set(key, { from: social, grants: social.grants });
  }
  return desiredOf({ state, starts, why, managesAllowlist }, { warnings: warningsOf(target) });
}

function warningsOf({ recreated, missingPeople, state }: RollbackTarget): Problem[] {
  const newIds = [...recreated].map(([key, { id }]) =>
    warning(
      'new-role-id',
      `role ${quotedName(roleAt(state, key).name)} had id ${id} and is created again: its id will be new`,
      { hint: 'SCIM sets roles by id: give it the new one' },
    ),
  );
  const leftOut = missingPeople.map((id) =>
    warning('left-out-person', `person ${id} was moved by the run and is no longer on the instance`),
  );
  return [...newIds, ...leftOut];
}
