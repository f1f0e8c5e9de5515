import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AccessRule } from '../../../src/model/access-rule.js';
import { limitRule } from '../../support/rules.js';
import { describe, expect, it } from '@jest/globals';
import { readLive } from '../../../src/apply/recheck/read-live.js';
import { recheck } from '../../../src/apply/recheck/recheck.js';
import { replay } from '../../../src/journal/replay.js';
import type { Write } from '../../support/apply-steps.js';
import { applyWorld } from '../../support/apply-world.js';
import { changesOn, planOf } from '../../support/plans-for-apply.js';

describe('the reads before an apply', () => {
  it.each<[string, Write[], boolean, string[]]>([
    [
      'of a rename: the core and the administrators',
      [(on) => on.update('Analyst', 'B')],
      false,
      ['readAdmins'],
    ],
    [
      'of a list: everyone, and the own list of the role',
      [(on) => on.grants('Analyst', [])],
      false,
      ['readPeople', 'readRoleGrants'],
    ],
    ['of the list of a new role: no one is in it', [(on) => on.grants('Copy', [])], false, ['readAdmins']],
    [
      'of the list of a new role, continued: an earlier run may have created it',
      [(on) => on.grants('Copy', [])],
      true,
      ['readPeople'],
    ],
    ['of a move: everyone', [(on) => on.move('Writer', [10])], false, ['readPeople']],
    [
      'of a delete: everyone, and the own list',
      [(on) => on.remove('Ring A')],
      false,
      ['readPeople', 'readRoleGrants'],
    ],
    [
      'of a delete of a role with hidden accounts: these too',
      [(on) => on.remove('Old')],
      false,
      ['readHiddenMembers', 'readPeople', 'readRoleGrants'],
    ],
  ])('%s', async (_, writes, continued, reads) => {
    const world = applyWorld();
    const before = await world.snapshot();
    const plan = planOf(
      before,
      writes.map((write) => write(changesOn(before))),
    );
    world.reads.length = 0;

    await readLive(plan, world.reader, { resume: continued ? replay([]) : null, concurrency: 1, rules: [] });

    expect([...world.reads].sort()).toEqual(['readCore', ...reads].sort());
  });

  it('read the list of a role itself, which shows grants that the matrix lacks', async () => {
    const world = applyWorld();
    const before = await world.snapshot();
    const plan = planOf(before, [changesOn(before).grants('Analyst', [])]);
    const reader = { ...world.reader, readRoleGrants: async () => ['z.unlisted'] };
    const live = await readLive(plan, reader, { resume: null, concurrency: 1, rules: [] });
    expect(live.roles.find(({ id }) => id === 100)?.grants).toEqual(['z.unlisted']);
  });

  it('read the list of a live role that has the name of a new one', async () => {
    const world = applyWorld();
    const before = await world.snapshot();
    const plan = planOf(before, [changesOn(before).create('Copy')]);
    world.state.roles.push({ id: 900, name: 'Copy', description: '', grants: [] });
    const reader = { ...world.reader, readRoleGrants: async () => ['z.unlisted'] };
    const live = await readLive(plan, reader, { resume: null, concurrency: 1, rules: [] });
    expect(live.roles.find(({ id }) => id === 900)?.grants).toEqual(['z.unlisted']);
  });

  it('fail once if the roles cannot be read after people could not be read', async () => {
    const world = applyWorld();
    const before = await world.snapshot();
    const plan = planOf(before, [changesOn(before).grants('Analyst', [])]);
    const reader = {
      ...world.reader,
      readPeople: () => Promise.reject(new Error('no people')),
      // A rejection that nothing handles is reported after the turn in which it happened.
      readCore: () => nextTurn().then(() => Promise.reject(new Error('no roles'))),
    };
    const read = readLive(plan, reader, { resume: null, concurrency: 1, rules: [] });
    await expect(read).rejects.toThrow('no roles');
  });

  it('are repeated if a role is deleted in between, whose people have left it', async () => {
    const world = applyWorld();
    const before = await world.snapshot();
    const on = changesOn(before);
    const plan = planOf(before, [on.grants('Old', []), on.grants('Writer', [])]);
    const old = world.role('Old')!.id;
    const [member] = before.people.list.filter(({ roleId }) => roleId === old);
    const { readRoleGrants } = world.reader;
    world.reader.readRoleGrants = async (id) => {
      if (id === old) {
        for (const person of world.state.people) if (person.roleId === old) person.roleId = 4;
        world.state.roles = world.state.roles.filter((role) => role.id !== old);
      }
      return readRoleGrants(id);
    };

    const live = await readLive(plan, world.reader, { resume: null, concurrency: 1, rules: [] });

    expect(live.roles.map(({ name }) => name)).not.toContain('Old');
    expect(member && live.people.list.find(({ id }) => id === member.id)?.roleId).toBe(4);
    expect(recheck(plan, live, null).stale).toMatchObject([{ field: 'name', before: 'Old', now: null }]);
  });

  it.each<[string, readonly AccessRule[], string]>([
    ['about people reads everyone', [limitRule({ maxPeople: 1 })], 'readPeople'],
    ['about roles alone reads the administrators', [limitRule({ onlyRoles: ['Admin'] })], 'readAdmins'],
  ])('of a rule %s', async (_, rules, read) => {
    const world = applyWorld();
    const before = await world.snapshot();
    const plan = planOf(before, [changesOn(before).update('Analyst', 'B')]);
    world.reads.length = 0;
    await readLive(plan, world.reader, { resume: null, concurrency: 1, rules });
    expect([...world.reads].sort()).toEqual(['readCore', read].sort());
  });
});
