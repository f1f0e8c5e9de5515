import { describe, expect, it } from '@jest/globals';
import { countRequests, SHAPES, sum } from '../../bench/shapes.js';

/** The number of requests by kind, so that a failure shows the extra ones. */
function byRequest(sent: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of sent) {
    const key = one.replace(/\/\d+/gu, '/ID');
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

describe('the number of requests', () => {
  it.each(SHAPES.map((shape) => [shape.name, shape] as const))('is minimal: %s', async (_, shape) => {
    const { plan, apply, changes, done } = await countRequests(shape);
    const counted = (sent: readonly string[], least: Readonly<Record<string, number>>) => ({
      total: sent.length === sum(least) ? sent.length : { sent: byRequest(sent), least },
    });
    expect(counted(plan.sent, plan.least)).toEqual({ total: sum(plan.least) });
    if (!apply) return;
    expect(counted(apply.sent, apply.least)).toEqual({ total: sum(apply.least) });
    expect(done).toBe(changes);
  });
});
