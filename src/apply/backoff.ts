import type { ApplyLimits, Clock } from './options.js';

/** Exponential backoff between reads. */
interface Backoff {
  /** Milliseconds since the first read. */
  elapsed(): number;
  /** Waits before the next read, at most `leftMs`. */
  pause(leftMs: number): Promise<void>;
}

/** Starts the backoff at the first read. */
export function startBackoff(
  clock: Clock,
  { firstWaitMs, maxWaitMs }: Pick<ApplyLimits, 'firstWaitMs' | 'maxWaitMs'>,
): Backoff {
  const startedAt = clock.now();
  let waited = 0;
  let next = firstWaitMs;
  return {
    // Uses the larger of two measures, so that neither slow reads nor a stopped clock extend the wait.
    elapsed: () => Math.max(waited, clock.now() - startedAt),
    async pause(leftMs) {
      const pause = Math.max(1, Math.min(next, leftMs));
      await clock.sleep(pause);
      waited += pause;
      next = Math.min(next * 2, maxWaitMs);
    },
  };
}
