import { describe, expect, it } from '@jest/globals';
import { startBackoff } from '../../src/apply/backoff.js';

describe('the backoff between reads', () => {
  it('doubles up to the maximum, limited by the remaining time', async () => {
    const slept: number[] = [];
    let now = 0;
    const clock = {
      now: () => now,
      sleep: async (ms: number) => {
        slept.push(ms);
        now += ms;
      },
    };
    const waits = startBackoff(clock, { firstWaitMs: 250, maxWaitMs: 1_000 });
    for (const left of [10_000, 10_000, 10_000, 10_000, 300, 0]) await waits.pause(left);
    expect(slept).toEqual([250, 500, 1_000, 1_000, 300, 1]);
    expect(waits.elapsed()).toBe(3_051);
  });

  it.each<[string, number, number]>([
    ['by the clock, if reads are slow', 5_000, 5_000],
    ['by the waits, if the clock stands still', 0, 250],
  ])('counts elapsed time %s', async (_, perRead, elapsed) => {
    let now = 0;
    const waits = startBackoff(
      { now: () => now, sleep: async () => undefined },
      { firstWaitMs: 250, maxWaitMs: 250 },
    );
    now += perRead;
    await waits.pause(1_000);
    expect(waits.elapsed()).toBe(elapsed);
  });
});
