import type { Change, RoleDelete } from '../plan/change.js';
import { confirm } from './confirm.js';
import type { Flight } from './confirm.js';
import { sameReading } from './held.js';
import { lookAt } from './look.js';
import { settle, tellError } from './run.js';
import type { Ending, Run } from './run.js';
import { perform, send } from './send.js';
import { skip } from './skip.js';

/**
 * Deletes roles, one after the other, since after any failure no other one may go. Each is re-read just
 * before: it must be as this plan leaves it, with nobody in it.
 */
export async function applyDeletes(run: Run, changes: readonly Change[]): Promise<void> {
  const flights: Flight[] = [];
  for (const change of changes) {
    if (change.kind !== 'role.delete' || (await skip(run, change))) continue;
    const early = await examine(run, change);
    if (early) {
      await settle(run, change, early);
      continue;
    }
    const answer = await send(run, { change, step: 'change', attempt: 1 }, () => perform(run, change));
    if (!answer) {
      await skip(run, change);
      continue;
    }
    if (answer.said === 'yes') flights.push({ change, answer });
    // Doubt is settled before the next one goes.
    else await settleAll(run, [{ change, answer }]);
  }
  await settleAll(run, flights);
}

async function settleAll(run: Run, flights: readonly Flight[]): Promise<void> {
  const endings = await confirm(run, flights, lookAt);
  for (const { change } of flights) {
    await settle(run, change, endings.get(change.id) ?? { status: 'unknown', reason: 'not looked at' });
  }
}

/** Null: it may be deleted. Members are looked for again for a while, since their moves may be seen late. */
async function examine(run: Run, change: RoleDelete): Promise<Ending | null> {
  const { clock } = run.options;
  const startedAt = clock.now();
  let waited = 0;
  let wait = run.limits.firstWaitMs;
  for (;;) {
    const { ending, mayPass } = await examineOnce(run, change);
    const left = run.limits.refusedMs - Math.max(waited, clock.now() - startedAt);
    if (!ending || !mayPass || left <= 0) return ending;
    run.options.onProgress?.({ kind: 'waiting', changes: [change.id] });
    const pause = Math.max(1, Math.min(wait, left));
    await clock.sleep(pause);
    waited += pause;
    wait = Math.min(wait * 2, run.limits.maxWaitMs);
  }
}

async function examineOnce(
  run: Run,
  { roleId }: RoleDelete,
): Promise<{ ending: Ending | null; mayPass: boolean }> {
  const { reader } = run.options;
  const leave = (why: string, mayPass = false): { ending: Ending; mayPass: boolean } => ({
    ending: { status: 'failed', reason: `left in place: ${why}` },
    mayPass,
  });
  try {
    const role = (await reader.readRoles()).find((one) => one.id === roleId);
    if (!role) return { ending: { status: 'already' }, mayPass: false };
    if (role.name !== run.names.get(roleId)) return leave(`it is now called ${JSON.stringify(role.name)}`);
    const held = await reader.readRoleGrants(roleId);
    if (!sameReading(held, run.grants.get(roleId) ?? [], run.deps)) return leave('its grants have changed');
    const members = await reader.readRoleMembers(roleId);
    if (members.length > 0) return leave(`it has members (${members.length})`, true);
    return { ending: null, mayPass: false };
  } catch (error) {
    return leave(`it cannot be re-read: ${tellError(error)}`, true);
  }
}
