import { staleTexts } from '../apply/recheck/stale-plan.js';
import { desiredOf } from '../desired/desired.js';
import type { Desired } from '../desired/desired.js';
import { withPeople } from '../live/with-people.js';
import type { LiveReader } from '../live/reader.js';
import { refusal } from '../model/refusal.js';
import type { Refusal } from '../model/refusal.js';
import { SYSTEM_ROLES, liveKey } from '../model/role.js';
import type { ExistingRole, RoleKey } from '../model/role.js';
import type { Snapshot } from '../model/snapshot.js';
import { roleAt, stateOf } from '../model/state.js';
import { planBetween } from '../plan/make-plan.js';
import type { PlanOptions } from '../plan/make-plan.js';
import type { Plan } from '../plan/plan.js';
import { warning } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import { runResult } from './run-result.js';
import type { RunRecord } from './run-result.js';
import { rollbackTarget } from './rollback-target.js';
import type { RollbackTarget } from './rollback-target.js';

export type { RunRecord } from './run-result.js';

/** What rolling back needs, beside what every plan needs. */
export interface RollbackOptions extends Omit<PlanOptions, 'offline' | 'unfinished'> {
  run: RunRecord;
  /** Live state now, as `readForRollback` reads it. */
  live: Snapshot;
}

/**
 * The plan that takes back what a run changed, and only that: grants, texts, names, people, default role and
 * allowlist go back to what they were, roles that it made are deleted, roles that it deleted are made
 * again. The guards of the run's own policy hold.
 *
 * What somebody changed since is a `stale-plan` refusal that names object and field; the plan then has
 * no changes, for half a way back is no state that anybody wanted.
 */
export function rollbackPlan({ run, live, ...options }: RollbackOptions): Plan {
  const back = rollbackTarget(run, runResult(run, live), live);
  const refusals = [...wrongTarget(run, live), ...stale(back)];
  const desired = refusals.length > 0 ? asItIs(live, refusals) : wanted(back, live);
  return planBetween(live, desired, { ...options, policy: run.plan.policy, files: [] });
}

/**
 * Reads what `rollbackPlan` needs: everybody, hidden accounts that the run moved or that are in a role
 * that it made, and the own lists of the roles whose grants it wrote.
 */
export async function readForRollback(reader: LiveReader, run: RunRecord): Promise<Snapshot> {
  const [core, people] = await Promise.all([reader.readCore(), reader.readPeople()]);
  const left = runResult(run, { ...core, people });
  const roles = [];
  const inside: number[] = [];
  for (const role of core.roles) {
    const isWritten = left.grants.has(role.id);
    roles.push(isWritten ? { ...role, grants: await reader.readRoleGrants(role.id) } : role);
    if (left.created.has(role.id)) inside.push(...(await reader.readRoleMembers(role.id)));
  }
  return { ...core, roles, people: await withPeople(reader, people, [...left.placements.keys(), ...inside]) };
}

function wrongTarget({ plan }: RunRecord, live: Snapshot): Refusal[] {
  if (plan.instance === live.instance && plan.sandbox === live.sandbox) return [];
  const told = ({ instance, sandbox }: { instance: string; sandbox: boolean }): string =>
    sandbox ? 'the sandbox' : `"${instance}"`;
  return [refusal('instance-mismatch', `the run was on ${told(plan)}, and this is ${told(live)}`)];
}

function stale({ conflicts: moved }: RollbackTarget): Refusal[] {
  if (moved.length === 0) return [];
  const items = staleTexts(moved, 'the run');
  return [
    refusal('stale-plan', 'what the run changed was changed again since', {
      figure: items.length,
      items,
      hint: 'take these back by hand or by a manifest, and leave what is wanted',
    }),
  ];
}

function wanted(back: RollbackTarget, live: Snapshot): Desired {
  const social = stateOf(live).roles.get(liveKey(SYSTEM_ROLES.Social));
  const starts = new Map<RoleKey, { from: ExistingRole; grants: readonly string[] }>();
  for (const key of back.recreated.keys()) {
    // Every instance has it, and it holds the least.
    if (social) starts.set(key, { from: social, grants: social.grants });
  }
  const { state, why, managesAllowlist } = back;
  return desiredOf({ state, starts, why, managesAllowlist }, { warnings: warnings(back) });
}

function warnings({ recreated: remade, missingPeople: gone, state }: RollbackTarget): Problem[] {
  return [
    ...[...remade].map(([key, role]) =>
      warning(
        'new-role-id',
        `role "${roleAt(state, key).name}" had id ${role.id} and is made again: its id will be new`,
        { hint: 'SCIM sets roles by id: give it the new one' },
      ),
    ),
    ...gone.map((id) =>
      warning('left-out-person', `person ${id} was moved by the run and is no longer on the instance`),
    ),
  ];
}

function asItIs(live: Snapshot, refusals: Refusal[]): Desired {
  return desiredOf({ state: stateOf(live) }, { refusals });
}
