import { describe, expect, it } from '@jest/globals';
import { isGone } from '../../src/apply/is-gone.js';
import { problem, ProblemError } from '../../src/problem/problem.js';
import { applyWorld } from '../support/apply-world.js';
import type { ApplyWorld } from '../support/apply-world.js';
import { runOf } from '../support/apply-steps.js';

async function gone(id: number, edit: (world: ApplyWorld) => void = () => undefined): Promise<boolean> {
  const world = applyWorld();
  const { run } = await runOf(world, [(on) => on.remove('Ring A')]);
  edit(world);
  return isGone(run, id);
}

describe('a role that a list of roles lacks', () => {
  it('is not gone if its list of grants can be read', async () => {
    expect(await gone(103)).toBe(false);
  });

  it('is gone if its list of grants is not found', async () => {
    expect(await gone(999)).toBe(true);
  });

  it('is neither if its list of grants cannot be read', async () => {
    const fails = (world: ApplyWorld): void => {
      world.onRequest = () => {
        throw new ProblemError(problem('unreachable', 'no answer'));
      };
    };
    await expect(gone(999, fails)).rejects.toThrow('no answer');
  });
});
