import { describe, expect, it } from '@jest/globals';
import { comparisonOf } from '../../../src/apply/recheck/comparison.js';
import { checkMembers, checkPeople, checkSettings } from '../../../src/apply/recheck/people-and-settings.js';
import type { ChangeTrace, Replay } from '../../../src/journal/replay.js';
import { replay } from '../../../src/journal/replay.js';
import { asChangeId } from '../../support/change-ids.js';
import { applyWorld } from '../../support/apply-world.js';
import type { ApplyWorld } from '../../support/apply-world.js';
import type { Write } from '../../support/apply-steps.js';
import { changesOn, planOf } from '../../support/plans-for-apply.js';

const TRACE: ChangeTrace = {
  sent: true,
  status: null,
  roleId: null,
  create: null,
};

/** A journal in which these changes were sent without a result. */
function sentBefore(ids: readonly string[]): Replay {
  return { ...replay([]), changes: new Map(ids.map((id) => [asChangeId(id), TRACE])) };
}

async function compared(
  writes: readonly Write[],
  edit: (world: ApplyWorld) => unknown,
  { resume = null, first = {} }: { resume?: Replay | null; first?: Partial<ApplyWorld['state']> } = {},
) {
  const world = applyWorld();
  Object.assign(world.state, first);
  const before = await world.snapshot();
  const plan = planOf(
    before,
    writes.map((write) => write(changesOn(before))),
  );
  edit(world);
  const comparison = comparisonOf(plan, await world.snapshot(), resume);
  for (const check of [checkPeople, checkMembers, checkSettings]) check(comparison);
  const { stale, already } = comparison;
  return { stale: stale.map(({ field, before: was, now }) => [field, was, now]), already: [...already] };
}

const put =
  (roles: Readonly<Record<number, number>>) =>
  (world: ApplyWorld): void => {
    for (const person of world.state.people) person.roleId = roles[person.id] ?? person.roleId;
  };
const setting =
  (fields: Partial<ApplyWorld['state']>) =>
  (world: ApplyWorld): unknown =>
    Object.assign(world.state, fields);

const move: Write = (on) => on.move('Writer', [10, 13]);
const moveAgain: Write = (on) => ({ ...on.move('Writer', [10]), id: asChangeId('first') });
const setDefault: Write = (on) => on.setDefault('Social');
const allowlist: Write = (on) => on.allowlist(['Analyst', 'Social'], 'Participant');

describe('the people that a plan moves', () => {
  it.each<[string, Write[], (world: ApplyWorld) => unknown, unknown[], string[]]>([
    ['are in the role that the plan recorded', [move], () => undefined, [], []],
    ['have all moved', [move], put({ 10: 101, 13: 101 }), [], ['members.move:Writer']],
    ['have moved in part', [move], put({ 10: 101 }), [], []],
    ['are in another role', [move], put({ 10: 103 }), [['role', 'Analyst', 'Ring A']], []],
    [
      'have left',
      [move],
      (world) => void (world.state.people = world.state.people.filter(({ id }) => id !== 10)),
      [['role', 'Analyst', null]],
      [],
    ],
    [
      'have another address',
      [move],
      (world) =>
        Object.assign(
          world.state.people.find(({ id }) => id === 10)!,
          { email: 'new@acme.com' },
        ),
      [['email', 'ana@acme.com', 'new@acme.com']],
      [],
    ],
    [
      'moved and then got another address',
      [move],
      (world) => {
        put({ 10: 101, 13: 101 })(world);
        Object.assign(
          world.state.people.find(({ id }) => id === 10)!,
          { email: 'new@acme.com' },
        );
      },
      [],
      ['members.move:Writer'],
    ],
    [
      'have another kind of account',
      [move],
      (world) => Object.assign(world.state.people[1]!, { kind: 'pending' }),
      [['kind of account', 'active', 'pending']],
      [],
    ],
  ])('%s', async (_, writes, edit, stale, already) => {
    expect(await compared(writes, edit)).toEqual({ stale, already });
  });

  it.each<[string, string[], boolean]>([
    ['match a step that an earlier run sent', ['first'], true],
    ['do not match a step that no run sent', [], false],
  ])('%s', async (_, sent, fits) => {
    const second: Write = (on) => on.move('Ring A', [10]);
    const { stale, already } = await compared([moveAgain, second], put({ 10: 101 }), {
      resume: sentBefore(sent),
    });
    expect(stale).toEqual(fits ? [] : [['role', 'Analyst', 'Writer']]);
    expect(already).toEqual(fits ? ['first'] : []);
  });
});

describe('the members of a role that a plan deletes', () => {
  const remove: Write = (on) => on.remove('Ring A');
  it.each<[string, Write[], (world: ApplyWorld) => unknown, unknown[]]>([
    ['are none', [remove], () => undefined, []],
    ['are new', [remove], put({ 11: 103 }), [['members', [], ['bo@acme.com']]]],
    ['are people whom the plan moves', [move, remove], put({ 10: 103 }), [['role', 'Analyst', 'Ring A']]],
  ])('%s', async (_, writes, edit, stale) => {
    expect((await compared(writes, edit)).stale).toEqual(stale);
  });
});

describe('a plan', () => {
  const remove: Write = (on) => on.remove('Ring A');

  it('may record members of a role that it deletes, who then may stay in it', async () => {
    const { people } = applyWorld().state;
    const first = { people: people.map((one) => (one.id === 11 ? { ...one, roleId: 103 } : one)) };
    expect((await compared([remove], () => undefined, { first })).stale).toEqual([]);
    expect((await compared([remove], put({ 10: 103 }), { first })).stale).toEqual([
      ['members', [], ['ana@acme.com']],
    ]);
  });

  it('of an earlier version may record no kinds of accounts', async () => {
    const world = applyWorld();
    const before = await world.snapshot();
    const plan = planOf(before, [move(changesOn(before))]);
    const fingerprints = plan.fingerprints.map(({ fields: { kind: _, ...fields }, ...print }) => ({
      ...print,
      fields,
    }));
    const comparison = comparisonOf({ ...plan, fingerprints }, before, null);
    checkPeople(comparison);
    expect(comparison.stale).toEqual([]);
  });

  it('that is stale names the person whose address changed', async () => {
    const world = applyWorld();
    const before = await world.snapshot();
    const plan = planOf(before, [move(changesOn(before))]);
    Object.assign(
      world.state.people.find(({ id }) => id === 10)!,
      { email: 'new@acme.com' },
    );
    const comparison = comparisonOf(plan, await world.snapshot(), null);
    checkPeople(comparison);
    expect(comparison.stale).toMatchObject([
      { of: { kind: 'person', personId: 10 }, field: 'email', label: 'ana@acme.com' },
    ]);
  });
});

describe('the settings', () => {
  it.each<[string, Write[], (world: ApplyWorld) => unknown, unknown[], string[]]>([
    ['default role: as planned', [setDefault], () => undefined, [], []],
    [
      'default role: as the plan ends it',
      [setDefault],
      setting({ defaultRoleId: 5 }),
      [],
      ['defaultRole.set'],
    ],
    [
      'default role: another',
      [setDefault],
      setting({ defaultRoleId: 103 }),
      [['role', 'Participant', 'Ring A']],
      [],
    ],
    [
      'default role: another, before a role is deleted',
      [(on) => on.remove('Ring A')],
      setting({ defaultRoleId: 101 }),
      [['role', 'Participant', 'Writer']],
      [],
    ],
    ['allowlist: as planned', [allowlist], () => undefined, [], []],
    [
      'allowlist: off, as the plan ends it',
      [(on) => on.allowlist('off', 'Participant')],
      setting({ allowlist: 'off' }),
      [],
      ['allowlist.set'],
    ],
    [
      'allowlist: another, before the default role is set',
      [setDefault],
      setting({ allowlist: [4, 5, 101] }),
      [['roles', ['Participant', 'Social'], ['Participant', 'Social', 'Writer']]],
      [],
    ],
    [
      'allowlist: as the plan ends it',
      [allowlist],
      setting({ allowlist: [4, 5, 100] }),
      [],
      ['allowlist.set'],
    ],
    [
      'allowlist: another',
      [allowlist],
      setting({ allowlist: [4, 5, 101] }),
      [['roles', ['Participant', 'Social'], ['Participant', 'Social', 'Writer']]],
      [],
    ],
    [
      'allowlist: off',
      [allowlist],
      setting({ allowlist: 'off' }),
      [['roles', ['Participant', 'Social'], 'off']],
      [],
    ],
    [
      'allowlist: to which Domo added the new default role',
      [(on) => on.setDefault('Writer'), allowlist],
      setting({ defaultRoleId: 101, allowlist: [4, 5, 101] }),
      [],
      ['defaultRole.set'],
    ],
    [
      'settings that the plan does not rely on',
      [move],
      setting({ defaultRoleId: 103, allowlist: 'off' }),
      [],
      [],
    ],
  ])('%s', async (_, writes, edit, stale, already) => {
    expect(await compared(writes, edit)).toEqual({ stale, already });
  });

  const gone = (world: ApplyWorld): void => {
    world.state.roles = world.state.roles.filter(({ id }) => id !== 103);
    world.state.allowlist = [4, 5];
  };
  it.each<[string, Write[], (world: ApplyWorld) => unknown, unknown[]]>([
    ['a deleted role that no longer exists', [(on) => on.remove('Ring A')], gone, []],
    ['a deleted role, with a list that is set', [(on) => on.remove('Ring A'), allowlist], gone, []],
    [
      'a deleted role that the plan had put on it',
      [(on) => on.remove('Ring A'), (on) => on.allowlist(['Ring A'], 'Participant')],
      gone,
      [],
    ],
    [
      'a role that is still live',
      [(on) => on.remove('Ring A')],
      setting({ allowlist: [4, 5] }),
      [['roles', ['Participant', 'Social', 'Ring A'], ['Participant', 'Social']]],
    ],
  ])('may lack on the allowlist %s', async (_, writes, edit, stale) => {
    const found = await compared([setDefault, ...writes], edit, { first: { allowlist: [4, 5, 103] } });
    expect(found.stale.filter(([field]) => field === 'roles')).toEqual(stale);
  });
});
