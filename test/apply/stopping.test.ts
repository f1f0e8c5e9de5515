import { describe, expect, it } from '@jest/globals';
import { applyWorld } from '../support/apply-world.js';
import { applyTo, everything, hasEffect, memoryJournal, partlyLive } from '../support/apply-run.js';

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

  it.each(['beforeWrite', 'the first entry of the journal'])(
    'is an error while nothing was sent: during %s, even if some changes are already live',
    async (during) => {
      const world = applyWorld();
      const plan = await partlyLive(world);
      const stop = new AbortController();

      const run = applyTo(world, plan, {
        signal: stop.signal,
        ...(during === 'beforeWrite'
          ? { beforeWrite: () => stop.abort() }
          : { journal: { append: async () => stop.abort() } }),
      });

      await expect(run).rejects.toMatchObject({ problems: [{ code: 'interrupted' }] });
      expect(world.writes).toEqual([]);
    },
  );

  it('changes nothing about a run that finds every change already live', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    await applyTo(world, plan);
    const stop = new AbortController();

    const outcome = await applyTo(world, plan, {
      signal: stop.signal,
      journal: { append: async () => stop.abort() },
    });

    expect(outcome.summary.already).toBe(plan.changes.length);
  });

  it('does not interrupt a run that has sent its last request', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    const stop = new AbortController();
    const journal = memoryJournal();
    world.onRequest = (name) => {
      if (name === 'deleteRole') stop.abort();
    };

    const outcome = await applyTo(world, plan, { signal: stop.signal, journal });

    expect(outcome.summary.done).toBe(plan.changes.length);
    expect(journal.entries().at(-1)).toMatchObject({ kind: 'finished', interrupted: false });
  });

  it('skips a delete during whose last check it comes', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    const stop = new AbortController();
    let deleting = false;
    world.onRequest = (name) => {
      if (deleting && name === 'readRoles') stop.abort();
    };

    const outcome = await applyTo(world, plan, {
      signal: stop.signal,
      onProgress: (event) => {
        if (event.kind === 'settled') deleting = event.settled === event.total - 1;
      },
    });

    expect(outcome.changes.at(-1)).toMatchObject({
      kind: 'role.delete',
      status: 'skipped',
      reason: 'interrupted',
    });
    expect(world.role('Old')).toBeDefined();
  });

  it('leaves a created role without its start grants as failed, not as unknown', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    world.quirks.ignoresStart = true;
    const stop = new AbortController();
    let isCreated = false;
    world.onRequest = (name) => {
      if (isCreated && name === 'readRoleGrants') stop.abort();
      isCreated ||= name === 'createRole';
    };

    const outcome = await applyTo(world, plan, { signal: stop.signal });

    expect(outcome.changes.find(({ status }) => status !== 'done')).toMatchObject({
      id: 'role.create:Copy',
      status: 'failed',
      reason: 'created, but not with the grants it should start with: interrupted',
    });
  });

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

  it('gives each change a result after an internal error: unknown if it was sent, else skipped', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    world.falseAnswers = ['honest', 'late'];

    const outcome = await applyTo(world, plan, {
      onProgress: ({ kind }) => {
        if (kind === 'waiting') throw new Error('token=secret');
      },
    });

    const [first, second, ...rest] = outcome.changes.map(({ status, reason }) => [status, reason]);
    expect(first).toEqual(['done', null]);
    expect(second).toEqual(['unknown', 'an error inside domo-roles']);
    expect(rest).toHaveLength(plan.changes.length - 2);
    for (const [status] of rest) expect(status).toBe('skipped');
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
