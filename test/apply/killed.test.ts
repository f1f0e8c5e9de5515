import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { replayAll } from '../../src/journal/replay.js';
import type { JournalEntry } from '../../src/journal/entry.js';
import type { Plan } from '../../src/plan/plan.js';
import { applyWorld, FALSE_ANSWERS } from '../support/apply-world.js';
import type { ApplyWorld, FalseAnswer } from '../support/apply-world.js';
import { applyTo, everything, memoryJournal, picture } from '../support/apply-run.js';
import { inputs } from '../support/law.js';

/** The point at which a run dies: before its request, or after it without the answer. */
type Moment = 'before' | 'after';

/** Runs until the nth write, where everything stops. Returns the journal. */
async function runUntilKilled(
  world: ApplyWorld,
  plan: Plan,
  kill: { write: number; moment: Moment; earlier: JournalEntry[][] },
): Promise<{ entries: JournalEntry[]; died: boolean }> {
  const journal = memoryJournal();
  let writes = 0;
  let dead = false;
  const dying = <A extends unknown[], R>(work: (...args: A) => Promise<R>): ((...args: A) => Promise<R>) => {
    return async (...args) => {
      if (dead) throw new Error('dead');
      if (++writes < kill.write) return work(...args);
      if (kill.moment === 'after') await work(...args);
      dead = true;
      throw new Error('dead');
    };
  };
  const { writer } = world;
  const run = applyTo(world, plan, {
    resume: kill.earlier.length > 0 ? replayAll(kill.earlier) : null,
    writer: {
      createRole: dying(writer.createRole),
      updateRole: dying(writer.updateRole),
      setGrants: dying(writer.setGrants),
      moveMembers: dying(writer.moveMembers),
      setDefaultRole: dying(writer.setDefaultRole),
      setAllowlist: dying(writer.setAllowlist),
      deleteRole: dying(writer.deleteRole),
    },
    // A dead process writes nothing more, so the journal refuses entries.
    journal: { append: (entry) => (dead ? Promise.reject(new Error('dead')) : journal.append(entry)) },
  });
  await run.catch(() => undefined);
  return { entries: journal.entries(), died: dead };
}

async function endOf(world: ApplyWorld): Promise<unknown> {
  await applyTo(world, await everything(world));
  return picture(world);
}

const WRITES = 14;
const MOMENTS: Moment[] = ['before', 'after'];
const POSITIONS = Array.from({ length: WRITES + 1 }, (_, index) => index + 1).flatMap((write) =>
  MOMENTS.map((moment): [number, Moment] => [write, moment]),
);

describe('a run that was killed', () => {
  it.each(POSITIONS)('at write %i, %s the request, is resumed to the same state', async (write, moment) => {
    const world = applyWorld();
    world.quirks.ignoresStart = true;
    const plan = await everything(world);
    const wanted = applyWorld();
    wanted.quirks.ignoresStart = true;

    const { entries, died } = await runUntilKilled(world, plan, { write, moment, earlier: [] });
    const again = await applyTo(world, plan, { resume: replayAll([entries]) });

    expect(died).toBe(true);
    expect(again.summary).toMatchObject({ failed: 0, skipped: 0, unknown: 0 });
    expect(picture(world)).toEqual(await endOf(wanted));
    const creates = world.writes.filter((one) => one.call === 'createRole' && one.applied);
    expect(creates).toHaveLength(2);
  });

  it('again and again reaches the same state, one write further each time', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    const earlier: JournalEntry[][] = [];
    for (let run = 0; run < WRITES * 2; run += 1) {
      const { entries } = await runUntilKilled(world, plan, {
        write: 1,
        moment: run % 2 ? 'after' : 'before',
        earlier,
      });
      earlier.push(entries);
    }

    const last = await applyTo(world, plan, { resume: replayAll(earlier) });

    expect(last.summary.already).toBe(plan.changes.length);
    expect(picture(world)).toEqual(await endOf(applyWorld()));
  });

  it('at any write, on an instance with false answers, is resumed to the same state', async () => {
    const wanted = await endOf(applyWorld());
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: WRITES }),
        fc.constantFrom(...MOMENTS),
        fc.array(fc.constantFrom<FalseAnswer>(...FALSE_ANSWERS), { maxLength: WRITES + 4 }),
        async (write, moment, falseAnswers) => {
          const world = applyWorld();
          const plan = await everything(world);
          world.falseAnswers = [...falseAnswers];
          const { entries } = await runUntilKilled(world, plan, { write, moment, earlier: [] });
          world.falseAnswers = [];
          // Late writes are visible before the next run.
          await world.clock.sleep(60_000);

          await applyTo(world, plan, { resume: replayAll([entries]) });

          expect(picture(world)).toEqual(wanted);
        },
      ),
      { numRuns: inputs(60) },
    );
  });
});
