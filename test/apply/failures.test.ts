import { describe, expect, it } from '@jest/globals';
import { problem, ProblemError } from '../../src/problem/problem.js';
import { applyWorld } from '../support/apply-world.js';
import type { ApplyWorld, FalseAnswer } from '../support/apply-world.js';
import { applyTo, everything, memoryJournal, statuses } from '../support/apply-run.js';
import { changesOn, planOf } from '../support/plans-for-apply.js';
import type { Change } from '../../src/plan/change.js';

type Write = (on: ReturnType<typeof changesOn>) => Change;

const WRITES: readonly [string, Write][] = [
  ['a create', (on) => on.create('Copy', { from: 'Analyst' })],
  ['a rename', (on) => on.update('Analyst', 'Scientist')],
  ['a list of grants', (on) => on.grants('Analyst', ['a.view'])],
  ['a move', (on) => on.move('Writer', [10, 13])],
  ['the default role', (on) => on.setDefault('Social')],
  ['the allowlist', (on) => on.allowlist(['Analyst', 'Social'], 'Participant')],
  ['a delete', (on) => on.remove('Ring A')],
];

async function one(world: ApplyWorld, write: Write) {
  const snapshot = await world.snapshot();
  return planOf(snapshot, [write(changesOn(snapshot))]);
}

describe('the response of an instance is not proof', () => {
  const cases: [string, FalseAnswer[], string, string, Write][] = WRITES.flatMap(([what, write]) => {
    const rows: [FalseAnswer[], string, string][] = [
      [['applied-but-400'], 'done', 'was done all the same'],
      [['yes-not-applied'], 'failed', 'was not done'],
      [['refused'], 'failed', 'was refused'],
      [['lost-applied'], 'done', 'was done, and its answer lost'],
      [['late'], 'done', 'is seen only after a while'],
      [['lost-late'], 'done', 'is seen only after a while, and its answer lost'],
    ];
    return rows.map(([falseAnswers, status, note]): [string, FalseAnswer[], string, string, Write] => [
      what,
      falseAnswers,
      status,
      note,
      write,
    ]);
  });

  it.each(cases)('%s under %j is %s: it %s', async (_what, falseAnswers, status, _note, write) => {
    const world = applyWorld();
    const plan = await one(world, write);
    world.falseAnswers = [...falseAnswers];

    const outcome = await applyTo(world, plan);

    expect(outcome.changes.map((change) => change.status)).toEqual([status]);
    expect(outcome.changes[0]?.reason === null).toBe(status === 'done');
  });

  it.each(WRITES)('%s with a lost answer is unknown if reading back fails too', async (_, write) => {
    const world = applyWorld();
    const plan = await one(world, write);
    world.falseAnswers = ['lost-applied'];
    let sent = false;
    world.onRequest = (name) => {
      if (sent) throw new ProblemError(problem('unreachable', 'no answer from acme'));
      sent = name in world.writer;
    };

    const outcome = await applyTo(world, plan);

    expect(outcome.changes).toMatchObject([
      { status: 'unknown', reason: 'sent, but reading it back failed: no answer from acme' },
    ]);
  });

  it('stops reading back immediately if reads are refused', async () => {
    const world = applyWorld();
    const plan = await one(world, (on) => on.move('Writer', [10]));
    const before = world.clock.now();
    let sent = false;
    world.onRequest = (name) => {
      if (sent) throw new ProblemError(problem('forbidden', 'the token may not read users'));
      sent = name in world.writer;
    };

    const outcome = await applyTo(world, plan);

    expect(outcome.summary.unknown).toBe(1);
    expect(world.clock.now()).toBe(before);
  });

  it('detects that setting the default role turned off the allowlist', async () => {
    const world = applyWorld();
    const plan = await one(world, (on) => on.setDefault('Social'));
    const writer = {
      ...world.writer,
      setDefaultRole: async (id: number) => {
        world.state.allowlist = 'off';
        return world.writer.setDefaultRole(id, 'off');
      },
    };

    const outcome = await applyTo(world, plan, { writer });

    expect(outcome.changes).toMatchObject([
      { status: 'failed', reason: 'the server answered 200, but the roles allowlist was turned off by it' },
    ]);
  });

  it('does not prove an allowlist that is no longer readable', async () => {
    const world = applyWorld();
    const plan = await one(world, (on) => on.allowlist(['Analyst', 'Social'], 'Participant'));
    world.onRequest = (name) => {
      if (name === 'setAllowlist') world.quirks.unreadableSettings = true;
    };

    const outcome = await applyTo(world, plan);

    expect(outcome.changes).toMatchObject([
      { status: 'unknown', reason: 'sent, but the roles allowlist cannot be read' },
    ]);
  });
});

describe('a create', () => {
  it('is not sent twice if its effect is only late', async () => {
    const world = applyWorld();
    const plan = await one(world, WRITES[0]![1]);
    world.falseAnswers = ['lost-late'];

    const outcome = await applyTo(world, plan);

    expect(outcome.summary.done).toBe(1);
    expect(world.writes.filter((write) => write.call === 'createRole')).toHaveLength(1);
  });

  it.each<FalseAnswer>(['lost-not-applied', 'busy'])(
    'is sent again after a search if it was %s',
    async (lie) => {
      const world = applyWorld();
      const plan = await one(world, WRITES[0]![1]);
      const journal = memoryJournal();
      world.falseAnswers = [lie];

      const outcome = await applyTo(world, plan, { journal });

      expect(outcome.summary.done).toBe(1);
      const attempts = journal
        .entries()
        .flatMap((entry) => (entry.kind === 'about-to-send' ? [entry.attempt] : []));
      expect(attempts).toEqual([1, 2]);
      expect(world.reads.filter((read) => read === 'readRoles').length).toBeGreaterThan(3);
    },
  );

  it('is not sent again if the search fails', async () => {
    const world = applyWorld();
    const plan = await one(world, WRITES[0]![1]);
    world.falseAnswers = ['lost-not-applied'];
    world.onRequest = (name) => {
      if (name === 'readRoles') throw new ProblemError(problem('unreachable', 'no answer from acme'));
    };

    const outcome = await applyTo(world, plan);

    expect(outcome.summary.unknown).toBe(1);
    expect(world.writes).toHaveLength(1);
  });

  it('does not match a role with the same name that has members', async () => {
    const world = applyWorld();
    const plan = await one(world, WRITES[0]![1]);
    world.onRequest = (name) => {
      if (name !== 'createRole') return;
      world.state.roles.push({ id: 700, name: 'Copy', description: '', grants: [] });
      world.state.people.push({ id: 70, email: null, name: 'x', roleId: 700, kind: 'active' });
    };

    const outcome = await applyTo(world, plan);

    expect(outcome.changes).toMatchObject([
      { status: 'failed', reason: expect.stringContaining('another person created a role of this name') },
    ]);
  });

  it('fails with a reason if its start grants cannot be set', async () => {
    const world = applyWorld();
    world.quirks.ignoresStart = true;
    const plan = await one(world, WRITES[0]![1]);
    world.falseAnswers = ['honest', 'refused'];

    const outcome = await applyTo(world, plan);

    expect(outcome.changes).toMatchObject([
      {
        status: 'failed',
        reason: expect.stringContaining('created, but not with the grants it should start with'),
      },
    ]);
  });
});

describe('after a failure', () => {
  it('skips dependent changes, continues with the others, and deletes nothing', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    // The sixth write is the shrink of Analyst.
    world.falseAnswers = ['honest', 'honest', 'honest', 'honest', 'honest', 'yes-not-applied'];

    const outcome = await applyTo(world, plan);

    expect(statuses(outcome)).toMatchObject({
      'grants.set/before-moves:Analyst': 'failed',
      'members.move:Analyst': 'skipped',
      'members.move:New': 'done',
      'grants.set/after-moves:Analyst': 'skipped',
      'allowlist.set': 'done',
      'role.delete:Old': 'skipped',
    });
    expect(outcome.changes.find((change) => change.id === 'members.move:Analyst')).toMatchObject({
      because: 'grants.set/before-moves:Analyst',
      reason: 'a change that it depends on was not completed',
    });
    expect(outcome.changes.at(-1)).toMatchObject({
      because: 'grants.set/before-moves:Analyst',
      reason: 'no role is deleted after a failure',
    });
  });

  it('skips all changes of a role that was not created', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    world.falseAnswers = ['honest', 'honest', 'honest', 'refused'];

    const outcome = await applyTo(world, plan);

    expect(statuses(outcome)).toMatchObject({
      'role.create:Copy': 'failed',
      'role.create:New': 'done',
      'defaultRole.set': 'skipped',
      'allowlist.set': 'skipped',
      'role.delete:Old': 'skipped',
    });
  });
});

describe('before a delete', () => {
  const liveEdits: [string, (world: ApplyWorld) => void, string, string][] = [
    [
      'was renamed',
      (world) => Object.assign(world.role('Ring A')!, { name: 'Kept' }),
      'its name is now "Kept"',
      'name: "Ring A" → "Kept"',
    ],
    [
      'was given grants',
      (world) => world.role('Ring A')!.grants.push('b.edit'),
      'its grants have changed',
      'grants: + b.edit',
    ],
    [
      'was given people',
      (world) => Object.assign(world.state.people[3]!, { roleId: 103 }),
      'it has members (1)',
      'members: + person 12',
    ],
  ];

  it.each(liveEdits)('keeps a role that %s, and all other roles', async (_, change, reason) => {
    const world = applyWorld();
    const snapshot = await world.snapshot();
    const on = changesOn(snapshot);
    const plan = planOf(snapshot, [
      on.grants('Writer', ['a.view']),
      on.remove('Ring A'),
      on.remove('Ring B'),
    ]);
    const before = world.clock.now();

    const outcome = await applyTo(world, plan, { beforeWrite: () => change(world) });

    expect(outcome.changes).toMatchObject([
      { status: 'done' },
      { status: 'failed', reason: `not deleted: ${reason}` },
      { status: 'skipped', because: 'role.delete:Ring A' },
    ]);
    expect(world.writes.map(({ call }) => call)).toEqual(['setGrants']);
    // The plan has no moves that could be late.
    expect(world.clock.now()).toBe(before);
  });

  it.each(liveEdits)('reports a stale plan for a role that %s if nothing was sent', async (...row) => {
    const [, change, , field] = row;
    const world = applyWorld();
    const snapshot = await world.snapshot();
    const plan = planOf(snapshot, [changesOn(snapshot).remove('Ring A')]);

    const run = applyTo(world, plan, { beforeWrite: () => change(world) });

    await expect(run).rejects.toMatchObject({
      problems: [
        {
          code: 'stale-plan',
          message: `the plan is stale: role "Ring A" changed since it was made (${field})`,
        },
      ],
    });
    expect(world.writes).toEqual([]);
  });

  it('reads members again if moves become visible late', async () => {
    const world = applyWorld();
    const plan = await everything(world);
    const reads = { left: 2 };
    const reader = {
      ...world.reader,
      readRoleMembers: async (id: number) => (reads.left-- > 0 ? [12] : world.reader.readRoleMembers(id)),
    };

    const outcome = await applyTo(world, plan, { reader });

    expect(outcome.summary.done).toBe(plan.changes.length);
  });

  it('finds that another person has deleted it', async () => {
    const world = applyWorld();
    const plan = await one(world, (on) => on.remove('Ring A'));

    const outcome = await applyTo(world, plan, {
      beforeWrite: () => void (world.state.roles = world.state.roles.filter((role) => role.id !== 103)),
    });

    expect(outcome.changes).toMatchObject([{ status: 'already' }]);
    expect(world.writes).toEqual([]);
  });
});
