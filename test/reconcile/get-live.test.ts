import { describe, expect, it } from '@jest/globals';
import { getLive } from '../../src/reconcile/get-live.js';
import { applyWorld } from '../support/apply-world.js';

describe('a role of a live instance', () => {
  it.each(['role', 'grants', 'members'] as const)(
    'must be named by id if two roles have its name: %s',
    async (subject) => {
      const world = applyWorld();
      const [first, second] = world.state.roles;
      if (!first || !second) throw new Error('the world has fewer than two roles');
      second.name = first.name;

      await expect(getLive(subject, world, first.name)).rejects.toMatchObject({
        problems: [
          {
            code: 'ambiguous-name',
            message: `"${first.name}" is the name of 2 roles`,
            hint: `ask by id: ${first.id}, ${second.id}`,
          },
        ],
      });
      expect(await getLive(subject, world, String(second.id))).toMatchObject({ subject });
    },
  );
});
