import { problem, ProblemError } from '../../problem/problem.js';

/** Time as a probe needs it. */
export interface ProbeClock {
  /** Epoch milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Aborted: the probe stops and cleans up. */
  signal: AbortSignal;
}

/** Steps of a delay in a report: no finer, since the network adds its own. */
export const DELAY_STEPS = ['at once', '1 s', '5 s', '30 s', 'longer'] as const;

/** Milliseconds after which a write that was accepted counts as not done. */
const PATIENCE = 120_000;

/** Milliseconds after which a write that was refused counts as refused, on an instance that shows writes at once. */
const PATIENCE_REFUSED = 3_000;

/** Waits for writes to be seen, and remembers how long the slowest took. */
export interface Delays {
  /** The slowest write so far, as an index into `DELAY_STEPS`; null before the first. */
  slowest(): number | null;
  /** Reads until the check gives a value; null where it never did. Raises `interrupted`. */
  seen<T>(check: () => Promise<T | null>, accepted: boolean): Promise<T | null>;
  /** From now on nothing is interrupted: what was begun is cleaned up. */
  finish(): void;
  /** Raises `interrupted` once the probe was stopped. */
  stopIfInterrupted(): void;
}

/** Opens the delays of one probe. */
export function openDelays({ now, sleep, signal }: ProbeClock): Delays {
  let slowestMs: number | null = null;
  let finishing = false;
  const stopIfInterrupted = (): void => {
    if (signal.aborted && !finishing)
      throw new ProblemError(problem('interrupted', 'the probe was stopped before it was done'));
  };
  return {
    slowest: () => (slowestMs === null ? null : stepOf(slowestMs)),
    stopIfInterrupted,
    finish() {
      finishing = true;
    },
    async seen(check, accepted) {
      const start = now();
      const patience = accepted
        ? PATIENCE
        : Math.min(PATIENCE, Math.max(PATIENCE_REFUSED, 2 * (slowestMs ?? 0)));
      for (let pause = 0; ; pause = pauseAfter(now() - start)) {
        stopIfInterrupted();
        if (pause > 0) await sleep(pause);
        const found = await check();
        const waited = pause === 0 ? 0 : now() - start;
        if (found !== null) {
          slowestMs = Math.max(slowestMs ?? 0, waited);
          return found;
        }
        if (now() - start <= patience) continue;
        if (accepted) slowestMs = Infinity;
        return null;
      }
    },
  };
}

function stepOf(ms: number): number {
  const found = [0, 1_000, 5_000, 30_000].findIndex((most) => ms <= most);
  return found < 0 ? DELAY_STEPS.length - 1 : found;
}

/** The longer it takes, the less often it is looked for. */
function pauseAfter(ms: number): number {
  if (ms < 1_000) return 200;
  return ms < 5_000 ? 500 : 2_000;
}
