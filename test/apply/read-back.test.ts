import { describe, expect, it } from '@jest/globals';
import { readBack } from '../../src/apply/read-back.js';
import { problem, ProblemError } from '../../src/problem/problem.js';
import type { WriteAnswer } from '../../src/apply/writer.js';
import { applyWorld } from '../support/apply-world.js';
import type { ApplyWorld } from '../support/apply-world.js';
import { ONE_OF_EACH, runOf } from '../support/apply-steps.js';
import type { Write } from '../support/apply-steps.js';

const of = Object.fromEntries(ONE_OF_EACH) as Record<string, Write>;
const accepted = (id: number | null = null): WriteAnswer => ({ kind: 'accepted', status: 200, id });
const newRole = (id: number, name = 'Copy', description = '') => ({ id, name, description, grants: [] });

/** What reading back shows after an edit; null if the change is done. */
async function shown(write: Write, edit: (world: ApplyWorld) => unknown, answer = accepted()) {
  const world = applyWorld();
  const { run, changes } = await runOf(world, [write]);
  edit(world);
  const observed = await readBack(run, [{ change: changes[0]!, answer }], true);
  const found = observed.get(changes[0]!.id);
  return { observation: found, text: found && 'instead' in found ? found.instead : null, reads: world.reads };
}

describe('reading back a change', () => {
  const nothing = (): void => undefined;
  it.each<[string, Write, (world: ApplyWorld) => unknown, string | null]>([
    ['a create: a new role', of['role.create']!, (world) => world.state.roles.push(newRole(900)), null],
    ['a create: no role', of['role.create']!, nothing, 'there is no new role of this name'],
    [
      'a create: two roles',
      of['role.create']!,
      (world) => world.state.roles.push(newRole(900), newRole(901)),
      'there are 2 new roles of this name',
    ],
    [
      'a create: another description',
      of['role.create']!,
      (world) => world.state.roles.push(newRole(900, 'Copy', 'mine')),
      'its description differs',
    ],
    [
      'a create: a role that has members already',
      of['role.create']!,
      (world) => {
        world.state.roles.push(newRole(900));
        world.state.people[1]!.roleId = 900;
      },
      'another person created a role of this name',
    ],
    ['a rename: the name', of['role.update']!, (world) => (world.role('Analyst')!.name = 'Scientist'), null],
    ['a rename: the old name', of['role.update']!, nothing, 'its name is "Analyst"'],
    [
      'a rename: another description',
      of['role.update']!,
      (world) => Object.assign(world.role('Analyst')!, { name: 'Scientist', description: 'd' }),
      'its description differs',
    ],
    [
      'a rename: no role',
      of['role.update']!,
      (world) => void (world.state.roles = world.state.roles.filter(({ id }) => id !== 100)),
      'the role does not exist',
    ],
    ['grants: the list', of['grants.set']!, (world) => (world.role('Analyst')!.grants = ['a.view']), null],
    ['grants: extra grants', of['grants.set']!, nothing, 'its grants differ (extra: a.edit, a.export)'],
    [
      'grants: one missing',
      of['grants.set']!,
      (world) => (world.role('Analyst')!.grants = []),
      'a.view is still missing',
    ],
    [
      'grants: no role',
      of['grants.set']!,
      (world) => void (world.state.roles = world.state.roles.filter(({ id }) => id !== 100)),
      'the role does not exist',
    ],
    [
      'a move: all people',
      of['members.move']!,
      (world) => {
        for (const person of world.state.people) if ([10, 13].includes(person.id)) person.roleId = 101;
      },
      null,
    ],
    ['a move: no one', of['members.move']!, nothing, '2 of 2 people are not in the role'],
    [
      'a move: a person who left',
      of['members.move']!,
      (world) => void (world.state.people = world.state.people.filter(({ id }) => id !== 10)),
      '2 of 2 people are not in the role, 1 of them no longer on the instance',
    ],
    ['the default role: set', of['defaultRole.set']!, (world) => (world.state.defaultRoleId = 5), null],
    ['the default role: not set', of['defaultRole.set']!, nothing, 'the default role is "Participant"'],
    [
      'the default role: an allowlist that was lost with it',
      of['defaultRole.set']!,
      (world) => Object.assign(world.state, { defaultRoleId: 5, allowlist: 'off' }),
      'the roles allowlist was turned off by it',
    ],
    [
      'the allowlist: as set, with what Domo adds',
      of['allowlist.set']!,
      (world) => (world.state.allowlist = [4, 5, 100]),
      null,
    ],
    ['the allowlist: not as set', of['allowlist.set']!, nothing, 'the roles allowlist differs'],
    [
      'the allowlist: unreadable',
      of['allowlist.set']!,
      (world) => (world.quirks.unreadableSettings = true),
      'the roles allowlist cannot be read',
    ],
    [
      'a delete: no role',
      of['role.delete']!,
      (world) => void (world.state.roles = world.state.roles.filter(({ id }) => id !== 103)),
      null,
    ],
    ['a delete: the role', of['role.delete']!, nothing, 'the role still exists'],
  ])('%s', async (_, write, edit, text) => {
    const found = await shown(write, edit);
    expect(found.text).toBe(text);
    expect(found.observation?.done).toBe(text === null);
  });

  it.each<
    [
      string,
      number | null,
      { id: number; name: string; description: string; grants: string[] }[],
      number | string,
    ]
  >([
    ['by the id that the server returned', 901, [newRole(901)], 901],
    ['by name if the server returned no id', null, [newRole(901)], 901],
    ['by name if the id is not of a new role', 77, [newRole(901)], 901],
    ['by id although the name differs', 901, [newRole(901, 'Copied')], 'its name is "Copied"'],
  ])('a created role is found %s', async (_, id, roles, found) => {
    const { observation } = await shown(
      of['role.create']!,
      (world) => world.state.roles.push(...roles),
      accepted(id),
    );
    expect(observation).toEqual(
      typeof found === 'number' ? { done: true, roleId: found } : { done: false, instead: found },
    );
  });
});

describe('a list that cannot be read', () => {
  const unreadable = new ProblemError(problem('unreachable', 'the connection was reset'));
  it('leaves only its own change open', async () => {
    const world = applyWorld();
    const writes = ['Analyst', 'Writer'].map(
      (name): Write =>
        (on) =>
          on.grants(name, ['a.export']),
    );
    const { run, changes } = await runOf(world, writes);
    for (const name of ['Analyst', 'Writer']) world.role(name)!.grants = ['a.export'];
    const { readRoleGrants } = world.reader;
    world.reader.readRoleGrants = async (id) => {
      if (id === world.role('Analyst')!.id) throw unreadable;
      return readRoleGrants(id);
    };
    const pending = changes.map((change) => ({ change, answer: accepted() }));

    const observed = await readBack(run, pending, true);

    expect(changes.map(({ id }) => observed.get(id))).toEqual([
      { done: false, failure: 'the connection was reset', final: false, forbidden: false },
      { done: true },
    ]);
  });

  it('leaves only its own delete open', async () => {
    const world = applyWorld();
    const { run, changes } = await runOf(
      world,
      ['Ring A', 'Ring B'].map(
        (name): Write =>
          (on) =>
            on.remove(name),
      ),
    );
    const [ringA] = changes.map(({ roleId }) => roleId);
    world.state.roles = world.state.roles.filter(({ name }) => !name.startsWith('Ring'));
    const { readRoleGrants } = world.reader;
    world.reader.readRoleGrants = async (id) => {
      if (id === ringA) throw unreadable;
      return readRoleGrants(id);
    };
    const refused: WriteAnswer = { kind: 'refused', status: 400, message: 'Bad Request' };
    const pending = changes.map((change) => ({ change, answer: refused }));

    const observed = await readBack(run, pending, true);

    expect(changes.map(({ id }) => observed.get(id)?.done)).toEqual([false, true]);
    expect(observed.get(changes[0]!.id)).toHaveProperty('failure', 'the connection was reset');
  });
});

describe('the reads of a confirmation', () => {
  const names = ['Analyst', 'Writer', 'Old', 'Ring A', 'Ring B'];
  it.each([
    [3, ['readRoleGrants', 'readRoleGrants', 'readRoleGrants']],
    [4, ['readMatrix']],
    [5, ['readMatrix']],
  ])('of %i lists of grants', async (count, reads) => {
    const world = applyWorld();
    const writes = names.slice(0, count).map(
      (name): Write =>
        (on) =>
          on.grants(name, ['a.export']),
    );
    const { run, changes } = await runOf(world, writes);
    for (const name of names) world.role(name)!.grants = ['a.export'];
    world.reads.length = 0;

    const observed = await readBack(
      run,
      changes.map((change) => ({ change, answer: accepted() })),
      false,
    );

    expect([...observed.values()].every(({ done }) => done)).toBe(true);
    expect(world.reads).toEqual(reads);
  });

  it('use the own list of a role for a grant that is not in the catalogue', async () => {
    const world = applyWorld();
    const writes = names.map(
      (name): Write =>
        (on) =>
          on.grants(name, ['z.unlisted']),
    );
    const { run, changes } = await runOf(world, writes);
    for (const name of names) world.role(name)!.grants = ['z.unlisted'];
    const pending = changes.map((change) => ({ change, answer: accepted() }));
    expect([...(await readBack(run, pending, false)).values()].every(({ done }) => done)).toBe(true);
  });

  it('are none without changes', async () => {
    const world = applyWorld();
    const { run } = await runOf(world, []);
    world.reads.length = 0;
    expect((await readBack(run, [], true)).size).toBe(0);
    expect(world.reads).toEqual([]);
  });
});
