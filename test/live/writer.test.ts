import { afterEach, describe, expect, it } from '@jest/globals';
import { openWriter } from '../../src/apply/live-writer.js';
import { makeState, type Fault } from '../../src/sandbox/index.js';
import { problemOf } from '../http/server.js';
import { ANALYST, OLD_REPORTING, openWorld, WAYS, type World } from '../routes/world.js';

let world: World;
afterEach(() => world.close());

describe.each(WAYS)('a writer, %s,', (way) => {
  it('returns the status, and the id of a new role', async () => {
    world = await openWorld(way, { quirks: { idsAsText: true } });
    const writer = openWriter(world.routes);
    const made = await writer.createRole({ name: 'New', description: '', fromRoleId: 5 });
    expect(made).toEqual({ kind: 'accepted', status: 200, id: expect.any(Number) });
    const id = made.kind === 'accepted' ? (made.id ?? 0) : 0;
    const yes = { kind: 'accepted', id: null };
    expect(await writer.updateRole({ id, name: 'Newer', description: 'd' })).toEqual({ ...yes, status: 200 });
    expect(await writer.setGrants(id, ['audit'])).toEqual({ ...yes, status: 200 });
    expect(await writer.moveMembers(id, [])).toEqual({ ...yes, status: 204 });
    expect(await writer.setDefaultRole(id, 'off')).toEqual({ ...yes, status: 200 });
    expect(await writer.setAllowlist([5, id], id)).toEqual({ ...yes, status: 200 });
    expect(await writer.setAllowlist(null, 2)).toEqual({ ...yes, status: 200 });
    expect(await writer.deleteRole(id)).toEqual({ ...yes, status: 204 });
    expect(world.sandbox.state().roles.some((role) => role.id === id)).toBe(false);
  });

  it('raises the message of the server, regardless of whether the write was done', async () => {
    world = await openWorld(way, { quirks: { deleteAnswers400: true } });
    const writer = openWriter(world.routes);
    const no = { kind: 'refused', status: 400, message: expect.stringContaining('Bad Request') };
    expect(await writer.deleteRole(OLD_REPORTING)).toEqual(no);
    expect(await writer.setGrants(1, [])).toMatchObject({ kind: 'refused' });
    world.sandbox.setQuirks({ unknownInstance: true });
    expect(await writer.setGrants(ANALYST, [])).toMatchObject({ kind: 'refused', status: 403 });
  });

  it.each<[string, Fault, string, number]>([
    ['500', { name: '500', times: 0 }, 'refused', 500],
    ['a reset', { name: 'reset', times: 0 }, 'lost', 0],
    ['malformed JSON', { name: 'malformed', times: 0 }, 'lost', 0],
  ])('sends a create once, whatever the result: %s', async (_, fault, kind, status) => {
    world = await openWorld(way, { faults: [fault] });
    const answer = await openWriter(world.routes).createRole({ name: 'N', description: '', fromRoleId: 5 });
    expect(answer).toMatchObject({ kind, ...(status ? { status } : {}) });
    expect(world.requests()).toHaveLength(1);
  });

  it('retries writes that may be sent twice', async () => {
    world = await openWorld(way, { faults: [{ name: 'answer-lost' }, { name: '503', nth: 2 }] });
    expect(await openWriter(world.routes).setGrants(ANALYST, ['audit'])).toMatchObject({ kind: 'accepted' });
    expect(world.requests()).toHaveLength(3);
  });
});

describe('many people', () => {
  it('move in batches, all of which are sent even if one is refused', async () => {
    world = await openWorld('in-process', {
      faults: [{ name: '500', method: 'PUT' }],
      routes: { retries: 0 },
    });
    await world.sandbox.reset(makeState({ roles: 3, people: 2_400 }));
    const ids = world.sandbox
      .state()
      .users.filter(({ deleted }) => !deleted)
      .map(({ id }) => id)
      .slice(0, 2_300);
    const answer = await openWriter(world.routes).moveMembers(5, ids);
    expect(answer).toMatchObject({ kind: 'refused', status: 500 });
    const sizes = world.sandbox.log().map(({ body }) => (body as number[]).length);
    expect(sizes).toEqual([1_000, 1_000, 300]);
    const moved = world.sandbox
      .state()
      .users.filter(({ id, roleId }) => roleId === 5 && ids.slice(1_000).includes(id));
    expect(moved).toHaveLength(1_300);
  });
});

describe('a read-only client', () => {
  it('refuses writes without sending them', async () => {
    world = await openWorld('in-process', { routes: { readOnly: true } });
    const writer = openWriter(world.routes);
    const works = [
      () => writer.createRole({ name: 'N', description: '', fromRoleId: 5 }),
      () => writer.updateRole({ id: ANALYST, name: 'N', description: '' }),
      () => writer.setGrants(ANALYST, []),
      () => writer.moveMembers(ANALYST, [1]),
      () => writer.setDefaultRole(ANALYST, 'off'),
      () => writer.setAllowlist(null, 2),
      () => writer.deleteRole(ANALYST),
    ];
    for (const work of works) expect((await problemOf(work())).code).toBe('read-only');
    expect(world.requests()).toEqual([]);
  });
});

describe('a refusal that says when to try again', () => {
  it('is measured by the clock of the run', async () => {
    const at = Date.UTC(2030, 0, 1);
    const headers = { 'retry-after': new Date(at + 90_000).toUTCString() };
    world = await openWorld('in-process', {
      routes: { retries: 0, fetch: () => Promise.resolve(new Response('{}', { status: 503, headers })) },
    });
    const writer = openWriter(world.routes, () => at);
    const answer = await writer.createRole({ name: 'N', description: '', fromRoleId: 5 });
    expect(answer).toMatchObject({ kind: 'refused', status: 503, retryAfterMs: 90_000 });
  });
});
