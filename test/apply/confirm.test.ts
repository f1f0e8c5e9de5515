import { describe, expect, it } from '@jest/globals';
import { confirm, OWN_ACCESS_REMOVED } from '../../src/apply/confirm.js';
import type { Observation } from '../../src/apply/confirm.js';
import type { WriteAnswer } from '../../src/apply/writer.js';
import type { ProblemCode } from '../../src/problem/codes.js';
import { problem, ProblemError } from '../../src/problem/problem.js';
import { MAX_PEOPLE_PER_REQUEST } from '../../src/routes/requests.js';
import { applyWorld } from '../support/apply-world.js';
import { person } from '../support/arbitraries.js';
import { ONE_OF_EACH, runOf } from '../support/apply-steps.js';
import type { Write } from '../support/apply-steps.js';

const ACCEPTED: WriteAnswer = { kind: 'accepted', status: 200, id: null };
const REFUSED: WriteAnswer = { kind: 'refused', status: 400, message: 'Bad Request' };
const BROKEN: WriteAnswer = { kind: 'refused', status: 500, message: 'Server Error' };
const LOST: WriteAnswer = { kind: 'lost', message: 'the connection was reset' };
const DONE: Observation = { done: true };
const NOT_DONE: Observation = { done: false, instead: 'X is still missing' };
const UNREADABLE: Observation = { done: false, instead: 'X cannot be read', unreadable: true };
const failing = (code: ProblemCode): Error => new ProblemError(problem(code, `cannot be read (${code})`));

type Shown = Observation | Error | null;

async function confirmed(answer: WriteAnswer, shown: Shown, write: Write = ONE_OF_EACH[1]![1]) {
  const world = applyWorld();
  const { run, changes } = await runOf(world, [write]);
  const startedAt = world.clock.now();
  const reads: boolean[] = [];
  const [change] = changes;
  const results = await confirm(run, [{ change: change!, answer }], async (_run, pending, last) => {
    reads.push(last);
    if (shown instanceof Error) throw shown;
    return new Map(shown ? pending.map((one) => [one.change.id, shown]) : []);
  });
  return { result: results.get(change!.id), reads, took: world.clock.now() - startedAt };
}

describe('the result of a change, by its answer and the state read back', () => {
  it.each<[string, WriteAnswer, string, Shown, string, string | null]>([
    ['200', ACCEPTED, 'done', DONE, 'done', null],
    ['200', ACCEPTED, 'not done', NOT_DONE, 'failed', 'the server answered 200, but X is still missing'],
    ['200', ACCEPTED, 'unreadable', UNREADABLE, 'unknown', 'sent, but X cannot be read'],
    ['200', ACCEPTED, 'nothing of it', null, 'failed', 'the server answered 200, but it is not done'],
    ['400', REFUSED, 'done', DONE, 'done', null],
    ['400', REFUSED, 'not done', NOT_DONE, 'failed', 'Bad Request; X is still missing'],
    ['400', REFUSED, 'unreadable', UNREADABLE, 'unknown', 'sent, but X cannot be read'],
    ['500', BROKEN, 'done', DONE, 'done', null],
    ['500', BROKEN, 'not done', NOT_DONE, 'failed', 'Server Error; X is still missing'],
    ['a lost answer', LOST, 'done', DONE, 'done', null],
    [
      'a lost answer',
      LOST,
      'not done',
      NOT_DONE,
      'failed',
      'no response (the connection was reset), and X is still missing',
    ],
    ['a lost answer', LOST, 'unreadable', UNREADABLE, 'unknown', 'sent, but X cannot be read'],
    ...[ACCEPTED, REFUSED, BROKEN, LOST].map(
      (answer): [string, WriteAnswer, string, Shown, string, string] => [
        answer.kind,
        answer,
        'an error',
        failing('unreachable'),
        'unknown',
        'sent, but reading it back failed: cannot be read (unreachable)',
      ],
    ),
  ])('%s, %j, shows %s: %j is %s', async (_answer, answer, _shown, shown, status, reason) => {
    const { result } = await confirmed(answer, shown);
    expect({ status: result?.status, reason: result?.reason ?? null }).toEqual({ status, reason });
  });

  it('is a failure without a read if nothing was sent', async () => {
    const cause = new ProblemError(problem('unreachable', 'refused'));
    const { result, reads } = await confirmed({ kind: 'unsent', message: 'refused', cause }, DONE);
    expect(result).toEqual({ status: 'failed', reason: 'not sent: refused' });
    expect(reads).toEqual([]);
  });

  it('has the id of a role that was found', async () => {
    const { result } = await confirmed(ACCEPTED, { done: true, roleId: 900 }, ONE_OF_EACH[0]![1]);
    expect(result).toEqual({ status: 'done', roleId: 900 });
  });
});

describe('the time until a change counts as failed', () => {
  it.each<[string, WriteAnswer, number]>([
    ['an accepted change, which may be visible late', ACCEPTED, 30_000],
    ['a lost change', LOST, 30_000],
    ['a refused change, which was probably not made', REFUSED, 6_000],
  ])('of %s', async (_, answer, took) => {
    const found = await confirmed(answer, NOT_DONE);
    expect(found.took).toBe(took);
    expect(found.reads.at(-1)).toBe(true);
    expect(found.reads.slice(0, -1)).not.toContain(true);
  });

  it.each<[string, ProblemCode, number]>([
    ['waits if the server cannot be reached', 'unreachable', 30_000],
    ['does not wait if reading is forbidden', 'forbidden', 0],
    ['does not wait if the token is no longer valid', 'authentication', 0],
  ])('%s', async (_, code, took) => {
    expect((await confirmed(ACCEPTED, failing(code))).took).toBe(took);
  });
});

describe('a refused read after the last change', () => {
  const giveUp: Write = (on) => on.grants('Admin', ['a.view']);
  const moveAway: Write = (on) => on.move('Analyst', [1]);
  it.each<[string, WriteAnswer, ProblemCode, Write, string]>([
    ['proves that the own role lost the grant', ACCEPTED, 'forbidden', giveUp, 'done'],
    ['proves that the acting person moved', ACCEPTED, 'forbidden', moveAway, 'done'],
    ['proves nothing after a refusal', REFUSED, 'forbidden', giveUp, 'unknown'],
    ['proves nothing after a lost answer', LOST, 'forbidden', giveUp, 'unknown'],
    ['proves nothing if the token itself is refused', ACCEPTED, 'authentication', giveUp, 'unknown'],
    [
      'proves nothing about a list that keeps the grant',
      ACCEPTED,
      'forbidden',
      (on) => on.grants('Admin', ['a.view', 'authorization.roles']),
      'unknown',
    ],
    [
      'proves nothing about another role',
      ACCEPTED,
      'forbidden',
      (on) => on.grants('Analyst', ['a.view']),
      'unknown',
    ],
    [
      'proves nothing about a move of other people',
      ACCEPTED,
      'forbidden',
      (on) => on.move('Writer', [10]),
      'unknown',
    ],
    [
      'proves nothing about a move into a role with the grant',
      ACCEPTED,
      'forbidden',
      (on) => on.move('Admin', [1]),
      'unknown',
    ],
    [
      'proves that the acting person moved with others',
      ACCEPTED,
      'forbidden',
      (on) => on.move('Analyst', [1, 10]),
      'done',
    ],
    ['proves nothing about a rename', ACCEPTED, 'forbidden', (on) => on.update('Admin', 'Root'), 'unknown'],
  ])('%s', async (_, answer, code, write, status) => {
    const { result } = await confirmed(answer, failing(code), write);
    expect(result?.status).toBe(status);
    if (status === 'done') expect(result?.reason).toBe(OWN_ACCESS_REMOVED);
  });

  it('proves nothing about another role that loses the grant', async () => {
    const world = applyWorld();
    Object.assign(world.role('Writer') ?? {}, { grants: ['a.view', 'authorization.roles'] });
    const { run, changes } = await runOf(world, [(on) => on.grants('Writer', ['a.view'])]);
    const results = await confirm(run, [{ change: changes[0]!, answer: ACCEPTED }], () =>
      Promise.reject(failing('forbidden')),
    );
    expect(results.get(changes[0]!.id)?.status).toBe('unknown');
  });

  it.each([
    ['proves nothing about a move of so many that it takes two requests', 1, 'unknown'],
    ['proves a move that just fits into one request', 0, 'done'],
  ])('%s', async (_, over, status) => {
    const world = applyWorld();
    const count = MAX_PEOPLE_PER_REQUEST + over;
    for (let id = 1_000; id < 1_000 + count - 1; id += 1) world.state.people.push(person(id, 4));
    const ids = world.state.people.filter(({ id }) => id === 1 || id >= 1_000).map(({ id }) => id);
    const { run, changes } = await runOf(world, [(on) => on.move('Analyst', ids)]);
    const results = await confirm(run, [{ change: changes[0]!, answer: ACCEPTED }], () =>
      Promise.reject(failing('forbidden')),
    );
    expect(results.get(changes[0]!.id)?.status).toBe(status);
  });

  it('proves nothing if the acting person is not among the people of the instance', async () => {
    const { run, changes } = await runOf(applyWorld(), [giveUp]);
    const results = await confirm({ ...run, me: null }, [{ change: changes[0]!, answer: ACCEPTED }], () =>
      Promise.reject(failing('forbidden')),
    );
    expect(results.get(changes[0]!.id)?.status).toBe('unknown');
  });

  it('does not prove a change that is not the last one', async () => {
    const { run, changes } = await runOf(applyWorld(), [giveUp, ONE_OF_EACH[1]![1]]);
    const results = await confirm(run, [{ change: changes[0]!, answer: ACCEPTED }], () =>
      Promise.reject(failing('forbidden')),
    );
    expect(results.get(changes[0]!.id)?.status).toBe('unknown');
  });
});
