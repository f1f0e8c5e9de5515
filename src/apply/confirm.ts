import { MANAGE_ROLES } from '../model/grant.js';
import type { Change, ChangeId } from '../plan/change.js';
import { hasCode } from '../problem/problem.js';
import { MAX_PEOPLE_PER_REQUEST } from '../routes/requests.js';
import { liveRoleId } from './role-ids.js';
import { errorText } from './run.js';
import type { ApplyRun, Result } from './run.js';
import { startBackoff } from './backoff.js';
import type { WriteAnswer } from './writer.js';
import type { RoleId } from '../model/ids.js';

/** A change that was sent, and the answer to it. */
export interface PendingWrite {
  change: Change;
  answer: WriteAnswer;
  /** Milliseconds to wait until the change is visible. Default: depends on the answer. */
  confirmMs?: number;
}

/**
 * The state of a change as read back: done, the value found instead (for example `its name is "A"`), or the failure of
 * the read. `unreadable`: the changed value cannot be read.
 */
export type Observation =
  { done: true; roleId?: RoleId } | { done: false; instead: string; unreadable?: true } | FailedRead;

interface FailedRead {
  done: false;
  failure: string;
  /** Access is refused, so another read would fail too. */
  final: boolean;
  forbidden: boolean;
}

/** Reads back several changes of one kind, once. `last`: this is the final read for some of them, so it is thorough. */
type ReadBack = (
  run: ApplyRun,
  pending: readonly PendingWrite[],
  last: boolean,
) => Promise<ReadonlyMap<ChangeId, Observation>>;

/** The reason in reports of a change that is done although reads are now refused. */
export const OWN_ACCESS_REMOVED =
  'the server accepted it and now refuses reads: the acting person gave up authorization.roles with this change';

/**
 * Reads back the changes that were sent until each is visible or its time is over. The answer of the server only
 * decides how long to wait and the message of a failure. If the last read fails, the change is `unknown`
 * (docs/decisions/0006-read-back-every-write.md).
 */
export async function confirm(
  run: ApplyRun,
  writes: readonly PendingWrite[],
  readBack: ReadBack,
): Promise<Map<ChangeId, Result>> {
  const results = new Map<ChangeId, Result>();
  const waits = startBackoff(run.options.clock, run.limits);
  let pending = writes.filter(({ change, answer }) => {
    if (answer.kind !== 'unsent') return true;
    results.set(change.id, { status: 'failed', reason: `not sent: ${answer.message}` });
    return false;
  });
  while (pending.length > 0) {
    const elapsed = waits.elapsed();
    const isLast = (write: PendingWrite): boolean => elapsed >= confirmTimeout(run, write);
    const observed = await readOnce(run, pending, { readBack, last: pending.some(isLast) });
    pending = pending.filter((write) => {
      const observation = observed.get(write.change.id) ?? { done: false, instead: 'it is not done' };
      const result = judge(run, write, { observation, last: isLast(write) });
      if (result) results.set(write.change.id, result);
      return !result;
    });
    if (pending.length === 0) break;
    run.options.onProgress?.({ kind: 'waiting', changes: pending.map(({ change }) => change.id) });
    await waits.pause(Math.min(...pending.map((write) => confirmTimeout(run, write))) - elapsed);
  }
  return results;
}

async function readOnce(
  run: ApplyRun,
  pending: readonly PendingWrite[],
  { readBack, last }: { readBack: ReadBack; last: boolean },
): Promise<ReadonlyMap<ChangeId, Observation>> {
  try {
    return await readBack(run, pending, last);
  } catch (error) {
    const failed = failedRead(error);
    return new Map(pending.map(({ change }) => [change.id, failed]));
  }
}

/** A read that failed, as an observation. */
export function failedRead(error: unknown): Observation {
  const forbidden = hasCode(error, 'forbidden');
  const final = forbidden || hasCode(error, 'authentication');
  return { done: false, failure: errorText(error), final, forbidden };
}

/** The result of a change; null if it must be read again. */
function judge(
  run: ApplyRun,
  { change, answer }: PendingWrite,
  { observation, last }: { observation: Observation; last: boolean },
): Result | null {
  if (observation.done) return { status: 'done', roleId: observation.roleId ?? null };
  if ('failure' in observation) {
    const { failure, final, forbidden } = observation;
    if (forbidden && isProvenByRefusal(run, change, answer))
      return { status: 'done', reason: OWN_ACCESS_REMOVED };
    if (!last && !final) return null;
    return { status: 'unknown', reason: `sent, but reading it back failed: ${failure}` };
  }
  if (!last) return null;
  if (observation.unreadable) return { status: 'unknown', reason: `sent, but ${observation.instead}` };
  return { status: 'failed', reason: failureText(answer, observation.instead) };
}

function failureText(answer: WriteAnswer, instead: string): string {
  switch (answer.kind) {
    case 'accepted':
      return `the server answered ${answer.status}, but ${instead}`;
    case 'refused':
      // The message contains the request and the status.
      return `${answer.message}; ${instead}`;
    case 'lost':
      return `no response (${answer.message}), and ${instead}`;
    case 'unsent':
      return `not sent: ${answer.message}`;
  }
}

function confirmTimeout({ limits }: ApplyRun, { answer, confirmMs }: PendingWrite): number {
  if (confirmMs !== undefined) return confirmMs;
  return answer.kind === 'refused' ? limits.refusedMs : limits.confirmMs;
}

/**
 * Does a refused read prove this change? The last change of a plan may take `authorization.roles` from the acting
 * person, who then cannot read it back. It is one atomic request that the server accepted, and only its effect explains
 * the refusal.
 */
function isProvenByRefusal(run: ApplyRun, change: Change, answer: WriteAnswer): boolean {
  return (
    answer.kind === 'accepted' && run.options.plan.changes.at(-1) === change && givesUpAccess(run, change)
  );
}

function givesUpAccess(run: ApplyRun, change: Change): boolean {
  const { me } = run;
  if (me === null) return false;
  if (change.kind === 'members.move') {
    const target = liveRoleId(change.roleId, run.createdRoleIds);
    const isMine = change.people.some((person) => person.id === me.id);
    if (!isMine || change.people.length > MAX_PEOPLE_PER_REQUEST || target === null) return false;
    return !(run.grants.get(target) ?? []).includes(MANAGE_ROLES);
  }
  if (change.kind !== 'grants.set') return false;
  const mine = run.planned.people.get(me.id)?.at(-1)?.after ?? me.roleId;
  return (
    change.roleId === mine && change.before.includes(MANAGE_ROLES) && !change.after.includes(MANAGE_ROLES)
  );
}
