import type { Change, ChangeId } from '../plan/change.js';
import { holds, sameGrants } from './compare-grants.js';
import { confirm } from './confirm.js';
import type { PendingWrite } from './confirm.js';
import { applyCreates } from './creates.js';
import { applyDeletes } from './deletes.js';
import { inParallel } from './parallel.js';
import { readBack } from './read-back.js';
import { settle } from './run.js';
import type { ApplyRun } from './run.js';
import { send, skipIfBlocked, writeChange } from './send.js';
import type { RoleId } from '../model/ids.js';

/**
 * Splits a plan's changes, in their order, into groups that are sent concurrently and confirmed together. The changes
 * of a group are consecutive, have one kind and stage, and do not depend on each other.
 */
export function groupsOf(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  let inGroup = new Set<ChangeId>();
  for (const change of changes) {
    const group = groups.at(-1);
    const first = group?.[0];
    if (group && first && sameStage(first, change) && !change.dependsOn.some((id) => inGroup.has(id))) {
      group.push(change);
      inGroup.add(change.id);
    } else {
      groups.push([change]);
      inGroup = new Set([change.id]);
    }
  }
  return groups;
}

function sameStage(one: Change, other: Change): boolean {
  if (one.kind === 'grants.set' && other.kind === 'grants.set') return one.stage === other.stage;
  return one.kind === other.kind;
}

/**
 * Applies one group: settles changes that are already live, skips changes that depend on a failure, and sends and
 * confirms the others together. Creates and deletes have their own functions.
 */
export async function applyGroup(run: ApplyRun, group: readonly Change[]): Promise<void> {
  const ready: Change[] = [];
  for (const change of group) {
    if (isLive(run, change))
      await settle(run, change, { status: 'already', roleId: createdBefore(run, change) });
    else if (!(await skipIfBlocked(run, change))) ready.push(change);
  }
  const [first] = ready;
  if (!first) return;
  if (first.kind === 'role.create') return applyCreates(run, ready);
  if (first.kind === 'role.delete') return applyDeletes(run, ready);

  const pending: PendingWrite[] = [];
  await inParallel(ready, run.limits.concurrency, async (change) => {
    const answer = await send(run, { change, step: 'change', attempt: 1 }, () => writeChange(run, change));
    if (answer) pending.push({ change, answer });
  });
  const results = await confirm(run, pending, readBack);
  // Settled concurrently, because the journal flushes all queued entries in one write.
  await Promise.all(
    ready.map((change) => {
      const result = results.get(change.id);
      return result ? settle(run, change, result) : skipIfBlocked(run, change);
    }),
  );
}

/** The id of a role that an earlier run of this plan created, for the journal of this run. */
function createdBefore(run: ApplyRun, change: Change): RoleId | null {
  return change.kind === 'role.create' ? (run.createdRoleIds.get(change.roleId) ?? null) : null;
}

/** Is the effect of a change live although it was not sent? A new role may start with exactly its final grants. */
function isLive(run: ApplyRun, change: Change): boolean {
  if (run.already.has(change.id)) return true;
  if (change.kind !== 'grants.set' || typeof change.roleId !== 'string') return false;
  const id = run.createdRoleIds.get(change.roleId);
  const held = id === undefined ? undefined : run.grants.get(id);
  if (!held || run.sent.has(change.id)) return false;
  const asBefore = sameGrants(held, change.before) && !sameGrants(change.before, change.after);
  return !asBefore && holds(held, change.after, run.deps);
}
