import type { Change } from '../plan/change.js';
import { applyCreates } from './creates.js';
import { applyDeletes } from './deletes.js';
import { confirm } from './confirm.js';
import type { PendingWrite } from './confirm.js';
import { holds, sameGrants } from './compare-grants.js';
import { inParallel } from './parallel.js';
import { readBack } from './read-back.js';
import { settle } from './run.js';
import type { ApplyRun } from './run.js';
import { writeChange, send } from './send.js';
import { skipIfBlocked } from './skip.js';

/**
 * Brings one group of a plan to its end: leaves out what is live already or waits for something that
 * failed, sends the rest at once, and confirms all of it together.
 */
export async function applyGroup(run: ApplyRun, group: readonly Change[]): Promise<void> {
  const ready: Change[] = [];
  for (const change of group) {
    if (isLive(run, change))
      await settle(run, change, { status: 'already', roleId: madeBefore(run, change) });
    else if (!(await skipIfBlocked(run, change))) ready.push(change);
  }
  const [first] = ready;
  if (!first) return;
  if (first.kind === 'role.create') return applyCreates(run, ready);
  if (first.kind === 'role.delete') return applyDeletes(run, ready);

  const flights: PendingWrite[] = [];
  await inParallel(ready, run.limits.concurrency, async (change) => {
    const answer = await send(run, { change, step: 'change', attempt: 1 }, () => writeChange(run, change));
    if (answer) flights.push({ change, answer });
  });
  const endings = await confirm(run, flights, readBack);
  // Noted in order, and waited for together: the journal writes what stands in line at once.
  await Promise.all(
    ready.map((change) => {
      const ending = endings.get(change.id);
      return ending ? settle(run, change, ending) : skipIfBlocked(run, change);
    }),
  );
}

/** The id of a role that an earlier run of this plan made: whoever reads this run's journal must know it too. */
function madeBefore(run: ApplyRun, change: Change): number | null {
  return change.kind === 'role.create' ? (run.createdRoleIds.get(change.roleId) ?? null) : null;
}

/** Is its effect live, before anything of it was sent? A new role may start with just what it is to hold. */
function isLive(run: ApplyRun, change: Change): boolean {
  if (run.already.has(change.id)) return true;
  if (change.kind !== 'grants.set' || typeof change.roleId !== 'string') return false;
  const id = run.createdRoleIds.get(change.roleId);
  const held = id === undefined ? undefined : run.grants.get(id);
  if (!held || run.sent.has(change.id)) return false;
  const asBefore = sameGrants(held, change.before) && !sameGrants(change.before, change.after);
  return !asBefore && holds(held, change.after, run.deps);
}
