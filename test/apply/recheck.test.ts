import { describe, expect, it } from '@jest/globals';
import { StalePlanError, staleRefusal } from '../../src/apply/recheck/stale-plan.js';
import { applyWorld } from '../support/apply-world.js';
import type { ApplyWorld } from '../support/apply-world.js';
import { applyTo, everything, statuses } from '../support/apply-run.js';
import { changesOn, planOf } from '../support/plans-for-apply.js';

type LiveEdit = (world: ApplyWorld) => void;

function addTo(world: ApplyWorld, roleId: number, kind: 'active' | 'support'): void {
  world.state.people.push({ id: 70, email: 'new@acme.com', name: 'new', roleId, kind });
}

describe('a plan is stale if an object that it relies on changed', () => {
  const cases: [string, LiveEdit, string[]][] = [
    [
      'a name',
      (world) => Object.assign(world.role('Analyst')!, { name: 'Analysts' }),
      ['the plan is stale: role "Analyst" changed since it was made (name: "Analyst" → "Analysts")'],
    ],
    [
      'a description',
      (world) => Object.assign(world.role('Analyst')!, { description: 'new' }),
      ['the plan is stale: role "Analyst" changed since it was made (description: "" → "new")'],
    ],
    [
      'grants',
      (world) => Object.assign(world.role('Analyst')!, { grants: ['a.edit', 'b.edit'] }),
      ['the plan is stale: role "Analyst" changed since it was made (grants: + b.edit, - a.export, a.view)'],
    ],
    [
      'a grant that the catalogue does not list, on a role whose list will be written',
      (world) => world.role('Analyst')!.grants.push('z.unlisted'),
      ['the plan is stale: role "Analyst" changed since it was made (grants: + z.unlisted)'],
    ],
    [
      'a deleted role',
      (world) => void (world.state.roles = world.state.roles.filter((role) => role.name !== 'Ring A')),
      ['the plan is stale: role "Ring A" changed since it was made (deleted)'],
    ],
    [
      'the role of someone who moves',
      (world) => Object.assign(world.state.people[1]!, { roleId: 1 }),
      ['the plan is stale: ana@acme.com changed since it was made (role: "Analyst" → "Admin")'],
    ],
    [
      'a person who left',
      (world) => void world.state.people.splice(1, 1),
      ['the plan is stale: ana@acme.com changed since it was made (role: "Analyst" → none)'],
    ],
    [
      'a person in a role that is deleted',
      (world) => Object.assign(world.state.people[4]!, { roleId: 103 }) && addTo(world, 102, 'active'),
      [
        'the plan is stale: di@acme.com changed since it was made (role: "Participant" → "Ring A")',
        'the plan is stale: role "Old" changed since it was made (members: + new@acme.com)',
      ],
    ],
    [
      'a hidden account in a role that is deleted',
      (world) => addTo(world, 102, 'support'),
      ['the plan is stale: role "Old" changed since it was made (members: + new@acme.com)'],
    ],
    [
      'two fields of one role',
      (world) => Object.assign(world.role('Analyst')!, { name: 'B', grants: ['a.edit', 'a.export'] }),
      [
        'the plan is stale: role "Analyst" changed since it was made (grants: - a.view; name: "Analyst" → "B")',
      ],
    ],
    [
      'the kind of an account',
      (world) => Object.assign(world.state.people[1]!, { kind: 'pending' }),
      ['the plan is stale: ana@acme.com changed since it was made (kind of account: "active" → "pending")'],
    ],
    [
      'the default role',
      (world) => void (world.state.defaultRoleId = 5),
      ['the plan is stale: the default role changed since it was made (role: "Participant" → "Social")'],
    ],
    [
      'the allowlist',
      (world) => void (world.state.allowlist = [4, 5, 101]),
      ['the plan is stale: the roles allowlist changed since it was made (roles: + "Writer")'],
    ],
    [
      'a name that was free',
      (world) => world.state.roles.push({ id: 700, name: 'Copy', description: '', grants: ['b.edit'] }),
      ['the plan is stale: the name "Copy" changed since it was made (role id: none → 700)'],
    ],
  ];

  it.each(cases)('%s', async (_, edit, messages) => {
    const world = applyWorld();
    const plan = await everything(world);
    edit(world);

    const error: unknown = await applyTo(world, plan).catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(StalePlanError);
    const stale = error as StalePlanError;
    expect(stale.problems.map((one) => one.message)).toEqual(messages);
    expect(new Set(stale.problems.map((one) => one.code))).toEqual(new Set(['stale-plan']));
    expect(staleRefusal(stale.fields)).toMatchObject({
      code: 'stale-plan',
      figure: messages.length,
      flag: null,
    });
    expect(world.writes).toEqual([]);
  });

  it('and reports all changed objects together', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    for (const [, edit] of cases.slice(6, 10)) edit(world);

    await expect(applyTo(world, plan)).rejects.toMatchObject({ problems: { length: 4 } });
  });
});

describe('a plan is not stale', () => {
  it('if an unrelated object changed', async () => {
    const world = applyWorld();
    const snapshot = await world.snapshot();
    const plan = planOf(snapshot, [changesOn(snapshot).grants('Analyst', ['a.view'])]);
    Object.assign(world.role('Writer')!, { name: 'Author', grants: [] });
    world.state.people[2]!.roleId = 4;
    world.state.defaultRoleId = 5;
    world.state.allowlist = 'off';

    const outcome = await applyTo(world, plan);

    expect(outcome.summary.done).toBe(1);
  });

  it('if another person already made some of its changes', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    Object.assign(world.role('Analyst')!, { grants: ['a.edit', 'a.view', 'b.edit', 'b.view'] });
    world.state.people.find((person) => person.id === 11)!.roleId = 100;
    world.state.people.find((person) => person.id === 13)!.roleId = 4;

    const outcome = await applyTo(world, plan);

    expect(outcome.summary).toMatchObject({ failed: 0, skipped: 0, unknown: 0, already: 3 });
    expect(statuses(outcome)).toMatchObject({
      'grants.set/before-moves:Analyst': 'already',
      'grants.set/after-moves:Analyst': 'already',
      'members.move:Analyst': 'already',
    });
  });

  it('if another person created a role exactly as planned', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    world.state.roles.push({
      id: 700,
      name: 'Copy',
      description: 'keeps its start',
      grants: [...world.role('Analyst')!.grants],
    });

    const outcome = await applyTo(world, plan);

    expect(statuses(outcome)['role.create:Copy']).toBe('already');
    expect(world.state.defaultRoleId).toBe(700);
  });

  it('if only the own list of a role shows dependencies of its grants', async () => {
    const world = applyWorld();
    Object.assign(world.role('Writer')!, { grants: ['a.edit', 'b.edit'] });
    const snapshot = await world.snapshot();
    const plan = planOf(snapshot, [changesOn(snapshot).grants('Writer', ['a.view'])]);
    Object.assign(world.role('Writer')!, { grants: ['a.edit', 'b.edit', 'b.view'] });

    const outcome = await applyTo(world, plan);

    expect(outcome.summary.done).toBe(1);
    expect(world.role('Writer')?.grants).toEqual(['a.view']);
  });

  it('if a role to delete has grants that are not in the catalogue', async () => {
    const world = applyWorld();
    const snapshot = await world.snapshot();
    const plan = planOf(snapshot, [changesOn(snapshot).remove('Ring A')]);
    world.role('Ring A')!.grants.push('z.unlisted');

    const outcome = await applyTo(world, plan);

    expect(outcome.summary.done).toBe(1);
  });

  it('between two steps, but only with the journal of a run of the same plan', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    // One of the names is temporary, so only this plan can have set it.
    Object.assign(world.role('Ring A')!, { name: '~domo-roles 103' });

    await expect(applyTo(world, plan)).rejects.toBeInstanceOf(StalePlanError);
  });
});
