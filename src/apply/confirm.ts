import type { Change } from '../plan/change.js';
import { ProblemError } from '../problem/problem.js';
import { GAVE_UP_ACCESS, provenByRefusal } from './lockout.js';
import { errorText } from './run.js';
import type { Result, ApplyRun } from './run.js';
import type { WriteAnswer } from './writer.js';

/** A change that was sent, and what the instance said to it. */
export interface PendingWrite {
  change: Change;
  answer: WriteAnswer;
  /** How long to look for it; left out, by what the instance answered. */
  confirmMs?: number;
}

/**
 * What reading back shows of a change: it is done, or what is seen instead, as `it still …`. `blind`: what
 * it is about cannot be read.
 */
export type Observation = { done: true; roleId?: number } | { done: false; instead: string; blind?: true };

/** Reads back once, for several changes of one kind. `last`: nobody will look again, so look closely. */
export type ReadBack = (
  run: ApplyRun,
  flights: readonly PendingWrite[],
  last: boolean,
) => Promise<ReadonlyMap<string, Observation>>;

/**
 * Finds out what became of the changes that were sent, by looking again and again until each is seen or its
 * time is over. What the instance said only decides how long to look and how to tell of a failure; where
 * the last look fails, the change is `unknown`.
 */
export async function confirm(
  run: ApplyRun,
  flights: readonly PendingWrite[],
  look: ReadBack,
): Promise<Map<string, Result>> {
  const { clock } = run.options;
  const endings = new Map<string, Result>();
  const startedAt = clock.now();
  let waited = 0;
  let wait = run.limits.firstWaitMs;
  let pending = flights.filter(({ change, answer }) => {
    if (answer.kind !== 'unsent') return true;
    endings.set(change.id, { status: 'failed', reason: `not sent: ${answer.message}` });
    return false;
  });
  while (pending.length > 0) {
    // Counted twice, so that neither slow reads nor a clock that stands still prolong the looking.
    const elapsed = Math.max(waited, clock.now() - startedAt);
    const isLast = (flight: PendingWrite): boolean => elapsed >= timeFor(run, flight);
    const seen = await readOnce(run, pending, { look, last: pending.some(isLast) });
    pending = pending.filter((flight) => {
      const ending = judge(run, flight, { glance: seen, last: isLast(flight) });
      if (ending) endings.set(flight.change.id, ending);
      return !ending;
    });
    if (pending.length === 0) break;
    run.options.onProgress?.({ kind: 'waiting', changes: pending.map(({ change }) => change.id) });
    const left = Math.min(...pending.map((flight) => timeFor(run, flight))) - elapsed;
    const pause = Math.max(1, Math.min(wait, left));
    await clock.sleep(pause);
    waited += pause;
    wait = Math.min(wait * 2, run.limits.maxWaitMs);
  }
  return endings;
}

type Reading =
  | { sights: ReadonlyMap<string, Observation> }
  /** `hopeless`: who may no longer read will not be let in by waiting. */
  | { failure: string; hopeless: boolean; forbidden: boolean };

async function readOnce(
  run: ApplyRun,
  flights: readonly PendingWrite[],
  { look, last }: { look: ReadBack; last: boolean },
): Promise<Reading> {
  try {
    return { sights: await look(run, flights, last) };
  } catch (error) {
    const codes = new Set(error instanceof ProblemError ? error.problems.map(({ code }) => code) : []);
    const forbidden = codes.has('forbidden');
    return { failure: errorText(error), hopeless: forbidden || codes.has('authentication'), forbidden };
  }
}

function judge(
  run: ApplyRun,
  flight: PendingWrite,
  { glance, last }: { glance: Reading; last: boolean },
): Result | null {
  const { change, answer } = flight;
  if ('failure' in glance) {
    if (glance.forbidden && provenByRefusal(run, change, answer))
      return { status: 'done', reason: GAVE_UP_ACCESS };
    if (!last && !glance.hopeless) return null;
    return { status: 'unknown', reason: `sent, but looking failed: ${glance.failure}` };
  }
  const sight = glance.sights.get(change.id);
  if (sight?.done) return { status: 'done', roleId: sight.roleId ?? null };
  if (!last) return null;
  if (sight?.blind) return { status: 'unknown', reason: `sent, but ${sight.instead}` };
  return { status: 'failed', reason: failureText(answer, sight?.instead ?? 'it is not done') };
}

function failureText(answer: WriteAnswer, instead: string): string {
  switch (answer.kind) {
    case 'yes':
      return `the instance said yes (${answer.status}), but ${instead}`;
    case 'no':
      return `the instance refused (${answer.status} ${answer.message}), and ${instead}`;
    case 'nothing':
      return `no answer came (${answer.message}), and ${instead}`;
    case 'unsent':
      return `not sent: ${answer.message}`;
  }
}

function timeFor({ limits }: ApplyRun, { answer, confirmMs: lookMs }: PendingWrite): number {
  if (lookMs !== undefined) return lookMs;
  return answer.kind === 'no' ? limits.refusedMs : limits.confirmMs;
}
