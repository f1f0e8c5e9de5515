import { describe, expect, it } from '@jest/globals';
import type { SandboxRole, SandboxState } from '../../src/sandbox/index.js';
import type { Stage } from '../support/cli.js';
import {
  ID,
  ROLES,
  manifest,
  planOf,
  planned,
  refusedFor,
  roleNamed,
  settles,
  stageForFile,
  writesOf,
} from './support.js';

/** The live names by id of the custom roles in a test. */
function namesOf({ sandbox }: Stage, ...ids: number[]): (string | undefined)[] {
  const { roles } = sandbox.state();
  return ids.map((id) => roles.find((role) => role.id === id)?.name);
}

async function give(stage: Stage, body: string): Promise<void> {
  await stage.write('domo-roles.yaml', manifest(body));
}

async function withRoles(stage: Stage, ...roles: [id: number, name: string][]): Promise<void> {
  const state: SandboxState = stage.sandbox.state();
  const made = roles.map(([id, name]): SandboxRole => ({
    id,
    name,
    description: null,
    authorities: ['alert.edit'],
    created: 0,
    modified: 0,
  }));
  await stage.sandbox.reset({ ...state, roles: [...state.roles, ...made] });
}

describe('a rename', () => {
  const held = stageForFile();

  it('keeps the role, its grants and its people, warns of SAML, and may stay in the manifest', async () => {
    const { stage } = held;
    const before = roleNamed(stage, 'Data Analyst');
    await give(stage, 'roles:\n  Analytics: { renamedFrom: [Data Analyst, Analyst] }\n');
    const plan = await planned(stage);
    expect(plan.changes.map((one) => one.kind)).toEqual(['role.update']);
    expect(plan.warnings.map((one) => one.code)).toEqual(['rename-breaks-saml']);
    await settles(stage);
    expect(roleNamed(stage, 'Analytics')).toMatchObject({ id: ID.analyst, authorities: before?.authorities });
  });

  it.each([
    [
      'written forwards',
      ['Finance Viewer: { renamedFrom: [Data Engineer] }', 'Data Engineer: { renamedFrom: [Data Analyst] }'],
    ],
    [
      'written backwards',
      ['Data Engineer: { renamedFrom: [Data Analyst] }', 'Finance Viewer: { renamedFrom: [Data Engineer] }'],
    ],
  ])('follows a chain that is %s', async (_name, lines) => {
    const { stage } = held;
    const state = stage.sandbox.state();
    await stage.sandbox.reset({
      ...state,
      roles: state.roles.filter((role) => role.id !== ID.finance),
      users: state.users.filter((user) => user.roleId !== ID.finance),
      passwords: {},
    });
    await give(stage, `roles:\n${lines.map((line) => `  ${line}\n`).join('')}`);
    await settles(stage);
    expect(namesOf(stage, ID.analyst, ID.engineer)).toEqual(['Data Engineer', 'Finance Viewer']);
  });

  it('lets a new role take the former name of another role', async () => {
    const { stage } = held;
    await give(
      stage,
      `roles:\n  Analytics: { id: ${ID.analyst} }\n  Data Analyst: { description: A new one, grants: [alert.edit] }\n`,
    );
    await settles(stage);
    expect(namesOf(stage, ID.analyst)).toEqual(['Analytics']);
    expect(roleNamed(stage, 'Data Analyst')).toMatchObject({
      description: 'A new one',
      authorities: ['alert.edit'],
    });
  });

  it('never takes the name of a role that the manifest still wants: that role is created, with a warning', async () => {
    const { stage } = held;
    await give(
      stage,
      'roles:\n  Analytics: { renamedFrom: [Data Analyst], description: x }\n  Data Analyst: { description: Stays }\n',
    );
    const plan = await planned(stage);
    expect(plan.warnings.map((one) => one.code)).toContain('new-name-instead');
    expect(plan.changes.map((one) => `${one.kind} ${one.role}`)).toContain('role.create Analytics');
    await settles(stage);
    expect(namesOf(stage, ID.analyst)).toEqual(['Data Analyst']);
  });

  it('does not rename another role when someone deleted one by hand', async () => {
    const { stage } = held;
    await give(
      stage,
      'roles:\n  Old Reporting: { description: x }\n  Data Engineer: { renamedFrom: [Old Reporting] }\n',
    );
    stage.sandbox.edit({
      edit: 'move-users',
      roleId: ID.participant,
      userIds: stage.sandbox
        .state()
        .users.filter((user) => user.roleId === ID.engineer)
        .map((user) => user.id),
    });
    stage.sandbox.edit({ edit: 'delete-role', roleId: ID.engineer });
    const plan = await planned(stage);
    expect(plan.changes.some((one) => one.kind === 'role.update' && one.after.name === 'Data Engineer')).toBe(
      false,
    );
    expect(plan.changes.map((one) => `${one.kind} ${one.role}`)).toContain('role.create Data Engineer');
  });

  it('of a role in removed applies while the new name is not live, and deletes the old role when both are', async () => {
    const { stage } = held;
    const text = 'roles:\n  Reporting: { renamedFrom: [Old Reporting] }\nremoved: [Old Reporting]\n';
    await give(stage, text);
    await settles(stage);
    expect(namesOf(stage, ID.oldReporting)).toEqual(['Reporting']);
    await withRoles(stage, [700_000_001, 'Old Reporting']);
    await settles(stage);
    expect(namesOf(stage, ID.oldReporting, 700_000_001)).toEqual(['Reporting', undefined]);
  });

  it.each([
    ['both names live', 'roles:\n  Finance Viewer: { renamedFrom: [Old Reporting] }\n', 'ambiguous-rename'],
    [
      'several old names live',
      'roles:\n  Analytics: { renamedFrom: [Data Analyst, Old Reporting] }\n',
      'ambiguous-rename',
    ],
    ['a near name live', 'roles:\n  "data  analyst": { description: x }\n', 'ambiguous-name'],
  ])('is refused with %s, and a pin resolves it', async (_name, body, code) => {
    const { stage } = held;
    await give(stage, body);
    const ended = await stage.run('plan', '--format', 'json');
    expect(ended.code).toBe(4);
    const plan = planOf(ended);
    expect(refusedFor(plan)).toContain(code);
    const refusal = plan.refusals.find((one) => one.code === code);
    expect(`${refusal?.hint}`).toContain('id');
    const pinned = body.includes('Finance') ? ID.finance : ID.analyst;
    await give(stage, body.replace('{ ', `{ id: ${pinned}, `));
    expect(refusedFor(planOf(await stage.run('plan', '--format', 'json')))).toEqual([]);
  });

  it.each([
    [
      'two near names without ids',
      'roles:\n  Reader: { description: x }\n  reader: { description: y }\n',
      'near-names',
    ],
    [
      'a cycle',
      'roles:\n  Data Analyst: { renamedFrom: [Data Engineer] }\n  Data Engineer: { renamedFrom: [Data Analyst] }\n',
      'rename-cycle',
    ],
    [
      'two claims of one old name',
      'roles:\n  A: { renamedFrom: [Old Reporting] }\n  B: { renamedFrom: [Old Reporting] }\n',
      'rename-claim',
    ],
  ])('is invalid with %s', async (_name, body, code) => {
    const { stage } = held;
    await give(stage, body);
    const ended = await stage.run('plan');
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain(code);
  });
});

describe('a pinned id', () => {
  const held = stageForFile();
  const SWAP = `roles:
  Data Analyst: { id: ${ID.engineer}, description: Was the engineer }
  Data Engineer: { id: ${ID.analyst} }
`;
  const RING = `roles:
  Data Analyst: { id: ${ID.oldReporting} }
  Data Engineer: { id: ${ID.analyst} }
  Old Reporting: { id: ${ID.engineer} }
`;

  it('finds a role by id alone and renames it', async () => {
    const { stage } = held;
    await give(stage, `roles:\n  Analytics: { id: ${ID.analyst} }\n`);
    await settles(stage);
    expect(namesOf(stage, ID.analyst)).toEqual(['Analytics']);
  });

  it.each([
    ['a swap', SWAP, [ID.analyst, ID.engineer], ['Data Engineer', 'Data Analyst']],
    [
      'a ring',
      RING,
      [ID.analyst, ID.engineer, ID.oldReporting],
      ['Data Engineer', 'Old Reporting', 'Data Analyst'],
    ],
  ])('uses a temporary name for %s, which no role has at the end', async (_name, body, ids, names) => {
    const { stage } = held;
    await give(stage, body);
    await settles(stage);
    expect(namesOf(stage, ...ids)).toEqual(names);
    expect(stage.sandbox.state().roles).toHaveLength(10);
    const renames = writesOf(stage).filter(({ path }) => /\/roles\/\d+$/u.test(path));
    expect(renames).toHaveLength(ids.length + 1);
  });

  it.each([[1], [2]])('recovers from a swap that was interrupted after rename %i', async (after) => {
    const { stage } = held;
    await give(stage, SWAP);
    stage.sandbox.setFaults([
      { name: '500', method: 'PUT', path: `${ROLES}/\\d+$`, nth: after + 1, times: 0 },
    ]);
    const cut = await stage.run('apply', '--yes', '--retries', '0');
    expect(cut.code).toBe(5);
    expect(namesOf(stage, ID.analyst, ID.engineer)).not.toEqual(['Data Engineer', 'Data Analyst']);
    stage.sandbox.setFaults([]);
    await settles(stage);
    expect(namesOf(stage, ID.analyst, ID.engineer)).toEqual(['Data Engineer', 'Data Analyst']);
    expect(stage.sandbox.state().roles).toHaveLength(10);
  });

  it('recovers from an interrupted ring with the saved plan, too', async () => {
    const { stage } = held;
    await give(stage, RING);
    await stage.run('plan', '--out', 'plan.json');
    stage.sandbox.setFaults([{ name: '500', method: 'PUT', path: `${ROLES}/\\d+$`, nth: 2, times: 0 }]);
    expect((await stage.run('apply', 'plan.json', '--yes', '--retries', '0')).code).toBe(5);
    stage.sandbox.setFaults([]);
    expect(await stage.run('apply', 'plan.json', '--yes')).toMatchObject({ code: 0 });
    expect(namesOf(stage, ID.analyst, ID.engineer, ID.oldReporting)).toEqual([
      'Data Engineer',
      'Old Reporting',
      'Data Analyst',
    ]);
    expect((await stage.run('plan', '--detailed-exitcode')).code).toBe(0);
  });
});
