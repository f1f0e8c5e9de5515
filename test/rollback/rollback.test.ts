import { asChangeId } from '../support/change-ids.js';
import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/model/snapshot.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { readForRollback, rollbackPlan } from '../../src/rollback/rollback.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import {
  exactGrants,
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../support/arbitraries.js';
import { applyWorld } from '../support/apply-world.js';
import { applyTo, everything, memoryJournal } from '../support/apply-run.js';
import { perform } from '../support/interpreter.js';
import { replay } from '../../src/journal/replay.js';
import { byNames, runOf } from '../support/runs.js';

const OPTIONS = { now: '2026-02-01T00:00:00.000Z', version: '0.0.0', requestsFor };

const before = snapshotOf({
  custom: [
    liveRole(100, 'Alpha', ['a.view', 'b.view']),
    liveRole(102, 'Gone', ['a.edit']),
    liveRole(103, 'Old', ['c.use']),
  ],
  persons: [person(10, 100), person(12, 102), person(13, 102), person(14, 4)],
  allowlist: [4, 5, 102],
});
const plan = makePlan(
  loadedOf({
    roles: [
      wantedRole('Alpha', { grants: exactGrants('b.view', 'c.use'), members: members('exact', 14) }),
      wantedRole('Fresh', { grants: exactGrants('a.view'), members: members('exact', 12) }),
      wantedRole('New', { renamedFrom: ['Old'], description: 'Was Old' }),
    ],
    removed: ['Gone'],
    defaultRole: 'Social',
    allowlist: ['Social', 'Fresh'],
    policy: { ...WIDE_POLICY, removedMembersTo: 'Social' },
  }),
  before,
  OPTIONS,
);
const { run, live } = runOf(plan, before, { done: plan.changes.length });

const roleNamed = (name: string, patch: object): Snapshot => ({
  ...live,
  roles: live.roles.map((role) => (role.name === name ? { ...role, ...patch } : role)),
});
const placed = (id: number, roleId: number): Snapshot => ({
  ...live,
  people: {
    scope: 'all',
    list: [...live.people.list.filter((one) => one.id !== id), person(id, roleId)].sort(
      (a, b) => a.id - b.id,
    ),
  },
});
const freshId = live.roles.find((role) => role.name === 'Fresh')?.id ?? 0;

describe('a rollback', () => {
  it('undoes grants, texts, people, settings, and created and deleted roles', () => {
    const back = rollbackPlan({ run, live, ...OPTIONS });
    expect(back.refusals).toEqual([]);
    expect(new Set(back.changes.map(({ kind }) => kind)).size).toBe(7);
    expect(byNames(perform(live, back.changes).at(-1) as Snapshot)).toEqual(byNames(before));
  });

  it('warns that a role that is created again gets a new id', () => {
    const { warnings } = rollbackPlan({ run, live, ...OPTIONS });
    expect(warnings).toContainEqual(
      expect.objectContaining({
        code: 'new-role-id',
        message: 'role "Gone" had id 102 and is created again: its id will be new',
      }),
    );
  });

  it('keeps changes of others to objects that the run did not change', () => {
    const others = {
      ...roleNamed('Editor', { grants: ['a.view', 'user.edit'] }),
      people: { ...live.people, list: [...live.people.list, person(77, 3)] },
    };
    const withDescription = { ...others, roles: [...others.roles, liveRole(555, 'Someone else’s')] };
    const back = rollbackPlan({ run, live: withDescription, ...OPTIONS });
    expect(back.refusals).toEqual([]);
    expect(back.changes.map(({ id }) => id)).toEqual(
      rollbackPlan({ run, live, ...OPTIONS }).changes.map(({ id }) => id),
    );
  });

  it('leaves out a person who is no longer on the instance, with a warning', () => {
    const without = {
      ...live,
      people: { ...live.people, list: live.people.list.filter(({ id }) => id !== 13) },
    };
    const back = rollbackPlan({ run, live: without, ...OPTIONS });
    expect(back.refusals).toEqual([]);
    expect(JSON.stringify(back.changes)).not.toContain('"id":13');
    expect(back.warnings.map(({ message }) => message)).toContain(
      'person 13 was moved by the run and is no longer on the instance',
    );
  });

  it.each<[string, Snapshot, string]>([
    [
      'grants',
      roleNamed('Alpha', { grants: ['b.view', 'c.use', 'user.edit'] }),
      'role "Alpha" changed since the run (grants: + user.edit)',
    ],
    [
      'a name',
      roleNamed('New', { name: 'Newer' }),
      'role "Newer" changed since the run (name: "New" → "Newer")',
    ],
    [
      'a description',
      roleNamed('New', { description: 'x' }),
      'role "New" changed since the run (description: "Was Old" → "x")',
    ],
    [
      'the role of a person',
      placed(13, 2),
      'p13@acme.com changed since the run (role: "Social" → "Privileged")',
    ],
    [
      'the members of a role that the run created',
      placed(99, freshId),
      'p99@acme.com changed since the run (role: none → "Fresh")',
    ],
    [
      'grants of a role that the run created',
      roleNamed('Fresh', { grants: [] }),
      'role "Fresh" changed since the run (grants: - a.view)',
    ],
    [
      'the default role',
      { ...live, defaultRoleId: 2 },
      'the default role changed since the run (role: "Social" → "Privileged")',
    ],
    [
      'the allowlist',
      { ...live, allowlist: 'off' },
      'the roles allowlist changed since the run (roles: ["Social","Fresh"] → "off")',
    ],
    [
      'the existence of a role',
      { ...live, roles: live.roles.filter(({ name }) => name !== 'Alpha'), people: placed(14, 4).people },
      'role "Alpha" changed since the run (deleted)',
    ],
    [
      'the role with the name of a deleted one',
      { ...live, roles: [...live.roles, liveRole(556, 'Gone')] },
      'the name "Gone" changed since the run (role: none → "id 556")',
    ],
  ])('is refused, naming the object, if another person changed %s since', (_what, now, item) => {
    const back = rollbackPlan({ run, live: now, ...OPTIONS });
    expect(back.refusals.map(({ code }) => code)).toContain('stale-plan');
    expect(back.refusals.find(({ code }) => code === 'stale-plan')?.items).toContain(item);
    expect(back.changes).toEqual([]);
  });

  it('refuses another instance', () => {
    const back = rollbackPlan({ run, live: { ...live, instance: 'other' }, ...OPTIONS });
    expect(back.refusals.map(({ code }) => code)).toContain('instance-mismatch');
    expect(back.changes).toEqual([]);
  });

  it('refuses a run that set the allowlist if that cannot be read now', () => {
    const unread = (of: Snapshot): Snapshot => ({ ...of, allowlist: 'unreadable' });
    const set = plan.changes.findIndex(({ kind }) => kind === 'allowlist.set');
    const codesOf = (done: number, then: 'carried-out' | 'lost' | null): string[] => {
      const cut = runOf(plan, before, { done, then });
      return rollbackPlan({ run: cut.run, live: unread(cut.live), ...OPTIONS }).refusals.map(
        ({ code }) => code,
      );
    };
    expect(codesOf(plan.changes.length, null)).toEqual(['allowlist-unreadable']);
    expect(codesOf(set, 'carried-out')).toEqual(['allowlist-unreadable']);
    expect(codesOf(set, null)).toEqual([]);
    expect(rollbackPlan({ run, live: unread(live), ...OPTIONS }).changes).toEqual([]);
  });

  it('has the guards of the run’s policy', () => {
    const strict = { ...run, plan: { ...plan, policy: { ...plan.policy, maxMoves: { count: 1 } } } };
    const back = rollbackPlan({ run: strict, live, ...OPTIONS });
    expect(back.refusals.map(({ code }) => code)).toEqual(['max-moves']);
  });

  it('does not delete a role that another person created while the create of the run was refused', () => {
    const create = plan.changes.find(({ kind }) => kind === 'role.create');
    const trace = {
      sent: true,
      status: 'failed' as const,
      roleId: null,
      create: null,
    };
    const failed = {
      ...run,
      replay: { ...run.replay, changes: new Map([[create?.id ?? asChangeId(''), trace]]) },
    };
    const theirs = { ...before, roles: [...before.roles, liveRole(888, 'Fresh', ['a.view'])] };
    expect(rollbackPlan({ run: failed, live: theirs, ...OPTIONS }).changes).toEqual([]);
  });
});

describe('a rollback of a real run', () => {
  it('restores the instance, including hidden accounts', async () => {
    const world = applyWorld();
    const first = structuredClone(world.state);
    const journal = memoryJournal();
    const forward = await everything(world);
    const kept: Snapshot[] = [];
    await applyTo(world, forward, { journal, beforeWrite: (fresh) => void kept.push(fresh) });
    const record = {
      id: 'run-1',
      plan: { ...forward, policy: WIDE_POLICY },
      before: kept.at(-1) as Snapshot,
      replay: replay(journal.entries()),
    };
    const back = rollbackPlan({ run: record, live: await readForRollback(world.reader, record), ...OPTIONS });
    expect(back.refusals.filter(({ code }) => code !== 'escalation')).toEqual([]);
    await applyTo(world, back);
    const names = (state: typeof first): unknown => {
      const name = (id: number): string | undefined => state.roles.find((role) => role.id === id)?.name;
      return {
        roles: Object.fromEntries(state.roles.map((role) => [role.name, [role.description, role.grants]])),
        people: Object.fromEntries(state.people.map((one) => [one.id, name(one.roleId)])),
        defaultRole: name(state.defaultRoleId),
        allowlist: typeof state.allowlist === 'string' ? state.allowlist : state.allowlist.map(name).sort(),
      };
    };
    expect(names(world.state)).toEqual(names(first));
  });
});
