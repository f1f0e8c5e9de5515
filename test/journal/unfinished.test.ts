import { describe, expect, it } from '@jest/globals';
import { openRun } from '../../src/journal/folder.js';
import { replay } from '../../src/journal/replay.js';
import type { ChangeTrace, Replay } from '../../src/journal/replay.js';
import { isComplete, unfinishedCreates } from '../../src/journal/unfinished.js';
import type { ChangeId } from '../../src/plan/change.js';
import type { Plan } from '../../src/plan/plan.js';
import { applyWorld } from '../support/apply-world.js';
import type { ApplyWorld } from '../support/apply-world.js';
import { applyTo, everything, memoryJournal } from '../support/apply-run.js';
import { changesOn, planOf } from '../support/plans-for-apply.js';
import { countedNames, withStateFolder } from '../support/state-folder.js';

const START = ['a.edit', 'a.export', 'a.view'];

/** Runs a plan with its folder, and dies at a given point without further writes. */
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

describe('roles that a run left incomplete', () => {
  it('have their start grants if the run died between the create and its start grants', async () => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      world.quirks.ignoresStart = true;
      await runner(state)(world, await everything(world), 'setGrants');

      expect(await unfinishedCreates(state, 'acme')).toMatchObject([
        { name: 'Copy', roleId: 900, start: START },
        { name: 'New', roleId: 901, start: ['a.view'] },
      ]);
      expect(await unfinishedCreates(state, 'other')).toEqual([]);
    });
  });

  it('have no id but the known ids if the answer was lost', async () => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      await runner(state)(world, await everything(world), 'createRole');

      const [copy] = await unfinishedCreates(state, 'acme');
      expect(copy).toMatchObject({ name: 'Copy', roleId: null });
      expect([...(copy?.knownIds ?? [])]).toEqual([1, 4, 5, 100, 101, 102, 103, 104]);
    });
  });

  it('do not include roles that the run completed before it died', async () => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      await runner(state)(world, await everything(world), 'moveMembers');

      expect(await unfinishedCreates(state, 'acme')).toEqual([]);
    });
  });

  it('do not include roles whose grants a later run wrote, even if that run failed', async () => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      world.quirks.ignoresStart = true;
      const run = runner(state);
      const first = await world.snapshot();
      await run(world, planOf(first, [changesOn(first).create('Copy', { from: 'Analyst' })]), 'setGrants');
      const live = await world.snapshot();
      const on = changesOn(live);
      world.falseAnswers = ['honest', 'refused'];
      await run(world, planOf(live, [on.grants('Copy', START), on.move('Writer', [10])]));

      expect(await unfinishedCreates(state, 'acme')).toEqual([]);
    });
  });

  it('have the id that a later run knew, if that run renamed the role and failed before its grants', async () => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      const run = runner(state);
      const first = await world.snapshot();
      const create = planOf(first, [changesOn(first).create('Copy', { from: 'Analyst' })]);
      await run(world, create, 'createRole');
      // The request arrived after all.
      await applyTo(world, create);
      const live = await world.snapshot();
      const id = live.roles.find(({ name }) => name === 'Copy')?.id;
      expect(id).toBeDefined();
      const on = changesOn(live);
      const grants = { ...on.grants('Copy', START), role: 'Renamed' };
      await run(world, planOf(live, [on.update('Copy', 'Renamed'), grants]), 'setGrants');

      expect(await unfinishedCreates(state, 'acme')).toMatchObject([{ roleId: id, start: START }]);
    });
  });

  it('do not include roles whose grants a later run wrote under a new name', async () => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      world.quirks.ignoresStart = true;
      const run = runner(state);
      const first = await world.snapshot();
      await run(world, planOf(first, [changesOn(first).create('Copy', { from: 'Analyst' })]), 'setGrants');
      const live = await world.snapshot();
      const on = changesOn(live);
      world.falseAnswers = ['honest', 'honest', 'refused'];
      const grants = { ...on.grants('Copy', START), role: 'Renamed' };
      await run(world, planOf(live, [on.update('Copy', 'Renamed'), grants, on.move('Writer', [10])]));

      expect(await unfinishedCreates(state, 'acme')).toEqual([]);
    });
  });

  it('do not include a role that reading back did not find', async () => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      world.falseAnswers = ['honest', 'honest', 'honest', 'refused'];
      await runner(state)(world, await everything(world));

      expect(await unfinishedCreates(state, 'acme')).toEqual([]);
    });
  });

  it('do not include roles from before a complete run', async () => {
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

describe('a run completed every change', () => {
  const first = ([id, trace]: [ChangeId, ChangeTrace]): Map<ChangeId, ChangeTrace> => new Map([[id, trace]]);

  it.each<[string, (past: Replay) => Partial<Replay>, boolean]>([
    ['if its journal says so', () => ({}), true],
    ['but not if it never began', () => ({ begun: null }), false],
    ['but not if it has no end', () => ({ finished: false }), false],
    ['but not if it was stopped', () => ({ interrupted: true }), false],
    [
      'but not if the journal lacks one of its changes',
      ({ changes }) => ({ changes: first([...changes][0]!) }),
      false,
    ],
    ['but not if the journal has none of its changes', () => ({ changes: new Map() }), false],
    ...(['failed', 'skipped', 'unknown', null] as const).map(
      (status): [string, (past: Replay) => Partial<Replay>, boolean] => [
        `but not if the status of a change is ${status}`,
        ({ changes }) => ({
          changes: new Map(
            [...changes].map(([id, trace], at) => [id, at === 0 ? { ...trace, status } : trace]),
          ),
        }),
        false,
      ],
    ),
  ])('%s', async (_, edit, expected) => {
    const world = applyWorld();
    const live = await world.snapshot();
    const on = changesOn(live);
    const journal = memoryJournal();
    const plan = planOf(live, [on.grants('Analyst', ['a.view']), on.grants('Writer', ['b.view'])]);
    await applyTo(world, plan, { journal });
    const past = replay(journal.entries());

    expect(isComplete({ ...past, ...edit(past) })).toBe(expected);
  });
});
