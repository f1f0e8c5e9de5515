import { describe, expect, it } from '@jest/globals';
import { inParallel } from '../../src/apply/parallel.js';

describe('work in parallel', () => {
  it.each([
    [1, 1],
    [3, 3],
    [99, 5],
    [0, 1],
  ])('is limited: %i at once are at most %i', async (limit, most) => {
    let active = 0;
    let peak = 0;
    const results = await inParallel([5, 4, 3, 2, 1], limit, async (item) => {
      peak = Math.max(peak, ++active);
      await new Promise((resolve) => setTimeout(resolve, item));
      active -= 1;
      return item * 10;
    });
    expect(peak).toBe(most);
    expect(results).toEqual([50, 40, 30, 20, 10]);
  });

  it('does nothing without items, and fails with the first failure', async () => {
    expect(await inParallel([], 4, async () => 1)).toEqual([]);
    await expect(inParallel([1], 4, () => Promise.reject(new Error('first')))).rejects.toThrow('first');
  });
});
