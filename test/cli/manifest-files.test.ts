import { describe, expect, it } from '@jest/globals';
import type { Stage } from '../support/cli.js';
import {
  ID,
  manifest,
  peopleIn,
  planOf,
  planned,
  refusedFor,
  roleNamed,
  settles,
  stageForFile,
  writesOf,
} from './support.js';

async function give(stage: Stage, body: string, file = 'domo-roles.yaml'): Promise<void> {
  await stage.write(file, manifest(body));
}

/** The grants of a role after this plan. */
async function endGrants(stage: Stage, role: string): Promise<readonly string[] | undefined> {
  const plan = await planned(stage);
  const last = plan.changes.filter((one) => one.kind === 'grants.set' && one.role === role).at(-1);
  return last?.kind === 'grants.set' ? last.after : undefined;
}

describe('several manifest files', () => {
  const held = stageForFile();

  it('combine so that later bases override earlier ones and the file overrides all', async () => {
    const { stage } = held;
    await give(
      stage,
      'defaultRole: Editor\nroles:\n  Finance Viewer: { description: From the base, grants: [alert.edit] }\n',
      'bases/one.yaml',
    );
    await give(stage, 'roles:\n  Finance Viewer: { description: From the second }\n', 'bases/two.yaml');
    await give(
      stage,
      'extends: [bases/one.yaml, bases/two.yaml]\ndefaultRole: Participant\nremoved: [Old Reporting]\n',
    );
    await settles(stage);
    expect(roleNamed(stage, 'Finance Viewer')).toMatchObject({
      description: 'From the second',
      authorities: ['alert.edit'],
    });
    expect(stage.sandbox.state().settings.defaultRoleId).toBe(ID.participant);
    expect(roleNamed(stage, 'Old Reporting')).toBeUndefined();
  });

  it('let removed in the file override a role of its base', async () => {
    const { stage } = held;
    await give(stage, 'roles:\n  Old Reporting: { description: Wanted }\n', 'base.yaml');
    await give(stage, 'extends: base.yaml\nremoved: [Old Reporting]\n');
    await settles(stage);
    expect(roleNamed(stage, 'Old Reporting')).toBeUndefined();
  });

  it('can come from a folder or the command line, and a shared base is read only once', async () => {
    const { stage } = held;
    await give(stage, 'roles:\n  Finance Viewer: { description: One }\n', 'domo-roles/a.yaml');
    await give(stage, 'extends: a.yaml\nroles:\n  Old Reporting: { description: Two }\n', 'domo-roles/b.yml');
    await stage.write('domo-roles/below/c.yaml', 'roles: 7\n');
    await settles(stage);
    expect([
      roleNamed(stage, 'Finance Viewer')?.description,
      roleNamed(stage, 'Old Reporting')?.description,
    ]).toEqual(['One', 'Two']);
    expect(
      (await stage.run('plan', 'domo-roles/a.yaml', 'domo-roles/b.yml', '--detailed-exitcode')).code,
    ).toBe(0);
  });

  it('report both places when two files set the same thing', async () => {
    const { stage } = held;
    await give(stage, 'defaultRole: Social\nroles:\n  Finance Viewer: { description: One }\n', 'a.yaml');
    await give(stage, 'defaultRole: Editor\nroles:\n  Finance Viewer: { description: Two }\n', 'b.yaml');
    const ended = await stage.run('plan', 'a.yaml', 'b.yaml');
    expect(ended.code).toBe(3);
    for (const word of ['said-twice', 'duplicate-role', 'a.yaml:3', 'b.yaml:3', 'a.yaml:5', 'b.yaml:5'])
      expect(ended.stderr).toContain(word);
  });

  it.each([
    [
      'a cycle',
      { 'domo-roles.yaml': 'extends: a.yaml\ndefaultRole: Social\n', 'a.yaml': 'extends: domo-roles.yaml\n' },
      'extends-cycle',
    ],
    ['a missing base', { 'domo-roles.yaml': 'extends: gone.yaml\ndefaultRole: Social\n' }, 'base-not-found'],
    [
      'a base outside',
      { 'domo-roles.yaml': 'extends: ../../../etc/passwd\ndefaultRole: Social\n' },
      'path-outside',
    ],
  ])('report %s with its place', async (_name, files, code) => {
    const { stage } = held;
    for (const [file, body] of Object.entries(files)) await give(stage, body, file);
    const ended = await stage.run('plan');
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain(code);
    expect(ended.stderr).toMatch(/\.yaml:3/u);
    expect(ended.stderr).not.toContain('root:');
  });

  it('read members files only from their own folder and show nothing of other files', async () => {
    const { stage } = held;
    await stage.write('people/finance.txt', '# the finance team\nbea@acme.com\nCARL@acme.com  # by hand\n\n');
    await give(
      stage,
      'roles:\n  Finance Viewer: { members: { mode: exact, users: [dora@acme.com], file: people/finance.txt } }\npolicy: { removedMembersTo: Social }\n',
    );
    await settles(stage);
    expect(peopleIn(stage, 'Finance Viewer')).toEqual(['Bea', 'Carl', 'Dora']);
    await give(
      stage,
      'roles:\n  Finance Viewer: { members: { mode: additive, file: ../secrets.txt } }\n',
      'deep/domo-roles.yaml',
    );
    await stage.write('secrets.txt', 'hunter2\n');
    const ended = await stage.run('plan', 'deep/domo-roles.yaml');
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('path-outside');
    expect(ended.stderr).not.toContain('hunter2');
  });
});

describe('composed grants', () => {
  const held = stageForFile();

  it('combine the final grants of another role, sets, additions, removals and optional grants that exist', async () => {
    const { stage } = held;
    await give(
      stage,
      `grantSets:
  authoring: [content.card.edit, content.page.edit]
roles:
  Finance Viewer: { grants: [alert.edit, content.export] }
  Reader:
    grants:
      from: [Finance Viewer]
      sets: [authoring]
      add: [dataset.export]
      remove: [content.export]
      optional: [ai.services, not.on.this.instance]
`,
    );
    expect(await endGrants(stage, 'Reader')).toEqual([
      'ai.services',
      'alert.edit',
      'content.card.edit',
      'content.page.edit',
      'dataset.export',
    ]);
    await settles(stage);
  });

  it('keep extra grants in additive mode and warn of a removal there', async () => {
    const { stage } = held;
    await give(
      stage,
      'roles:\n  Finance Viewer: { grants: { mode: additive, add: [content.export], remove: [alert.edit] } }\n',
    );
    const plan = await planned(stage);
    expect(plan.warnings.map((one) => one.code)).toContain('remove-no-effect');
    await settles(stage);
    expect(roleNamed(stage, 'Finance Viewer')?.authorities.slice().sort()).toEqual([
      'alert.edit',
      'content.export',
      'gateway.oauth.client.create',
    ]);
  });

  it('show no change for grants that the list implies, and list them', async () => {
    const { stage } = held;
    stage.sandbox.edit({
      edit: 'set-grants',
      roleId: ID.finance,
      authorities: ['goal.admin', 'goal.distribute', 'goal.edit'],
    });
    await give(stage, 'roles:\n  Finance Viewer: { grants: [goal.admin] }\n');
    const plan = await planned(stage);
    expect(plan.changes).toEqual([]);
    expect(plan.held).toMatchObject([
      {
        role: 'Finance Viewer',
        grants: [
          { grant: 'goal.distribute', neededBy: ['goal.admin'] },
          { grant: 'goal.edit', neededBy: ['goal.admin'] },
        ],
      },
    ]);
    expect((await stage.run('plan')).stdout).toMatch(/goal\.edit.*goal\.admin/u);
  });

  it('give a new role the final grants of the role it copies', async () => {
    const { stage } = held;
    await give(
      stage,
      'roles:\n  Finance Viewer: { grants: [alert.edit, content.export] }\n  Reader: { basedOn: Finance Viewer, description: Copy }\n',
    );
    await settles(stage);
    expect(roleNamed(stage, 'Reader')?.authorities.slice().sort()).toEqual(['alert.edit', 'content.export']);
  });
});

describe('roles that the manifest does not list', () => {
  const held = stageForFile();
  const CUSTOM = ['Data Analyst', 'Data Engineer', 'Finance Viewer', 'Old Reporting', 'People Manager'];

  it.each([
    ['ignore', 0, []],
    ['report', 0, CUSTOM],
    ['fail', 4, CUSTOM],
  ])('are reported with unmanagedRoles: %s', async (policy, exit, names) => {
    const { stage } = held;
    await give(stage, `defaultRole: Participant\npolicy: { unmanagedRoles: ${policy} }\n`);
    const ended = await stage.run('plan', '--format', 'json');
    expect(ended.code).toBe(exit);
    expect(planOf(ended).unmanaged.roles.map((one) => one.name)).toEqual(names);
    if (exit === 4) expect(refusedFor(planOf(ended))).toEqual(['unmanaged-roles']);
  });

  it('are deleted with unmanagedRoles: delete, with their people moved and the guards on', async () => {
    const { stage } = held;
    const body =
      'roles:\n  Data Analyst: { description: Stays }\npolicy: { unmanagedRoles: delete, removedMembersTo: Participant }\n';
    await give(stage, body);
    const plan = planOf(await stage.run('plan', '--format', 'json'));
    expect(plan.refusals).toMatchObject([{ code: 'max-deletes', figure: 4, limit: 1 }]);
    await settles(stage, '--allow', 'max-deletes=4');
    expect(
      stage.sandbox
        .state()
        .roles.filter((role) => role.id > 5)
        .map((role) => role.name),
    ).toEqual(['Data Analyst']);
    await give(stage, 'defaultRole: Participant\npolicy: { unmanagedRoles: delete }\n');
    const ended = await stage.run('plan');
    expect(ended.code).toBe(3);
    expect(writesOf(stage).filter(({ method }) => method === 'DELETE')).toHaveLength(4);
  });
});

describe('the allowlist', () => {
  const held = stageForFile();

  it('is exactly the list, plus Social and the default role, and can be turned off', async () => {
    const { stage } = held;
    await give(stage, 'allowlist: [Data Analyst]\n');
    await settles(stage);
    expect(
      stage.sandbox
        .state()
        .settings.allowlistRoleIds?.slice()
        .sort((a, b) => a - b),
    ).toEqual([ID.privileged, ID.social, ID.analyst]);
    await give(stage, 'allowlist: off\n');
    await settles(stage);
    expect(stage.sandbox.state().settings.allowlistRoleIds).toBeNull();
  });

  it('is refused when it cannot be read, while the default role can still be set alone', async () => {
    const { stage } = held;
    stage.sandbox.edit({ edit: 'set-allowlist', roleIds: [ID.privileged, ID.social, ID.finance] });
    stage.sandbox.setQuirks({ settingsAbsent: true });
    await give(stage, 'allowlist: [Data Analyst]\n');
    expect(refusedFor(planOf(await stage.run('plan', '--format', 'json')))).toEqual(['allowlist-unreadable']);
    await give(stage, 'defaultRole: Participant\n');
    await settles(stage);
    const { settings } = stage.sandbox.state();
    expect(settings.defaultRoleId).toBe(ID.participant);
    expect(settings.allowlistRoleIds).toEqual(expect.arrayContaining([ID.privileged, ID.social, ID.finance]));
  });

  it('may not contain a role that manages roles', async () => {
    const { stage } = held;
    await give(stage, 'allowlist: [Admin]\n');
    const ended = await stage.run('plan');
    expect([ended.code, ended.stdout]).toEqual([3, '']);
    expect(ended.stderr).toContain('forbidden-on-allowlist');
  });
});

describe('accepted drift', () => {
  const held = stageForFile();
  const body = (until: string): string => `defaultRole: Participant
roles:
  Finance Viewer: { grants: [alert.edit], description: Other, members: [bea@acme.com] }
policy:
  acceptedDrift:
    - { role: Finance Viewer, what: grants, reason: "trial, TICKET-7", until: ${until} }
    - { role: Finance Viewer, what: members, reason: "trial, TICKET-8", until: ${until} }
    - { role: Finance Viewer, what: description, reason: "trial, TICKET-9", until: ${until} }
    - { what: defaultRole, reason: "trial, TICKET-10", until: ${until} }
`;

  it('is left alone and listed with reason and date until it expires', async () => {
    const { stage } = held;
    await give(stage, body('2999-12-31'));
    const plan = await planned(stage);
    expect(plan.changes).toEqual([]);
    expect(plan.accepted.map((one) => `${one.what} ${one.until}`).sort()).toEqual(
      ['defaultRole', 'description', 'grants', 'members'].map((what) => `${what} 2999-12-31`),
    );
    const { stdout } = await stage.run('plan');
    for (const word of ['TICKET-7', 'TICKET-10', '2999-12-31']) expect(stdout).toContain(word);
    expect((await stage.run('apply', '--yes')).code).toBe(0);
    expect(writesOf(stage)).toEqual([]);
  });

  it('is reported again from the day after', async () => {
    const { stage } = held;
    await give(stage, `${body('2001-01-01')}  removedMembersTo: Social\n`);
    const plan = await planned(stage);
    expect(plan.accepted).toEqual([]);
    expect(plan.warnings.filter((one) => one.code === 'accepted-drift-expired')).toHaveLength(4);
    await settles(stage);
    expect(peopleIn(stage, 'Finance Viewer')).toEqual(['Bea']);
  });
});
