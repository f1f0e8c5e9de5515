import { describe, expect, it } from '@jest/globals';
import { comparisonOf } from '../../../src/apply/recheck/comparison.js';
import { findCreated } from '../../../src/apply/recheck/created-roles.js';
import { checkNames, checkRoles } from '../../../src/apply/recheck/roles.js';
import { dependenciesOf } from '../../../src/model/closure.js';
import { applyWorld } from '../../support/apply-world.js';
import type { ApplyWorld } from '../../support/apply-world.js';
import type { Write } from '../../support/apply-steps.js';
import { changesOn, planOf } from '../../support/plans-for-apply.js';

/** Compares a plan with live state that was edited after the plan was made. */
async function compared(writes: readonly Write[], edit: (world: ApplyWorld) => unknown) {
  const world = applyWorld();
  const before = await world.snapshot();
  const plan = planOf(
    before,
    writes.map((write) => write(changesOn(before))),
  );
  edit(world);
  const live = await world.snapshot();
  const comparison = comparisonOf(plan, live, null);
  findCreated(comparison, dependenciesOf(live.catalogue));
  checkNames(comparison);
  checkRoles(comparison, dependenciesOf(live.catalogue));
  const { stale, already } = comparison;
  return {
    stale: stale.map(({ label, field, before: was, now }) => [label, field, was, now]),
    already: [...already],
  };
}

const rename: Write = (on) => on.update('Analyst', 'Scientist');
const list: Write = (on) => on.grants('Analyst', ['a.admin']);
const remove: Write = (on) => on.remove('Ring A');
const set =
  (name: string, fields: object) =>
  (world: ApplyWorld): unknown =>
    Object.assign(world.role(name)!, fields);
const gone =
  (name: string) =>
  (world: ApplyWorld): void =>
    void (world.state.roles = world.state.roles.filter((role) => role.name !== name));

describe('each field of a role: as planned, as the plan leaves it, or something else', () => {
  it.each<[string, Write, (world: ApplyWorld) => unknown, unknown[], string[]]>([
    ['a name as planned', rename, () => undefined, [], []],
    [
      'a name as the plan leaves it',
      rename,
      set('Analyst', { name: 'Scientist' }),
      [],
      ['role.update:Scientist'],
    ],
    [
      'another name',
      rename,
      set('Analyst', { name: 'Third' }),
      [['role "Analyst"', 'name', 'Analyst', 'Third']],
      [],
    ],
    [
      'another description',
      rename,
      set('Analyst', { description: 'd' }),
      [['role "Analyst"', 'description', '', 'd']],
      [],
    ],
    [
      'a name as the plan leaves it, with another description',
      rename,
      set('Analyst', { name: 'Scientist', description: 'd' }),
      [['role "Analyst"', 'description', '', 'd']],
      [],
    ],
    ['grants as planned', list, () => undefined, [], []],
    [
      'grants as the plan leaves them',
      list,
      set('Analyst', { grants: ['a.admin'] }),
      [],
      ['grants.set:Analyst'],
    ],
    [
      'grants as the plan leaves them, with what Domo adds',
      list,
      set('Analyst', { grants: ['a.admin', 'a.edit'] }),
      [],
      ['grants.set:Analyst'],
    ],
    [
      'other grants',
      list,
      set('Analyst', { grants: ['a.edit'] }),
      [['role "Analyst"', 'grants', ['a.edit', 'a.export', 'a.view'], ['a.edit']]],
      [],
    ],
    ['a deleted role as planned', remove, () => undefined, [], []],
    ['a deleted role that no longer exists', remove, gone('Ring A'), [], ['role.delete:Ring A']],
    [
      'a changed role that no longer exists',
      list,
      gone('Analyst'),
      [['role "Analyst"', 'name', 'Analyst', null]],
      [],
    ],
    [
      'a deleted role with other grants',
      remove,
      set('Ring A', { grants: ['a.edit'] }),
      [['role "Ring A"', 'grants', ['a.view'], ['a.edit']]],
      [],
    ],
    [
      'a deleted role with a grant that the catalogue lacks',
      remove,
      set('Ring A', { grants: ['a.view', 'z.unlisted'] }),
      [],
      [],
    ],
  ])('%s', async (_, write, edit, stale, already) => {
    expect(await compared([write], edit)).toEqual({ stale, already });
  });
});

describe('a role that no longer exists', () => {
  it('needs no change of its grants if the plan deletes it', async () => {
    const writes: Write[] = [(on) => on.grants('Ring A', []), remove];
    expect(await compared(writes, gone('Ring A'))).toEqual({
      stale: [],
      already: ['role.delete:Ring A', 'grants.set:Ring A'],
    });
  });

  it('has not changed if it did not exist when the plan was made', async () => {
    const world = applyWorld();
    world.state.people.find(({ id }) => id === 10)!.roleId = 999;
    const before = await world.snapshot();
    const plan = planOf(before, [changesOn(before).move('Writer', [10])]);
    const comparison = comparisonOf(plan, before, null);
    checkRoles(comparison, dependenciesOf(before.catalogue));
    expect(comparison.stale).toEqual([]);
  });
});

describe('names that a plan needs', () => {
  const create: Write = (on) => on.create('Copy');
  it.each<[string, Write[], (world: ApplyWorld) => unknown, unknown[]]>([
    ['are free', [create], () => undefined, []],
    [
      'were taken by another role',
      [create],
      (world) => world.state.roles.push({ id: 700, name: 'Copy', description: 'mine', grants: [] }),
      [['the name "Copy"', 'role id', null, 700]],
    ],
    [
      'were taken by a role that is complete as planned',
      [create],
      (world) => world.state.roles.push({ id: 700, name: 'Copy', description: '', grants: ['a.view'] }),
      [],
    ],
    [
      'by a rename were taken by another role',
      [rename],
      (world) => world.state.roles.push({ id: 700, name: 'Scientist', description: '', grants: [] }),
      [['the name "Scientist"', 'role id', null, 700]],
    ],
    [
      'by a rename are not those of a role with a near name',
      [rename],
      (world) => world.state.roles.push({ id: 700, name: 'scientist', description: '', grants: [] }),
      [],
    ],
    [
      'for a moment are not free if a role has a near name',
      [(on) => on.update('Ring A', '~domo-roles 103', { step: 'temporary' })],
      (world) => world.state.roles.push({ id: 700, name: '~Domo-Roles 103', description: '', grants: [] }),
      [['the name "~domo-roles 103"', 'role id', null, 700]],
    ],
    [
      'besides a temporary one are not those of a role with a near name',
      [(on) => on.update('Ring A', '~domo-roles 103', { step: 'temporary' }), rename],
      (world) => world.state.roles.push({ id: 700, name: 'scientist', description: '', grants: [] }),
      [],
    ],
    [
      'were freed by the plan itself',
      [(on) => on.update('Ring A', 'Ring C'), (on) => on.update('Ring B', 'Ring A')],
      set('Ring A', { name: 'Ring C' }),
      [],
    ],
    [
      'were given by the plan itself',
      [(on) => on.update('Ring A', 'Ring C'), (on) => on.update('Ring B', 'Ring A')],
      (world) => {
        world.role('Ring A')!.name = 'Ring C';
        world.role('Ring B')!.name = 'Ring A';
      },
      [],
    ],
  ])('%s', async (_, writes, edit, stale) => {
    expect((await compared(writes, edit)).stale).toEqual(stale);
  });
});
