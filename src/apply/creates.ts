import type { Change, ChangeId, RoleCreate } from '../plan/change.js';
import { confirm } from './confirm.js';
import type { Observation, PendingWrite } from './confirm.js';
import { inParallel } from './parallel.js';
import { observeGrants, readBack } from './read-back.js';
import { settle, stopReason } from './run.js';
import type { ApplyRun, Result } from './run.js';
import { send, skipIfBlocked, writeChange } from './send.js';
import type { WriteAnswer } from './writer.js';
import type { RoleId } from '../model/ids.js';

/**
 * Creates roles. A create whose response was lost, or that a busy server refused, is sent again after a search for its
 * name, until `createMs` is over. Then reads the grants of each new role, and sets them to the planned start if they
 * differ and no later change of the plan writes them.
 */
export async function applyCreates(run: ApplyRun, changes: readonly Change[]): Promise<void> {
  const creates = changes.filter((change) => change.kind === 'role.create');
  const results = new Map<ChangeId, Result>();
  for (const create of creates) {
    // An earlier run created this role and stopped before it set the start grants.
    const roleId = run.createdRoleIds.get(create.roleId);
    if (roleId !== undefined) results.set(create.id, { status: 'done', roleId });
  }
  const open = creates.filter((create) => !results.has(create.id));
  for (const [id, result] of await sendUntilCreated(run, open)) results.set(id, result);
  for (const create of creates) {
    const roleId = results.get(create.id)?.roleId;
    if (roleId) run.createdRoleIds.set(create.roleId, roleId);
  }
  await inParallel(creates, run.limits.concurrency, async (create) => {
    const result = results.get(create.id);
    if (result?.status === 'done' && result.roleId) {
      results.set(create.id, await checkStart(run, create, result.roleId));
    }
  });
  for (const create of creates) {
    const result = results.get(create.id);
    if (result) await settle(run, create, result);
    else await skipIfBlocked(run, create);
  }
}

/** Limits the attempts if the clock does not advance. `createMs` allows fewer in practice. */
const MAX_ATTEMPTS = 100;

interface PendingCreate extends PendingWrite {
  change: RoleCreate;
}

/** Sends creates until each is created or finally refused, or `createMs` is over. */
async function sendUntilCreated(
  run: ApplyRun,
  creates: readonly RoleCreate[],
): Promise<Map<ChangeId, Result>> {
  const { clock, stopWaiting = run.options.signal } = run.options;
  const results = new Map<ChangeId, Result>();
  const deadline = clock.now() + run.limits.createMs;
  let open = [...creates];
  for (let attempt = 1; open.length > 0 && attempt <= MAX_ATTEMPTS; attempt += 1) {
    const pending = await sendAll(run, open, attempt);
    for (const [id, result] of await confirm(run, pending, readBack)) results.set(id, result);
    const undone = pending.filter((write) => maySendAgain(write, results.get(write.change.id)));
    const wait = Math.max(0, ...undone.map(({ answer }) => waitAfter(answer, attempt)));
    const isWaiting = stopReason(run) === null && !stopWaiting?.aborted && clock.now() + wait < deadline;
    if (undone.length > 0 && isWaiting) await clock.sleep(wait, stopWaiting);
    if (undone.length > 0 && (!isWaiting || stopReason(run) !== null)) {
      // Not sent again, so wait the full time that a write may take to become visible.
      const last = undone.map(({ change, answer }) => ({ change, answer }));
      for (const [id, result] of await confirm(run, last, readBack)) results.set(id, result);
      return results;
    }
    open = undone.map(({ change }) => change);
  }
  return results;
}

/** Sends each create once. A create that can be sent again has a shorter time limit for its confirmation. */
async function sendAll(
  run: ApplyRun,
  creates: readonly RoleCreate[],
  attempt: number,
): Promise<PendingCreate[]> {
  const { concurrency, createConfirmMs } = run.limits;
  const pending: PendingCreate[] = [];
  await inParallel(creates, concurrency, async (change) => {
    const answer = await send(run, { change, step: 'change', attempt }, () => writeChange(run, change));
    if (answer === null) return;
    pending.push({ change, answer, ...(isInDoubt(answer) ? { confirmMs: createConfirmMs } : {}) });
  });
  return pending;
}

/** Milliseconds before the next attempt: the server's `Retry-After`, else exponential backoff. */
function waitAfter(answer: WriteAnswer, attempt: number): number {
  if (answer.kind === 'refused' && answer.retryAfterMs !== undefined) return answer.retryAfterMs;
  return Math.min(4_000, 125 * 2 ** Math.min(attempt, 10));
}

/** Is the result open? The role may exist, or the next attempt may succeed. */
function isInDoubt(answer: WriteAnswer): boolean {
  if (answer.kind === 'refused') return answer.status === 429 || answer.status >= 500;
  return answer.kind !== 'accepted';
}

/** May this create be sent again? Only if reading back found no such role. */
function maySendAgain({ answer }: PendingWrite, result: Result | undefined): boolean {
  return result?.status === 'failed' && isInDoubt(answer);
}

/**
 * Reads the grants that a new role starts with. Sets them if they are not as planned and no later change writes them.
 */
async function checkStart(run: ApplyRun, create: RoleCreate, roleId: RoleId): Promise<Result> {
  const done: Result = { status: 'done', roleId };
  const wanted = create.after.grants;
  const readStart = async (): Promise<ReadonlyMap<ChangeId, Observation>> => {
    const held = await run.options.reader.readRoleGrants(roleId);
    run.grants.set(roleId, held);
    return new Map([[create.id, observeGrants(run, held, wanted)]]);
  };
  // If the list cannot be read, it is written: the result is correct in either case.
  const start = await readStart().catch(() => null);
  if (run.planned.grants.has(create.roleId) || start?.get(create.id)?.done) return done;

  const answer = await send(run, { change: create, step: 'start-grants', attempt: 1 }, () =>
    run.options.writer.setGrants(roleId, wanted),
  );
  const result = answer
    ? (await confirm(run, [{ change: create, answer }], readStart)).get(create.id)
    : { status: 'failed' as const, reason: stopReason(run) };
  if (result?.status === 'done') return done;
  const reason = `created, but not with the grants it should start with: ${result?.reason ?? 'not read back'}`;
  return { status: result?.status ?? 'unknown', roleId, reason };
}
