import type { ApplyLimits, Clock } from './options.js';

/** The waits between reads of one thing, each twice as long as the one before. */
export interface Waits {
  /** Milliseconds since the first read. */
  elapsed(): number;
  /** Waits for the next read, at most as long as is left. */
  pause(leftMs: number): Promise<void>;
}

/** Starts to count. */
export function startWaits(
  clock: Clock,
  { firstWaitMs, maxWaitMs }: Pick<ApplyLimits, 'firstWaitMs' | 'maxWaitMs'>,
): Waits {
  const startedAt = clock.now();
  let waited = 0;
  let next = firstWaitMs;
  return {
    // Counted twice, so that neither slow reads nor a clock that does not advance make the waiting longer.
    elapsed: () => Math.max(waited, clock.now() - startedAt),
    async pause(leftMs) {
      const pause = Math.max(1, Math.min(next, leftMs));
      await clock.sleep(pause);
      waited += pause;
      next = Math.min(next * 2, maxWaitMs);
    },
  };
}
