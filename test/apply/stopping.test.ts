import { describe, expect, it } from '@jest/globals';
import { applyWorld } from '../support/apply-world.js';
import { applyTo, everything, hasEffect, memoryJournal } from '../support/apply-run.js';

describe('stopping an apply', () => {
  it.each(['readCore', 'readPeople', 'readRoleGrants'])(
    'is an error while nothing was sent: during %s',
    async (during) => {
      const world = applyWorld();
      const plan = await everything(world);
      const stop = new AbortController();
      world.onRequest = (name) => {
        if (name === during) stop.abort();
      };

      const run = applyTo(world, plan, { signal: stop.signal });

      await expect(run).rejects.toMatchObject({ problems: [{ code: 'interrupted' }] });
      expect(world.writes).toEqual([]);
    },
  );

  it('completes and confirms requests in flight, and skips the rest', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    const stop = new AbortController();
    const journal = memoryJournal();
    world.onRequest = (name) => {
      if (name === 'setGrants') stop.abort();
    };

    const outcome = await applyTo(world, plan, { signal: stop.signal, journal });

    const done = outcome.changes.filter((change) => change.status === 'done').map((change) => change.id);
    expect(done.at(-1)).toBe('grants.set/before-moves:Analyst');
    for (const id of done.slice(1)) expect(hasEffect(world, plan, id)).toBe(true);
    const rest = outcome.changes.slice(done.length);
    expect(new Set(rest.map((change) => change.status))).toEqual(new Set(['skipped']));
    expect(rest[0]).toMatchObject({ reason: 'interrupted', because: null });
    expect(journal.entries().at(-1)).toMatchObject({ kind: 'finished', interrupted: true });
  });

  it('sends nothing that the journal could not record', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    const kept = memoryJournal();
    let left = 6;
    const journal = {
      append: async (entry: Parameters<typeof kept.append>[0]) => {
        if (left-- <= 0) throw new Error('no space left: token=secret');
        await kept.append(entry);
      },
    };

    const outcome = await applyTo(world, plan, { journal });

    const announced = kept.entries().filter((entry) => entry.kind === 'about-to-send');
    expect(world.writes).toHaveLength(announced.length);
    expect(outcome.changes.at(-1)).toMatchObject({ status: 'skipped' });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });

  it('throws the error of the journal if nothing was sent', async () => {
    const world = applyWorld();
    const plan = await everything(world);

    const run = applyTo(world, plan, {
      journal: { append: () => Promise.reject(new Error('read-only disk')) },
    });

    await expect(run).rejects.toThrow('read-only disk');
    expect(world.writes).toEqual([]);
  });
});
