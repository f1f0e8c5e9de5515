import { problem, ProblemError } from '../../problem/problem.js';

/** The clock of a probe. */
export interface ProbeClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Ends early, without an error, when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Stops the probe, which then cleans up. */
  signal: AbortSignal;
}

/** Delays in a report. They are coarse, because the network adds its own delay. */
export const DELAY_STEPS = ['at once', '1 s', '5 s', '30 s', 'longer'] as const;

/** Milliseconds until an accepted write counts as failed. */
const CONFIRM_MS = 120_000;

/** Milliseconds until a refused write counts as failed, on an instance that shows writes immediately. */
const REFUSED_MS = 3_000;

/** Waits for writes to become visible, and records the slowest one. */
export interface Delays {
  /** The slowest write so far, as an index into `DELAY_STEPS`; null before the first. */
  slowest(): number | null;
  /**
   * Repeats the check until it returns a value; null after the time limit, which is shorter if the instance did not accept
   * the write. Raises `interrupted`.
   */
  waitFor<T>(check: () => Promise<T | null>, write: { accepted: boolean }): Promise<T | null>;
  /** Ignores the signal from now on, for the clean-up. */
  ignoreInterrupts(): void;
  /** Raises `interrupted` if the probe was stopped. */
  stopIfInterrupted(): void;
}

/** Opens the delays of one probe. */
export function openDelays({ now, sleep, signal }: ProbeClock): Delays {
  let slowestMs: number | null = null;
  let ignoresInterrupts = false;
  const stopIfInterrupted = (): void => {
    if (signal.aborted && !ignoresInterrupts)
      throw new ProblemError(problem('interrupted', 'the probe was stopped before it was done'));
  };
  return {
    slowest: () => (slowestMs === null ? null : stepOf(slowestMs)),
    stopIfInterrupted,
    ignoreInterrupts() {
      ignoresInterrupts = true;
    },
    async waitFor(check, { accepted }) {
      const start = now();
      const limit = accepted ? CONFIRM_MS : Math.min(CONFIRM_MS, Math.max(REFUSED_MS, 2 * (slowestMs ?? 0)));
      for (let pause = 0; ; pause = pauseAfter(now() - start)) {
        stopIfInterrupted();
        if (pause > 0) await sleep(pause, ignoresInterrupts ? undefined : signal);
        const found = await check();
        const waited = pause === 0 ? 0 : now() - start;
        if (found !== null) {
          slowestMs = Math.max(slowestMs ?? 0, waited);
          return found;
        }
        if (now() - start <= limit) continue;
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

/** Milliseconds before the next check, which grow with the time spent. */
function pauseAfter(ms: number): number {
  if (ms < 1_000) return 200;
  return ms < 5_000 ? 500 : 2_000;
}
