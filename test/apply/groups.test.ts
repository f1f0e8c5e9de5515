import { describe, expect, it } from '@jest/globals';
import { applyGroup, groupsOf } from '../../src/apply/groups.js';
import type { Change } from '../../src/plan/change.js';
import { applyWorld } from '../support/apply-world.js';
import { ONE_OF_EACH, runOf } from '../support/apply-steps.js';
import type { Write } from '../support/apply-steps.js';
import { changesOn } from '../support/plans-for-apply.js';

const grants =
  (
    name: string,
    stage: 'before-moves' | 'after-moves' | 'last' = 'before-moves',
    dependsOn: string[] = [],
  ): Write =>
  (on) =>
    on.grants(name, ['a.view'], { stage, dependsOn });

describe('groups of changes that are sent concurrently', () => {
  it.each<[string, Write[], number[]]>([
    ['none for no change', [], []],
    ['one kind is one group', [grants('Analyst'), grants('Writer')], [2]],
    ['stages are not mixed', [grants('Analyst'), grants('Writer', 'after-moves')], [1, 1]],
    ['kinds are not mixed', ONE_OF_EACH.map(([, write]) => write), [1, 1, 1, 1, 1, 1, 1]],
    [
      'a change that depends on one of the group starts the next',
      [grants('Analyst'), grants('Writer', 'before-moves', ['grants.set:Analyst']), grants('Old')],
      [1, 2],
    ],
    [
      'a change that depends on the last of the group starts the next',
      [grants('Analyst'), grants('Writer'), grants('Old', 'before-moves', ['grants.set:Writer'])],
      [2, 1],
    ],
    [
      'a change that depends on one of an earlier group stays',
      [(on) => on.create('Copy'), grants('Analyst', 'last', ['role.create:Copy']), grants('Writer', 'last')],
      [1, 2],
    ],
    ['kinds that alternate', [grants('Analyst'), ONE_OF_EACH[0]![1], grants('Writer')], [1, 1, 1]],
  ])('%s', async (_, writes, sizes) => {
    const on = changesOn(await applyWorld().snapshot());
    const changes: Change[] = writes.map((write) => write(on));
    const groups = groupsOf(changes);
    expect(groups.map((group) => group.length)).toEqual(sizes);
    expect(groups.flat()).toEqual(changes);
  });
});

describe('applying a group', () => {
  it.each(ONE_OF_EACH)('settles %s as done, in outcome and journal', async (kind, write) => {
    const { run, changes, entries } = await runOf(applyWorld(), [write]);
    await applyGroup(run, changes);
    expect([...run.outcomes.values()]).toMatchObject([{ kind, status: 'done', reason: null }]);
    expect(entries().map((entry) => entry.kind)).toEqual(['about-to-send', 'answered', 'confirmed']);
  });

  it.each(ONE_OF_EACH)('sends nothing for %s if its effect is already live', async (_, write) => {
    const world = applyWorld();
    const { run, changes } = await runOf(world, [write]);
    run.already.add(changes[0]!.id);
    await applyGroup(run, changes);
    expect(run.outcomes.get(changes[0]!.id)?.status).toBe('already');
    expect(world.writes).toEqual([]);
  });

  it.each<[string, string[], string[], string]>([
    ['is live if the role started with it', ['a.edit', 'a.view'], ['a.edit', 'a.view'], 'already'],
    ['is written if the role started with something else', ['a.view'], ['a.edit', 'a.view'], 'done'],
  ])('a list of a new role %s', async (_, held, wanted, status) => {
    const world = applyWorld();
    const { run, changes } = await runOf(world, [
      (on) => on.create('Copy'),
      (on) => on.grants('Copy', wanted),
    ]);
    world.state.roles.push({ id: 900, name: 'Copy', description: '', grants: held });
    run.createdRoleIds.set('new:Copy', 900);
    run.grants.set(900, held);
    await applyGroup(run, changes.slice(1));
    expect(run.outcomes.get(changes[1]!.id)?.status).toBe(status);
  });
});
