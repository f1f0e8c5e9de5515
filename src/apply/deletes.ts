import type { Change, RoleDelete } from '../plan/change.js';
import { confirm } from './confirm.js';
import type { PendingWrite } from './confirm.js';
import { ProblemError } from '../problem/problem.js';
import type { StaleField } from './recheck/stale-plan.js';
import { sameReading } from './compare-grants.js';
import { readBack } from './read-back.js';
import { settle, errorText } from './run.js';
import type { Result, ApplyRun } from './run.js';
import { writeChange, send } from './send.js';
import { skipIfBlocked } from './skip.js';

/**
 * Deletes roles, one after the other, since after any failure no other one may go. Each is re-read just
 * before: it must be as this plan leaves it, with nobody in it.
 */
export async function applyDeletes(run: ApplyRun, changes: readonly Change[]): Promise<void> {
  const flights: PendingWrite[] = [];
  for (const change of changes) {
    if (change.kind !== 'role.delete' || (await skipIfBlocked(run, change))) continue;
    const early = await findObstacle(run, change);
    if (early) {
      await settle(run, change, early);
      continue;
    }
    const answer = await send(run, { change, step: 'change', attempt: 1 }, () => writeChange(run, change));
    if (!answer) {
      await skipIfBlocked(run, change);
      continue;
    }
    if (answer.kind === 'yes') flights.push({ change, answer });
    // Doubt is settled before the next one goes.
    else await settleAll(run, [{ change, answer }]);
  }
  await settleAll(run, flights);
}

async function settleAll(run: ApplyRun, flights: readonly PendingWrite[]): Promise<void> {
  const endings = await confirm(run, flights, readBack);
  for (const { change } of flights) {
    await settle(run, change, endings.get(change.id) ?? { status: 'unknown', reason: 'not looked at' });
  }
}

/** What stands in the way of a delete; `late`: it may only be seen late that this run has moved the people. */
interface Obstacle {
  ending: Result;
  late?: boolean;
  differences?: readonly StaleField[];
  error?: ProblemError;
}

/** Null: it may be deleted. People whom this run has moved are looked for again for a while. */
async function findObstacle(run: ApplyRun, change: RoleDelete): Promise<Result | null> {
  const { clock } = run.options;
  const startedAt = clock.now();
  let waited = 0;
  let wait = run.limits.firstWaitMs;
  for (;;) {
    const found = await checkOnce(run, change);
    const left = run.limits.refusedMs - Math.max(waited, clock.now() - startedAt);
    if (!found?.late || left <= 0) {
      run.differences.push(...(found?.differences ?? []));
      if (found?.error) run.obstacles.push(found.error);
      return found?.ending ?? null;
    }
    run.options.onProgress?.({ kind: 'waiting', changes: [change.id] });
    const pause = Math.max(1, Math.min(wait, left));
    await clock.sleep(pause);
    waited += pause;
    wait = Math.min(wait * 2, run.limits.maxWaitMs);
  }
}

async function checkOnce(run: ApplyRun, { roleId, before }: RoleDelete): Promise<Obstacle | null> {
  const { reader } = run.options;
  const leave = (why: string, more: Omit<Obstacle, 'ending'>): Obstacle => ({
    ending: { status: 'failed', reason: `left in place: ${why}` },
    ...more,
  });
  const differs = (field: string, was: unknown, now: unknown): readonly StaleField[] => [
    { of: { kind: 'role', roleId }, label: `role ${JSON.stringify(before.name)}`, field, before: was, now },
  ];
  try {
    const role = (await reader.readRoles()).find((one) => one.id === roleId);
    if (!role) return { ending: { status: 'already' } };
    const name = run.names.get(roleId);
    if (role.name !== name)
      return leave(`it is now called ${JSON.stringify(role.name)}`, {
        differences: differs('name', name, role.name),
      });
    const grants = run.grants.get(roleId) ?? [];
    const held = await reader.readRoleGrants(roleId);
    if (!sameReading(held, grants, run.deps))
      return leave('its grants have changed', { differences: differs('grants', grants, held) });
    const members = await reader.readRoleMembers(roleId);
    if (members.length === 0) return null;
    const people = members.map((id) => `person ${id}`);
    return leave(`it has members (${members.length})`, {
      late: members.every((id) => run.planned.people.has(id)),
      differences: differs('members', [], people),
    });
  } catch (error) {
    const why = `it cannot be re-read: ${errorText(error)}`;
    return leave(why, { late: true, ...(error instanceof ProblemError ? { error } : {}) });
  }
}
