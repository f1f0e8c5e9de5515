import { describe, expect, it } from '@jest/globals';
import { applyDeletes } from '../../src/apply/deletes.js';
import { problem, ProblemError } from '../../src/problem/problem.js';
import { applyWorld } from '../support/apply-world.js';
import type { ApplyWorld, FalseAnswer } from '../support/apply-world.js';
import { runOf } from '../support/apply-steps.js';
import type { Write } from '../support/apply-steps.js';

const BOTH: Write[] = [(on) => on.remove('Ring A'), (on) => on.remove('Ring B')];

async function deleted(edit: (world: ApplyWorld) => unknown, falseAnswers: FalseAnswer[] = []) {
  const world = applyWorld();
  const { run, changes } = await runOf(world, BOTH);
  edit(world);
  world.falseAnswers = falseAnswers;
  await applyDeletes(run, changes);
  const outcomes = changes.map((change) => run.outcomes.get(change.id));
  return { world, run, statuses: outcomes.map((one) => one?.status), reason: outcomes[0]?.reason ?? null };
}

describe('a role just before it is deleted', () => {
  it.each<[string, (world: ApplyWorld) => unknown, string[], string | null]>([
    ['is as the plan leaves it', () => undefined, ['done', 'done'], null],
    [
      'is already deleted',
      (world) => void (world.state.roles = world.state.roles.filter(({ id }) => id !== 103)),
      ['already', 'done'],
      null,
    ],
    [
      'is missing from every list of roles, but its own list of grants exists',
      (world) => {
        const { readRoles } = world.reader;
        world.reader.readRoles = async () => (await readRoles()).filter(({ id }) => id !== 103);
      },
      ['failed', 'skipped'],
      'not deleted: it cannot be read again: the list of roles is incomplete: it lacks role 103, which exists',
    ],
    [
      'is missing from one list of roles',
      (world) => {
        const { readRoles } = world.reader;
        let lists = 0;
        world.reader.readRoles = async () =>
          (await readRoles()).filter(({ id }) => id !== 103 || (lists += 1) > 1);
      },
      ['done', 'done'],
      null,
    ],
    [
      'has another name',
      (world) => (world.role('Ring A')!.name = 'Kept'),
      ['failed', 'skipped'],
      'not deleted: its name is now "Kept"',
    ],
    [
      'has other grants',
      (world) => world.role('Ring A')!.grants.push('b.edit'),
      ['failed', 'skipped'],
      'not deleted: its grants have changed',
    ],
    [
      'has members',
      (world) => (world.state.people[1]!.roleId = 103),
      ['failed', 'skipped'],
      'not deleted: it has members (1)',
    ],
    [
      'cannot be read',
      (world) =>
        (world.onRequest = (name) => {
          if (name === 'readRoleMembers') throw new ProblemError(problem('unreachable', 'no answer'));
        }),
      ['failed', 'skipped'],
      'not deleted: it cannot be read again: no answer',
    ],
  ])('%s', async (_, edit, statuses, reason) => {
    const found = await deleted(edit);
    expect(found.statuses).toEqual(statuses);
    expect(found.reason).toBe(reason);
    expect(found.world.writes.length).toBe(statuses.filter((one) => one === 'done').length);
  });

  it('is checked again if it cannot be read', async () => {
    let failures = 2;
    const found = await deleted((world) => {
      world.onRequest = (name) => {
        if (name === 'readRoleMembers' && failures-- > 0)
          throw new ProblemError(problem('unreachable', 'no answer'));
      };
    });
    expect(found.statuses).toEqual(['done', 'done']);
    expect(found.run.obstacles).toEqual([]);
  });
});

describe('a delete and the one after it', () => {
  it.each<[FalseAnswer, string[]]>([
    ['honest', ['done', 'done']],
    ['applied-but-400', ['done', 'done']],
    ['lost-applied', ['done', 'done']],
    ['refused', ['failed', 'skipped']],
    ['lost-not-applied', ['failed', 'skipped']],
    // The first delete is accepted, so the next is sent. Only reading back shows the failure.
    ['yes-not-applied', ['failed', 'done']],
  ])('if the first answer is %s', async (lie, statuses) => {
    expect((await deleted(() => undefined, [lie])).statuses).toEqual(statuses);
  });

  it.each<FalseAnswer>(['refused', 'lost-not-applied'])(
    'is not done if the answer is %s and only the list of roles lacks the role',
    async (lie) => {
      const found = await deleted(
        (world) => {
          const { readRoles } = world.reader;
          world.reader.readRoles = async () =>
            (await readRoles()).filter(({ id }) => id !== 103 || world.writes.length === 0);
        },
        [lie],
      );
      expect(found.statuses).toEqual(['failed', 'skipped']);
      expect(found.reason).toContain('the role still exists');
    },
  );
});
