import type { Change, RoleDelete } from '../plan/change.js';
import { ProblemError } from '../problem/problem.js';
import { lacksExistingRole } from '../routes/roles.js';
import { sameReading } from './compare-grants.js';
import { confirm } from './confirm.js';
import type { PendingWrite } from './confirm.js';
import { isGone } from './is-gone.js';
import { readBack } from './read-back.js';
import type { FieldName, StaleField } from './recheck/stale-plan.js';
import { errorText, settle } from './run.js';
import type { ApplyRun, Result } from './run.js';
import { send, skipIfBlocked, writeChange } from './send.js';
import { startBackoff } from './backoff.js';

/**
 * Deletes roles one by one, because after a failure no other role may be deleted. Each role is read again just before:
 * it must have no members and the name and grants that this plan expects.
 */
export async function applyDeletes(run: ApplyRun, changes: readonly Change[]): Promise<void> {
  const pending: PendingWrite[] = [];
  for (const change of changes) {
    if (change.kind !== 'role.delete' || (await skipIfBlocked(run, change))) continue;
    const obstacle = await findObstacle(run, change);
    if (obstacle) {
      await settle(run, change, obstacle);
      continue;
    }
    const answer = await send(run, { change, step: 'change', attempt: 1 }, () => writeChange(run, change));
    if (!answer) {
      await skipIfBlocked(run, change);
      continue;
    }
    if (answer.kind === 'accepted') pending.push({ change, answer });
    // An uncertain result is resolved before the next role is deleted.
    else await settleAll(run, [{ change, answer }]);
  }
  await settleAll(run, pending);
}

async function settleAll(run: ApplyRun, pending: readonly PendingWrite[]): Promise<void> {
  const results = await confirm(run, pending, readBack);
  for (const { change } of pending) {
    await settle(run, change, results.get(change.id) ?? { status: 'unknown', reason: 'not read back' });
  }
}

/** Why a role is not deleted. `transient`: the cause may be the delay until this run's own moves are visible. */
interface Obstacle {
  result: Result;
  transient?: boolean;
  differences?: readonly StaleField[];
  error?: ProblemError;
}

/** Returns null if the role may be deleted. Checks a transient obstacle again until `refusedMs` is over. */
async function findObstacle(run: ApplyRun, change: RoleDelete): Promise<Result | null> {
  const waits = startBackoff(run.options.clock, run.limits);
  for (;;) {
    const found = await checkOnce(run, change);
    const left = run.limits.refusedMs - waits.elapsed();
    if (!found?.transient || left <= 0) {
      run.differences.push(...(found?.differences ?? []));
      if (found?.error) run.obstacles.push(found.error);
      return found?.result ?? null;
    }
    run.options.onProgress?.({ kind: 'waiting', changes: [change.id] });
    await waits.pause(left);
  }
}

async function checkOnce(run: ApplyRun, { roleId, before }: RoleDelete): Promise<Obstacle | null> {
  const { reader } = run.options;
  const keep = (why: string, more: Omit<Obstacle, 'result'>): Obstacle => ({
    result: { status: 'failed', reason: `not deleted: ${why}` },
    ...more,
  });
  const differs = (field: FieldName, was: unknown, now: unknown): readonly StaleField[] => [
    { of: { kind: 'role', roleId }, label: `role ${JSON.stringify(before.name)}`, field, before: was, now },
  ];
  try {
    const role = (await reader.readRoles()).find((one) => one.id === roleId);
    if (!role) {
      if (await isGone(run, roleId)) return { result: { status: 'already' } };
      throw lacksExistingRole(roleId);
    }
    const name = run.names.get(roleId);
    if (role.name !== name)
      return keep(`its name is now ${JSON.stringify(role.name)}`, {
        differences: differs('name', name, role.name),
      });
    const grants = run.grants.get(roleId) ?? [];
    const held = await reader.readRoleGrants(roleId);
    if (!sameReading(held, grants, run.deps))
      return keep('its grants have changed', { differences: differs('grants', grants, held) });
    const members = await reader.readRoleMembers(roleId);
    if (members.length === 0) return null;
    const people = members.map((id) => `person ${id}`);
    return keep(`it has members (${members.length})`, {
      transient: members.every((id) => run.planned.people.has(id)),
      differences: differs('members', [], people),
    });
  } catch (error) {
    const why = `it cannot be read again: ${errorText(error)}`;
    return keep(why, { transient: true, ...(error instanceof ProblemError ? { error } : {}) });
  }
}
