import { describe, expect, it } from '@jest/globals';
import { applyCreates } from '../../src/apply/creates.js';
import type { ApplyOptions } from '../../src/apply/options.js';
import { applyWorld } from '../support/apply-world.js';
import type { ApplyWorld, FalseAnswer } from '../support/apply-world.js';
import { runOf } from '../support/apply-steps.js';
import type { Write } from '../support/apply-steps.js';

const COPY: Write = (on) => on.create('Copy', { from: 'Analyst' });
const LIST: Write = (on) => on.grants('Copy', ['a.view']);

async function created(
  falseAnswers: FalseAnswer[],
  {
    writes = [COPY],
    edit = () => undefined,
    options = {},
  }: {
    writes?: Write[];
    edit?: (world: ApplyWorld) => unknown;
    options?: Partial<ApplyOptions>;
  } = {},
) {
  const world = applyWorld();
  edit(world);
  const { run, changes, entries } = await runOf(world, writes, options);
  world.falseAnswers = falseAnswers;
  await applyCreates(run, changes.slice(0, 1));
  const calls = world.writes.map(({ call }) => call);
  return {
    world,
    outcome: run.outcomes.get(changes[0]!.id),
    calls,
    id: run.createdRoleIds.get('new:Copy'),
    entries,
  };
}

describe('a create, by its answers', () => {
  it.each<[string, FalseAnswer[], string, number]>([
    ['accepted', ['honest'], 'done', 1],
    ['refused for good', ['refused'], 'failed', 1],
    ['refused, but created', ['applied-but-400'], 'done', 1],
    ['lost, and created', ['lost-applied'], 'done', 1],
    ['lost, and visible late', ['lost-late'], 'done', 1],
    ['lost, and not created', ['lost-not-applied'], 'done', 2],
    ['busy', ['busy', 'busy'], 'done', 3],
    ['accepted, and not created', ['yes-not-applied'], 'failed', 1],
    ['busy, then refused for good', ['busy', 'refused'], 'failed', 2],
  ])('%s', async (_, falseAnswers, status, attempts) => {
    const found = await created(falseAnswers);
    expect(found.outcome?.status).toBe(status);
    expect(found.calls.filter((call) => call === 'createRole')).toHaveLength(attempts);
    expect(found.id !== undefined).toBe(status === 'done');
    expect(found.world.state.roles.filter(({ name }) => name === 'Copy').length).toBe(
      status === 'done' ? 1 : 0,
    );
  });

  it('ends after the time limit for attempts', async () => {
    const falseAnswers = Array.from({ length: 500 }, (): FalseAnswer => 'busy');
    const found = await created(falseAnswers, { options: { limits: { createMs: 60_000 } } });
    expect(found.outcome).toMatchObject({ status: 'failed' });
    expect(found.calls.length).toBeLessThan(30);
  });
});

describe('a create that waits to be sent again', () => {
  it.each<['signal' | 'stopWaiting', number]>([
    ['signal', 1],
    ['stopWaiting', 2],
  ])('ends the wait when %s is aborted, and is sent %i times in all', async (by, attempts) => {
    const stop = new AbortController();
    const found = await created(
      Array.from({ length: 500 }, (): FalseAnswer => 'busy'),
      {
        options: { [by]: stop.signal },
        edit: ({ clock }) => {
          const { sleep } = clock;
          clock.sleep = async (ms, signal) => {
            if (signal) stop.abort();
            else await sleep(ms);
          };
        },
      },
    );
    expect(found.calls).toEqual(Array.from({ length: attempts }, () => 'createRole'));
    expect(found.outcome?.status).toBe('failed');
  });
});

describe('the grants that a new role starts with', () => {
  const ignores = (world: ApplyWorld): unknown => (world.quirks.ignoresStart = true);
  it.each<[string, Write[], (world: ApplyWorld) => unknown, FalseAnswer[], string[], string]>([
    ['are as planned', [COPY], () => undefined, [], ['createRole'], 'done'],
    ['are set if they differ', [COPY], ignores, [], ['createRole', 'setGrants'], 'done'],
    ['are left to the change that sets them', [COPY, LIST], ignores, [], ['createRole'], 'done'],
    ['could not be set', [COPY], ignores, ['honest', 'refused'], ['createRole', 'setGrants'], 'failed'],
    [
      'were set although the answer was lost',
      [COPY],
      ignores,
      ['honest', 'lost-applied'],
      ['createRole', 'setGrants'],
      'done',
    ],
  ])('%s', async (_, writes, edit, falseAnswers, calls, status) => {
    const found = await created(falseAnswers, { writes, edit });
    expect(found.calls).toEqual(calls);
    expect(found.outcome?.status).toBe(status);
    if (status === 'failed')
      expect(found.outcome?.reason).toContain('created, but not with the grants it should start with');
  });

  it('are set by a later run if an earlier run created the role', async () => {
    const world = applyWorld();
    const { run, changes } = await runOf(world, [COPY]);
    world.state.roles.push({ id: 900, name: 'Copy', description: '', grants: [] });
    run.createdRoleIds.set('new:Copy', 900);
    await applyCreates(run, changes);
    expect(world.writes.map(({ call, target }) => [call, target])).toEqual([['setGrants', 900]]);
    expect(run.outcomes.get(changes[0]!.id)?.status).toBe('done');
  });
});
