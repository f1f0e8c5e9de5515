import { describe, expect, it } from '@jest/globals';
import { refusal } from '../../src/model/refusal.js';
import { applyWorld } from '../support/apply-world.js';
import { applyTo, everything, memoryJournal, partlyLive, picture, statuses } from '../support/apply-run.js';
import { changesOn, planOf } from '../support/plans-for-apply.js';

describe('applying a plan', () => {
  it('makes every kind of change, in the order of the plan', async () => {
    const world = applyWorld();
    const plan = await everything(world);

    const outcome = await applyTo(world, plan);

    expect(outcome.summary).toMatchObject({ changes: plan.changes.length, done: plan.changes.length });
    expect(outcome.changes.map((change) => change.id)).toEqual(plan.changes.map((change) => change.id));
    expect(picture(world)).toMatchObject({
      roles: [
        { name: 'Admin' },
        { name: 'Analyst', grants: ['a.edit', 'a.view', 'b.edit'] },
        { name: 'Copy', description: 'keeps its start', grants: ['a.edit', 'a.export', 'a.view'] },
        { name: 'New', grants: ['a.admin', 'a.view'] },
        { name: 'Participant' },
        { name: 'Ring A', grants: ['b.view'] },
        { name: 'Ring B', grants: ['a.view'] },
        { name: 'Social' },
        { name: 'Writer' },
      ],
      people: { 10: 'New', 11: 'Analyst', 12: 'Participant', 13: 'New', 14: 'Participant' },
      defaultRole: 'Copy',
      allowlist: ['Copy', 'New', 'Social'],
    });
  });

  it('names the person whose credential writes, not the one who made the plan', async () => {
    const world = applyWorld();
    const plan = { ...(await everything(world)), me: { id: 999, email: 'planner@acme.com' } };
    const { me } = await world.snapshot();
    const wanted = me && { id: me.id, email: me.email };

    expect(wanted).not.toBeNull();
    expect((await applyTo(world, plan)).me).toEqual(wanted);
    expect((await applyTo(world, plan)).me).toEqual(wanted);
    expect((await applyTo(world, { ...plan, changes: [] })).me).toEqual(plan.me);
  });

  it('sends nothing the second time: every change is already live', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    await applyTo(world, plan);
    const before = world.writes.length;
    let asked = 0;

    const outcome = await applyTo(world, plan, { beforeWrite: () => void asked++ });

    expect(outcome.summary.already).toBe(plan.changes.length);
    expect(world.writes.length).toBe(before);
    expect(asked).toBe(0);
  });

  it('reads nothing for a plan without changes', async () => {
    const world = applyWorld();
    const plan = planOf(await world.snapshot(), []);
    world.reads.length = 0;

    const outcome = await applyTo(world, plan);

    expect(outcome.changes).toEqual([]);
    expect(world.reads).toEqual([]);
  });

  it('ignores dependencies that the instance adds', async () => {
    const world = applyWorld();
    world.quirks.addsDependencies = true;
    const plan = await everything(world);

    const first = await applyTo(world, plan);
    const again = await applyTo(world, plan);

    expect(first.summary.done).toBe(plan.changes.length);
    expect(again.summary.already).toBe(plan.changes.length);
  });

  it('sets the start grants of a new role if the instance chose others', async () => {
    const world = applyWorld();
    world.quirks.ignoresStart = true;
    const plan = await everything(world);

    const outcome = await applyTo(world, plan);

    expect(statuses(outcome)['role.create:Copy']).toBe('done');
    expect(world.role('Copy')?.grants).toEqual(['a.edit', 'a.export', 'a.view']);
  });

  it('sends no grants for a new role that starts with its final grants', async () => {
    const world = applyWorld();
    const on = changesOn(await world.snapshot());
    const create = on.create('Twin', { from: 'Analyst' });
    const grants = on.grants('Twin', ['a.view'], {
      dependsOn: [create.id],
      before: ['a.edit', 'a.export', 'a.view'],
    });
    const plan = planOf(await world.snapshot(), [create, grants]);
    world.quirks.ignoresStart = true;

    const outcome = await applyTo(world, plan);

    expect(statuses(outcome)).toEqual({ 'role.create:Twin': 'done', 'grants.set:Twin': 'already' });
    expect(world.writes.map((write) => write.call)).toEqual(['createRole']);
  });

  it('sends the grants of a new role that starts with more, even if these are dependencies', async () => {
    const world = applyWorld();
    Object.assign(world.role('Writer') ?? {}, { grants: ['b.edit', 'b.view'] });
    const snapshot = await world.snapshot();
    const on = changesOn(snapshot);
    const create = on.create('Twin', { from: 'Writer' });
    const grants = on.grants('Twin', ['b.edit'], { dependsOn: [create.id], before: ['b.edit', 'b.view'] });

    const outcome = await applyTo(world, planOf(snapshot, [create, grants]));

    expect(statuses(outcome)['grants.set:Twin']).toBe('done');
    expect(world.role('Twin')?.grants).toEqual(['b.edit']);
  });

  it('confirms the grants of many roles with one read of the matrix', async () => {
    const world = applyWorld();
    const snapshot = await world.snapshot();
    const on = changesOn(snapshot);
    const plan = planOf(
      snapshot,
      ['Analyst', 'Writer', 'Old', 'Ring A', 'Ring B'].map((name) =>
        on.grants(name, ['a.edit', 'b.view', 'a.view']),
      ),
    );
    world.reads.length = 0;

    const outcome = await applyTo(world, plan);

    expect(outcome.summary.done).toBe(5);
    // The own list of each role just before the first write, and one matrix after the last.
    const own = Array.from({ length: 5 }, () => 'readRoleGrants');
    expect(world.reads).toEqual(['readPeople', 'readCore', ...own, 'readMatrix']);
  });

  it('reads own lists for a grant that is not in the catalogue', async () => {
    const world = applyWorld();
    for (const role of world.state.roles.filter((one) => one.id > 5)) role.grants = ['z.unlisted'];
    const snapshot = await world.snapshot();
    const on = changesOn(snapshot);
    const names = ['Analyst', 'Writer', 'Old', 'Ring A', 'Ring B'];
    const plan = planOf(
      snapshot,
      names.map((name) => on.grants(name, ['a.view', 'z.unlisted'])),
    );
    world.falseAnswers = ['honest', 'yes-not-applied'];

    const outcome = await applyTo(world, plan);

    expect(outcome.summary).toMatchObject({ done: 4, failed: 1 });
    expect(outcome.changes[1]?.reason).toBe('the server answered 200, but a.view is still missing');
  });

  it('calls beforeWrite with live state, and writes nothing if that throws', async () => {
    const world = applyWorld();
    const plan = await everything(world);

    const refused = applyTo(world, plan, {
      beforeWrite: (fresh) => {
        expect(fresh.people.list.map((person) => person.id)).toContain(14);
        throw new Error('a guard says no');
      },
    });

    await expect(refused).rejects.toThrow('a guard says no');
    expect(world.writes).toEqual([]);
  });

  it('calls beforeWrite even if some of the changes are already live', async () => {
    const world = applyWorld();
    const plan = await partlyLive(world);

    const refused = applyTo(world, plan, {
      beforeWrite: () => {
        throw new Error('a guard says no');
      },
    });

    await expect(refused).rejects.toThrow('a guard says no');
    expect(world.writes).toEqual([]);
  });

  it('refuses a plan with two changes of one id', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    const twice = { ...plan, changes: [...plan.changes, ...plan.changes.slice(0, 1)] };

    await expect(applyTo(world, twice)).rejects.toMatchObject({ problems: [{ code: 'plan-tampered' }] });
    expect(world.writes).toEqual([]);
  });

  it('has an outcome with the permissions that were used, and says whether it is a dry run', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    const allowed = [{ ...refusal('max-moves', '3 people would move'), reason: 'TICKET-7' }];

    expect(await applyTo(world, { ...plan, changes: [] })).toMatchObject({ dryRun: false, allowed: [] });
    expect(await applyTo(world, plan, { dryRun: true, allowed })).toMatchObject({ dryRun: true, allowed });
  });

  it.each([
    ['another instance', { instance: 'other' }],
    ['the sandbox', { sandbox: true }],
  ])('refuses a plan that was made for %s', async (_, difference) => {
    const world = applyWorld();
    const plan = { ...(await everything(world)), ...difference };

    await expect(applyTo(world, plan)).rejects.toMatchObject({ problems: [{ code: 'instance-mismatch' }] });
    expect(world.writes).toEqual([]);
  });

  it('records each request in the journal before it is sent, and settles each change', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    const liveIds = world.state.roles.map(({ id }) => id).sort((a, b) => a - b);
    world.state.roles.reverse();
    const journal = memoryJournal();
    const written: string[] = [];
    world.onRequest = (name) => {
      const last = journal.entries().at(-1);
      if (name in world.writer)
        written.push(last?.kind === 'about-to-send' ? last.change : `unannounced ${name}`);
    };

    const outcome = await applyTo(world, plan, { journal });

    expect(written).toEqual(plan.changes.map((change) => change.id));
    expect(journal.entries()[0]).toMatchObject({
      kind: 'begun',
      plan: plan.digest,
      changes: plan.changes.length,
      roleIds: liveIds,
    });
    const settled = journal
      .entries()
      .flatMap((entry) => (entry.kind === 'confirmed' ? [[entry.change, entry.status]] : []));
    expect(Object.fromEntries(settled)).toEqual(statuses(outcome));
    expect(journal.entries().at(-1)).toMatchObject({ kind: 'finished', interrupted: false });
  });

  it('keeps at most the allowed number of requests in flight', async () => {
    const world = applyWorld();
    const snapshot = await world.snapshot();
    const on = changesOn(snapshot);
    const names = ['Analyst', 'Writer', 'Old', 'Ring A', 'Ring B'];
    const plan = planOf(
      snapshot,
      names.map((name) => on.grants(name, ['b.edit'])),
    );
    let flying = 0;
    let most = 0;
    const writer = {
      ...world.writer,
      setGrants: async (id: number, grants: readonly string[]) => {
        most = Math.max(most, ++flying);
        await new Promise((resolve) => setImmediate(resolve));
        flying -= 1;
        return world.writer.setGrants(id, grants);
      },
    };

    const outcome = await applyTo(world, plan, { writer, limits: { concurrency: 2 } });

    expect(outcome.summary.done).toBe(5);
    expect(most).toBe(2);
  });
});
