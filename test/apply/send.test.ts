import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { send, skipIfBlocked, writeChange } from '../../src/apply/send.js';
import type { WriteAnswer } from '../../src/apply/writer.js';
import { problem, ProblemError } from '../../src/problem/problem.js';
import { asChangeId } from '../support/change-ids.js';
import { applyWorld } from '../support/apply-world.js';
import { ONE_OF_EACH, runOf } from '../support/apply-steps.js';
import type { Write } from '../support/apply-steps.js';
import { changesOn } from '../support/plans-for-apply.js';

const REFUSED_CONNECTION = new ProblemError(problem('unreachable', 'refused'));

describe('sending a request', () => {
  it.each<[string, WriteAnswer, object, boolean]>([
    [
      'an accepted one',
      { kind: 'accepted', status: 201, id: 900 },
      { said: 'yes', status: 201, roleId: 900 },
      true,
    ],
    [
      'a refused one',
      { kind: 'refused', status: 400, message: 'no' },
      { said: 'no', status: 400, roleId: null },
      true,
    ],
    ['a lost one', { kind: 'lost', message: 'reset' }, { said: 'nothing', status: null, roleId: null }, true],
    [
      'an unsent one',
      { kind: 'unsent', message: 'refused', cause: REFUSED_CONNECTION },
      { said: 'nothing', status: null, roleId: null },
      false,
    ],
  ])('records %s in the journal before and after', async (_, answer, entry, sent) => {
    let notified = 0;
    const { run, changes, entries } = await runOf(applyWorld(), [ONE_OF_EACH[2]![1]], {
      onSent: () => (notified += 1),
    });
    const request = { change: changes[0]!, step: 'change', attempt: 1 } as const;

    expect(await send(run, request, async () => answer)).toEqual(answer);

    expect(entries()).toMatchObject([
      { kind: 'about-to-send', change: changes[0]!.id, step: 'change', attempt: 1, role: null },
      { kind: 'answered', change: changes[0]!.id, ...entry },
    ]);
    expect(run.sent.has(changes[0]!.id)).toBe(sent);
    expect(notified).toBe(sent ? 1 : 0);
    expect(run.obstacles).toEqual(sent ? [] : [REFUSED_CONNECTION]);
  });

  it('reports that something was sent once, for the first request', async () => {
    let notified = 0;
    const { run, changes } = await runOf(
      applyWorld(),
      ONE_OF_EACH.slice(1, 3).map(([, write]) => write),
      { onSent: () => (notified += 1) },
    );
    for (const change of changes)
      await send(run, { change, step: 'change', attempt: 1 }, async () => ({ kind: 'lost', message: '' }));
    expect([run.sent.size, notified]).toEqual([2, 1]);
  });

  it('ends after the answer is in the journal', async () => {
    const kinds: string[] = [];
    const { run, changes } = await runOf(applyWorld(), [ONE_OF_EACH[2]![1]], {
      journal: { append: async ({ kind }) => nextTurn().then(() => void kinds.push(kind)) },
    });
    await send(run, { change: changes[0]!, step: 'change', attempt: 1 }, async () => {
      kinds.push('sent');
      return { kind: 'accepted', status: 200, id: null };
    });
    expect(kinds).toEqual(['about-to-send', 'sent', 'answered']);
  });

  it('records an error of the writer as a lost answer, without its text', async () => {
    const { run, changes } = await runOf(applyWorld(), [ONE_OF_EACH[2]![1]]);
    const request = { change: changes[0]!, step: 'change', attempt: 1 } as const;
    const answer = await send(run, request, () => Promise.reject(new Error('token=secret')));
    expect(answer).toEqual({ kind: 'lost', message: 'an error inside domo-roles' });
  });

  it.each(['an abort', 'a journal that cannot be written'])('does not happen after %s', async (cause) => {
    const stop = new AbortController();
    const { run, changes } = await runOf(applyWorld(), [ONE_OF_EACH[2]![1]], {
      signal: stop.signal,
      ...(cause === 'an abort' ? {} : { journal: { append: () => Promise.reject(new Error('full')) } }),
    });
    if (cause === 'an abort') stop.abort();
    let called = false;
    const answer = await send(run, { change: changes[0]!, step: 'change', attempt: 1 }, async () => {
      called = true;
      return { kind: 'lost', message: '' };
    });
    expect([answer, called, run.sent.size]).toEqual([null, false, 0]);
  });

  it('records what a later run needs to complete a role', async () => {
    const { run, changes, entries } = await runOf(applyWorld(), [
      (on) => on.create('Copy', { from: 'Analyst', description: 'd' }),
      (on) => on.grants('Copy', ['a.view']),
    ]);
    const request = { change: changes[0]!, step: 'change', attempt: 2 } as const;
    await send(run, request, async () => ({ kind: 'lost', message: '' }));
    expect(entries()[0]).toMatchObject({
      attempt: 2,
      role: {
        name: 'Copy',
        description: 'd',
        start: ['a.edit', 'a.export', 'a.view'],
        grants: ['a.view'],
        grantsChange: 'grants.set:Copy',
      },
    });
  });
});

describe('the call of the writer', () => {
  it.each(ONE_OF_EACH)('makes %s', async (_, write) => {
    const world = applyWorld();
    const { run, changes } = await runOf(world, [write]);
    await writeChange(run, changes[0]!);
    expect(world.writes.map(({ call, target }) => [call, target])).toEqual([
      {
        'role.create': ['createRole', 'Copy'],
        'role.update': ['updateRole', 100],
        'grants.set': ['setGrants', 100],
        'members.move': ['moveMembers', 101],
        'defaultRole.set': ['setDefaultRole', 5],
        'allowlist.set': ['setAllowlist', 'allowlist'],
        'role.delete': ['deleteRole', 103],
      }[changes[0]!.kind],
    ]);
  });

  it.each<['off' | 'unreadable' | (number | 'new:Copy')[], unknown]>([
    ['off', 'off'],
    ['unreadable', 'unreadable'],
    [
      [4, 'new:Copy'],
      [4, 900],
    ],
  ])('sets the default role beside the allowlist %j', async (allowlistIds, sent) => {
    const world = applyWorld();
    const calls: unknown[] = [];
    world.writer.setDefaultRole = async (...given) => {
      calls.push(given);
      return { kind: 'lost', message: '' };
    };
    const { run } = await runOf(world, [(on) => on.create('Copy')]);
    run.createdRoleIds.set('new:Copy', 900);
    const change = changesOn(await world.snapshot()).setDefault('Social');
    await writeChange(run, { ...change, allowlistIds });
    expect(calls).toEqual([[5, sent]]);
  });

  it('fails for a role that does not exist', async () => {
    const { run, changes } = await runOf(applyWorld(), [
      (on) => on.create('Copy'),
      (on) => on.grants('Copy', ['a.view']),
    ]);
    expect(() => writeChange(run, changes[1]!)).toThrow('no live role for new:Copy');
  });
});

describe('a change is skipped', () => {
  const dependent: Write = (on) => on.move('Writer', [10], ['role.update:Scientist']);
  const DEPENDS = 'a change that it depends on was not completed';
  it.each<[string, Write, 'done' | 'already' | 'failed' | 'skipped' | 'unknown', string | null]>([
    ['not if it depends on one that is done', dependent, 'done', null],
    ['not if it depends on one that was live', dependent, 'already', null],
    ['if it depends on one that failed', dependent, 'failed', DEPENDS],
    ['if it depends on one that was skipped', dependent, 'skipped', DEPENDS],
    ['if it depends on one that is unknown', dependent, 'unknown', DEPENDS],
    ['not for the failure of another change', (on) => on.move('Writer', [10]), 'failed', null],
    [
      'if it deletes, for any failure',
      (on) => on.remove('Old'),
      'failed',
      'no role is deleted after a failure',
    ],
    [
      'if it deletes, for any doubt',
      (on) => on.remove('Old'),
      'unknown',
      'no role is deleted after a failure',
    ],
    ['not if it deletes and all is done', (on) => on.remove('Old'), 'done', null],
    [
      'if it deletes and depends on a failure',
      (on) => on.remove('Old', ['role.update:Scientist']),
      'failed',
      DEPENDS,
    ],
  ])('%s', async (_, write, status, reason) => {
    const { run, changes } = await runOf(applyWorld(), [(on) => on.update('Analyst', 'Scientist'), write]);
    const [first, second] = changes;
    const outcome = {
      id: first!.id,
      kind: first!.kind,
      role: 'Scientist',
      status,
      reason: null,
      because: null,
    };
    run.outcomes.set(first!.id, outcome);
    if (status !== 'done' && status !== 'already') run.firstFailure = first!.id;

    expect(await skipIfBlocked(run, second!)).toBe(reason !== null);

    expect(run.outcomes.get(second!.id) ?? null).toEqual(
      reason === null ? null : expect.objectContaining({ status: 'skipped', reason, because: first!.id }),
    );
  });

  it('if a role that it needs was not created', async () => {
    const { run, changes } = await runOf(applyWorld(), [
      (on) => on.create('Copy'),
      (on) => on.allowlist(['Copy'], 'Participant'),
    ]);
    expect(await skipIfBlocked(run, changes[1]!)).toBe(true);
    expect(run.outcomes.get(changes[1]!.id)?.because).toBe(asChangeId('role.create:Copy'));
  });

  it('if the run was stopped', async () => {
    const { run, changes } = await runOf(applyWorld(), [ONE_OF_EACH[1]![1]], { signal: AbortSignal.abort() });
    expect(await skipIfBlocked(run, changes[0]!)).toBe(true);
    expect(run.outcomes.get(changes[0]!.id)).toMatchObject({
      status: 'skipped',
      reason: 'interrupted',
      because: null,
    });
  });
});
