import { describe, expect, it } from '@jest/globals';
import type { SandboxUser } from '../../src/sandbox/index.js';
import type { Stage } from '../support/cli.js';
import type { Plan } from '../../src/plan/plan.js';
import {
  ID,
  manifest,
  peopleIn,
  personNamed,
  planOf,
  planned,
  refusedFor,
  roleNamed,
  roleOf,
  settles,
  stageForFile,
  writesOf,
} from './support.js';

async function give(stage: Stage, body: string): Promise<void> {
  await stage.write('domo-roles.yaml', manifest(body));
}

/** The company with some accounts changed, by first name. */
async function change(stage: Stage, first: string, fields: Partial<SandboxUser>): Promise<void> {
  const state = stage.sandbox.state();
  const { id } = personNamed(state, first);
  await stage.sandbox.reset({
    ...state,
    users: state.users.map((user) => (user.id === id ? { ...user, ...fields } : user)),
  });
}

function moves(plan: Plan): string[] {
  return plan.changes.flatMap((one) =>
    one.kind === 'members.move'
      ? one.people.map((move) => `${move.email} ${move.from} > ${one.role} (${move.why})`)
      : [],
  );
}

describe('members', () => {
  const held = stageForFile();

  it('reports for each person the old role, the new role and the reason, in JSON and text', async () => {
    const { stage } = held;
    await give(
      stage,
      `roles:
  Data Analyst: { members: [ana@acme.com, Bo@ACME.com, { id: ${personNamed(stage.sandbox.state(), 'Iris').id} }] }
removed: [People Manager]
policy: { removedMembersTo: Social, maxMoves: 20 }
`,
    );
    const plan = await planned(stage);
    expect(moves(plan).sort()).toEqual([
      'bo@acme.com Participant > Data Analyst (listed)',
      'faye@acme.com People Manager > Social (role-deleted)',
      'gus@acme.com People Manager > Social (role-deleted)',
      'iris@acme.com Participant > Data Analyst (listed)',
      'uma@acme.com Data Analyst > Social (taken-out)',
      'vera@acme.com Data Analyst > Social (taken-out)',
      'will@acme.com Data Analyst > Social (taken-out)',
      'yara@acme.com Data Analyst > Social (taken-out)',
    ]);
    const { stdout } = await stage.run('plan');
    expect(stdout).toMatch(/bo@acme\.com\s+Participant → Data Analyst/u);
    expect(stdout).toMatch(/faye@acme\.com\s+People Manager → Social/u);
    await settles(stage);
    expect(peopleIn(stage, 'Data Analyst')).toEqual(['Ana', 'Bo', 'Iris']);
  });

  it('sends one request for all people who join a role', async () => {
    const { stage } = held;
    await give(
      stage,
      'roles:\n  Social: { members: { mode: additive, users: [bo@acme.com, iris@acme.com, ana@acme.com] } }\n',
    );
    await settles(stage);
    expect(writesOf(stage)).toHaveLength(1);
    expect(writesOf(stage)[0]?.body).toHaveLength(3);
  });

  it('treats a deleted account as missing and uses the live account of the same address', async () => {
    const { stage } = held;
    await give(stage, 'roles:\n  Social: { members: { mode: additive, users: [gone@acme.com] } }\n');
    expect(refusedFor(planOf(await stage.run('plan', '--format', 'json')))).toEqual(['missing-people']);
    await change(stage, 'Gone', { email: 'bo@acme.com' });
    await give(stage, 'roles:\n  Social: { members: { mode: additive, users: [bo@acme.com] } }\n');
    await settles(stage);
    expect(roleOf(stage, 'Bo')).toBe('Social');
    expect(roleOf(stage, 'Gone')).toBe('Admin');
  });

  it('skips missing people when that is allowed, and reports it', async () => {
    const { stage } = held;
    await give(
      stage,
      'roles:\n  Social: { members: { mode: additive, users: [bo@acme.com, left@acme.com] } }\n',
    );
    const plan = await planned(stage, '--allow', 'missing-people', '--reason', 'she left');
    expect(plan.warnings.map((one) => one.code)).toContain('left-out-person');
    expect(plan.missingPeople).toEqual(['left@acme.com']);
    await settles(stage, '--allow', 'missing-people');
    expect(roleOf(stage, 'Bo')).toBe('Social');
  });

  it('moves pending accounts but never support or system accounts', async () => {
    const { stage } = held;
    await give(
      stage,
      'roles:\n  Admin: { members: [root@acme.com, ines@acme.com, tomas@acme.com] }\npolicy: { removedMembersTo: Social }\n',
    );
    const plan = await planned(stage);
    expect(moves(plan)).toEqual(['nils@acme.com Admin > Social (taken-out)']);
    await settles(stage);
    expect(roleOf(stage, 'Nils')).toBe('Social');
    expect(peopleIn(stage, 'Admin')).toEqual(['Domo', 'Domo', 'Ines', 'Root', 'Tomas']);
    await give(stage, 'roles:\n  Social: { members: { mode: additive, users: [support@domo.com] } }\n');
    expect(refusedFor(planOf(await stage.run('plan', '--format', 'json')))).toEqual(['missing-people']);
  });

  it('moves a support account out of a deleted role, since the instance cannot delete a role with people', async () => {
    const { stage } = held;
    const state = stage.sandbox.state();
    await stage.sandbox.reset({
      ...state,
      users: state.users.map((user) => (user.isSupport ? { ...user, roleId: ID.oldReporting } : user)),
    });
    await give(stage, 'removed: [Old Reporting]\npolicy: { removedMembersTo: Social }\n');
    await settles(stage);
    expect(roleNamed(stage, 'Old Reporting')).toBeUndefined();
    expect(stage.sandbox.state().users.find((user) => user.isSupport)?.roleId).toBe(ID.social);
  });

  it('moves people of a removed role to where the manifest lists them and the rest to removedMembersTo', async () => {
    const { stage } = held;
    await give(
      stage,
      'roles:\n  Data Analyst: { members: { mode: additive, users: [faye@acme.com] } }\nremoved: [People Manager]\npolicy: { removedMembersTo: Social }\n',
    );
    await settles(stage);
    expect([roleOf(stage, 'Faye'), roleOf(stage, 'Gus')]).toEqual(['Data Analyst', 'Social']);
  });

  it('refuses with the number of people who have no destination, whether the role is exact or removed', async () => {
    const { stage } = held;
    await give(stage, 'roles:\n  Data Analyst: { members: [ana@acme.com] }\nremoved: [People Manager]\n');
    const ended = await stage.run('plan', '--format', 'json');
    expect(ended.code).toBe(4);
    const plan = planOf(ended);
    expect(plan.refusals).toMatchObject([
      { code: 'no-destination', figure: 6, key: 'policy.removedMembersTo' },
    ]);
    expect(plan.changes.map((one) => one.kind)).toContain('role.delete');
    expect((await stage.run('apply', '--yes')).code).toBe(4);
    expect(writesOf(stage)).toEqual([]);
  });

  it.each([
    [
      'whose members are exact',
      'roles:\n  Social: { members: [rita@acme.com] }\n  Data Analyst: { members: [ana@acme.com] }\npolicy: { removedMembersTo: Social }\n',
      'wrong-destination',
    ],
    [
      'that is deleted',
      'removed: [Old Reporting, People Manager]\npolicy: { removedMembersTo: Old Reporting }\n',
      'Old Reporting',
    ],
    [
      'that does not exist',
      'removed: [People Manager]\npolicy: { removedMembersTo: Nowhere }\n',
      'unknown-role',
    ],
  ])('rejects a destination %s', async (_name, body, word) => {
    const { stage } = held;
    await give(stage, body);
    const ended = await stage.run('plan');
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain(word);
  });

  it('empties a role when that is explicit', async () => {
    const { stage } = held;
    await give(
      stage,
      'roles:\n  People Manager: { members: { mode: exact, users: [] } }\npolicy: { removedMembersTo: Participant }\n',
    );
    await settles(stage);
    expect(peopleIn(stage, 'People Manager')).toEqual([]);
  });

  it('warns when the default role has exact members', async () => {
    const { stage } = held;
    await give(
      stage,
      'defaultRole: Social\nroles:\n  Social: { members: [rita@acme.com, sam@acme.com, tess@acme.com] }\n',
    );
    expect((await planned(stage)).warnings.map((one) => one.code)).toContain('exact-default-members');
  });

  it('reports a person who is in two roles under two spellings once live people are known', async () => {
    const { stage } = held;
    const { id } = personNamed(stage.sandbox.state(), 'Bo');
    await give(
      stage,
      `roles:
  Data Analyst: { members: { mode: additive, users: [{ id: ${id} }] } }
  Social: { members: { mode: additive, users: [bo@acme.com] } }
`,
    );
    const ended = await stage.run('plan');
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('duplicate-person');
    expect(ended.stderr).toContain('domo-roles.yaml:5');
  });
});
