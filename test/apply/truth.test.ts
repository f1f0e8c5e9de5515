import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ChangeStatus } from '../../src/journal/entry.js';
import { replay } from '../../src/journal/replay.js';
import { applyWorld, FALSE_ANSWERS } from '../support/apply-world.js';
import type { FalseAnswer } from '../support/apply-world.js';
import { applyTo, everything, hasEffect, memoryJournal } from '../support/apply-run.js';
import { inputs } from '../support/law.js';

/** Changes that a later change of the plan overwrites, so that the final state does not show them. */
const PASSING = new Set([
  'role.update/temporary:Ring B',
  'grants.set/before-moves:Analyst',
  'role.create:Copy',
  'role.create:New',
]);

describe('for any answers of the instance', () => {
  it('the outcome of each change matches the state of the instance', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<FalseAnswer>(...FALSE_ANSWERS), { maxLength: 20 }),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 4 }),
        async (falseAnswers, addsDependencies, ignoresStart, concurrency) => {
          const world = applyWorld();
          Object.assign(world.quirks, { addsDependencies, ignoresStart });
          const plan = await everything(world);
          world.falseAnswers = [...falseAnswers];
          const journal = memoryJournal();

          const outcome = await applyTo(world, plan, { journal, limits: { concurrency } });

          expect(outcome.changes.map((change) => change.id)).toEqual(plan.changes.map((change) => change.id));
          for (const { id, status } of outcome.changes) {
            if (status === 'unknown') throw new Error(`${id} is unknown though everything could be read`);
            if (PASSING.has(id)) continue;
            const lives = hasEffect(world, plan, id);
            expect([id, status, lives]).toEqual([id, status, isLive(status)]);
          }
          const trace = replay(journal.entries());
          expect(trace.done).toEqual(
            outcome.changes.filter((change) => isLive(change.status)).map((change) => change.id),
          );
          // Nothing was deleted after a failure.
          const failed = outcome.changes.some((change) => change.status === 'failed');
          if (failed) expect(world.role('Old')).toBeDefined();
        },
      ),
      { numRuns: inputs(120) },
    );
  });

  it('no one joins a role whose shrink failed, and no role grows before its leaving members have left', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<FalseAnswer>(...FALSE_ANSWERS), { maxLength: 20 }),
        async (falseAnswers) => {
          const world = applyWorld();
          const plan = await everything(world);
          world.falseAnswers = [...falseAnswers];
          world.onRequest = (name) => {
            if (!(name in world.writer)) return;
            const analyst = world.state.roles.find((role) => role.id === 100);
            const inAnalyst = world.state.people.filter((one) => one.roleId === 100).map((one) => one.id);
            // 11 comes from Writer, which never held a.export; 10 leaves, and must never hold b.edit there.
            if (analyst?.grants.includes('a.export')) expect(inAnalyst).not.toContain(11);
            if (analyst?.grants.includes('b.edit')) expect(inAnalyst).not.toContain(10);
          };

          await applyTo(world, plan);
        },
      ),
      { numRuns: inputs(60) },
    );
  });
});

function isLive(status: ChangeStatus): boolean {
  return status === 'done' || status === 'already';
}
