import { MANAGE_ROLES } from '../model/grant.js';
import type { Change, ChangeId } from '../plan/change.js';
import { ProblemError } from '../problem/problem.js';
import { PEOPLE_A_REQUEST } from '../routes/requests.js';
import { liveRoleId } from './role-ids.js';
import { errorText } from './run.js';
import type { ApplyRun, Result } from './run.js';
import { startWaits } from './waits.js';
import type { WriteAnswer } from './writer.js';
import type { RoleId } from '../model/ids.js';

/** A change that was sent, and the answer to it. */
export interface PendingWrite {
  change: Change;
  answer: WriteAnswer;
  /** How long to wait until it is seen; left out, the answer decides. */
  confirmMs?: number;
}

/**
 * What reading back shows of a change: it is done, or what is there instead, as `its name is "A"`. `unreadable`:
 * the value that was changed cannot be read.
 */
export type Observation =
  { done: true; roleId?: RoleId } | { done: false; instead: string; unreadable?: true };

/** Reads back once, for several changes of one kind. `last`: the final read for some of them, so a thorough one. */
export type ReadBack = (
  run: ApplyRun,
  pending: readonly PendingWrite[],
  last: boolean,
) => Promise<ReadonlyMap<ChangeId, Observation>>;

/** Why a change counts as done though nothing can be read any more, for the report. */
export const GAVE_UP_ACCESS =
  'the server accepted it and now refuses reads: the acting person gave up authorization.roles with this change';

/**
 * Finds out what became of the changes that were sent: reads again until each is seen or its time is over. The
 * answer only decides how long to wait and how a failure is worded; where the last read fails, the change is
 * `unknown` (docs/decisions/0006-read-back-every-write.md).
 */
export async function confirm(
  run: ApplyRun,
  writes: readonly PendingWrite[],
  readBack: ReadBack,
): Promise<Map<ChangeId, Result>> {
  const results = new Map<ChangeId, Result>();
  const waits = startWaits(run.options.clock, run.limits);
  let pending = writes.filter(({ change, answer }) => {
    if (answer.kind !== 'unsent') return true;
    results.set(change.id, { status: 'failed', reason: `not sent: ${answer.message}` });
    return false;
  });
  while (pending.length > 0) {
    const elapsed = waits.elapsed();
    const isLast = (write: PendingWrite): boolean => elapsed >= timeFor(run, write);
    const reading = await readOnce(run, pending, { readBack, last: pending.some(isLast) });
    pending = pending.filter((write) => {
      const result = judge(run, write, { reading, last: isLast(write) });
      if (result) results.set(write.change.id, result);
      return !result;
    });
    if (pending.length === 0) break;
    run.options.onProgress?.({ kind: 'waiting', changes: pending.map(({ change }) => change.id) });
    await waits.pause(Math.min(...pending.map((write) => timeFor(run, write))) - elapsed);
  }
  return results;
}

type Reading =
  | { observed: ReadonlyMap<ChangeId, Observation> }
  /** `final`: access is refused, so reading again cannot help. */
  | { failure: string; final: boolean; forbidden: boolean };

async function readOnce(
  run: ApplyRun,
  pending: readonly PendingWrite[],
  { readBack, last }: { readBack: ReadBack; last: boolean },
): Promise<Reading> {
  try {
    return { observed: await readBack(run, pending, last) };
  } catch (error) {
    const codes = new Set(error instanceof ProblemError ? error.problems.map(({ code }) => code) : []);
    const forbidden = codes.has('forbidden');
    return { failure: errorText(error), final: forbidden || codes.has('authentication'), forbidden };
  }
}

/** How a change ended; null where it is to be read again. */
function judge(
  run: ApplyRun,
  { change, answer }: PendingWrite,
  { reading, last }: { reading: Reading; last: boolean },
): Result | null {
  if ('failure' in reading) {
    if (reading.forbidden && isProvenByRefusal(run, change, answer))
      return { status: 'done', reason: GAVE_UP_ACCESS };
    if (!last && !reading.final) return null;
    return { status: 'unknown', reason: `sent, but reading it back failed: ${reading.failure}` };
  }
  const observation = reading.observed.get(change.id);
  if (observation?.done) return { status: 'done', roleId: observation.roleId ?? null };
  if (!last) return null;
  if (observation?.unreadable) return { status: 'unknown', reason: `sent, but ${observation.instead}` };
  return { status: 'failed', reason: failureText(answer, observation?.instead ?? 'it is not done') };
}

function failureText(answer: WriteAnswer, instead: string): string {
  switch (answer.kind) {
    case 'accepted':
      return `the server answered ${answer.status}, but ${instead}`;
    case 'refused':
      return `the server refused it (${answer.status} ${answer.message}), and ${instead}`;
    case 'lost':
      return `no response (${answer.message}), and ${instead}`;
    case 'unsent':
      return `not sent: ${answer.message}`;
  }
}

function timeFor({ limits }: ApplyRun, { answer, confirmMs }: PendingWrite): number {
  if (confirmMs !== undefined) return confirmMs;
  return answer.kind === 'refused' ? limits.refusedMs : limits.confirmMs;
}

/**
 * Does a refused read prove this change? The last change of a plan may take `authorization.roles` from the
 * acting person, who then cannot read it back. It is one request that the server accepted, done whole or
 * not at all, and only its effect explains that reads are refused.
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
    if (!isMine || change.people.length > PEOPLE_A_REQUEST || target === null) return false;
    return !(run.grants.get(target) ?? []).includes(MANAGE_ROLES);
  }
  if (change.kind !== 'grants.set') return false;
  const mine = run.planned.people.get(me.id)?.at(-1)?.after ?? me.roleId;
  return (
    change.roleId === mine && change.before.includes(MANAGE_ROLES) && !change.after.includes(MANAGE_ROLES)
  );
}
