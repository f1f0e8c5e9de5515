import { describe, expect, it } from '@jest/globals';
import { openRun } from '../../src/journal/folder.js';
import { unfinishedCreates } from '../../src/journal/unfinished.js';
import type { Plan } from '../../src/plan/plan.js';
import { applyWorld } from '../support/apply-world.js';
import type { ApplyWorld } from '../support/apply-world.js';
import { applyTo, everything } from '../support/apply-run.js';
import { changesOn, planOf } from '../support/plans-for-apply.js';
import { countedNames, withStateFolder } from '../support/state-folder.js';

const START = ['a.edit', 'a.export', 'a.view'];

/** Runs a plan with its folder; dies where asked, as a process does: without another word. */
function runner(state: string) {
  const random = countedNames();
  let now = Date.UTC(2026, 0, 1);
  return async (world: ApplyWorld, plan: Plan, dieAt: string | null = null): Promise<void> => {
    const folder = await openRun(state, plan, { now: now++, random });
    let dead = false;
    const guard = (name: string): void => {
      if (name === dieAt) dead = true;
      if (dead) throw new Error('dead');
    };
    world.onRequest = guard;
    const journal = {
      append: (entry: Parameters<typeof folder.append>[0]) =>
        dead ? Promise.reject(new Error('dead')) : folder.append(entry),
    };
    await applyTo(world, plan, { journal, runId: folder.id }).catch(() => undefined);
    world.onRequest = () => undefined;
    await folder.close();
  };
}

describe('roles that a run left half made', () => {
  it('are told with what they should start with, where the run died between making them and their start', async () => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      world.quirks.ignoresStart = true;
      await runner(state)(world, await everything(world), 'setGrants');

      expect(await unfinishedCreates(state, 'acme')).toMatchObject([
        { name: 'Copy', description: 'keeps its start', roleId: 900, start: START, grants: START },
        { name: 'New', roleId: 901, start: ['a.view'], grants: ['a.admin', 'a.view'] },
      ]);
      expect(await unfinishedCreates(state, 'other')).toEqual([]);
    });
  });

  it('are told without an id where the answer was lost, with the ids that it cannot be', async () => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      await runner(state)(world, await everything(world), 'createRole');

      const [copy] = await unfinishedCreates(state, 'acme');
      expect(copy).toMatchObject({ name: 'Copy', roleId: null });
      expect([...(copy?.knownIds ?? [])]).toEqual([1, 4, 5, 100, 101, 102, 103, 104]);
    });
  });

  it('are none where the run made them whole, though it died later', async () => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      await runner(state)(world, await everything(world), 'moveMembers');

      expect(await unfinishedCreates(state, 'acme')).toEqual([]);
    });
  });

  it('are none once a later run has written their grants, even one that failed elsewhere', async () => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      world.quirks.ignoresStart = true;
      const run = runner(state);
      const first = await world.snapshot();
      await run(world, planOf(first, [changesOn(first).create('Copy', { from: 'Analyst' })]), 'setGrants');
      const live = await world.snapshot();
      const on = changesOn(live);
      world.lies = ['honest', 'refused'];
      await run(world, planOf(live, [on.grants('Copy', START), on.move('Writer', [10])]));

      expect(await unfinishedCreates(state, 'acme')).toEqual([]);
    });
  });

  it('are none where looking had shown that the role was not made', async () => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      world.lies = ['honest', 'honest', 'honest', 'refused'];
      await runner(state)(world, await everything(world));

      expect(await unfinishedCreates(state, 'acme')).toEqual([]);
    });
  });

  it('are forgotten behind a run that brought everything to its end', async () => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      const run = runner(state);
      await run(world, await everything(world), 'createRole');
      const live = await world.snapshot();
      await run(world, planOf(live, [changesOn(live).grants('Writer', ['a.view'])]));

      expect(await unfinishedCreates(state, 'acme')).toEqual([]);
    });
  });
});
