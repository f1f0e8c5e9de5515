import { describe, expect, it } from '@jest/globals';
import type { SandboxState } from '../../src/sandbox/index.js';
import type { Plan } from '../../src/plan/plan.js';
import {
  ID,
  checked,
  manifest,
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

interface Case {
  body: string;
  figure: number | null;
  limit: number | null;
  key: string | null;
  flag: string | null;
  /** Other refusals of the same plan. */
  beside?: readonly string[];
  /** The instance, if the small company is not suitable. */
  state?: (state: SandboxState) => SandboxState;
}

/** A custom role that may manage roles. */
const KEEPER = 777_000_111;
const withKeeper = (state: SandboxState): SandboxState => ({
  ...state,
  roles: [
    ...state.roles,
    {
      id: KEEPER,
      name: 'Keeper',
      description: null,
      authorities: ['authorization.roles', 'user.edit'],
      created: 0,
      modified: 0,
    },
  ],
});

const onlyAdmins = (state: SandboxState): SandboxState => ({
  ...state,
  users: state.users.filter((user) => user.roleId === 1),
});

/** Guards that a run may allow. */
const ALLOWABLE: Record<string, Case> = {
  'min-admins': {
    body: 'defaultRole: Participant\npolicy: { minAdmins: 4 }\n',
    figure: 3,
    limit: 4,
    key: 'policy.minAdmins',
    flag: '--allow min-admins',
  },
  'required-admins': {
    body: 'defaultRole: Participant\npolicy: { requiredAdmins: [bo@acme.com] }\n',
    figure: 1,
    limit: 0,
    key: 'policy.requiredAdmins',
    flag: '--allow required-admins',
  },
  'self-lockout': {
    body: 'roles:\n  Participant: { members: { mode: additive, users: [root@acme.com] } }\n',
    figure: null,
    limit: null,
    key: null,
    flag: '--allow self-lockout',
  },
  escalation: {
    body: 'roles:\n  Admin: { members: { mode: additive, users: [bo@acme.com] } }\n',
    figure: 1,
    limit: 0,
    key: 'policy.protectedGrants',
    flag: '--allow escalation',
  },
  'max-deletes': {
    body: 'removed: [Old Reporting, Finance Viewer]\npolicy: { removedMembersTo: Participant }\n',
    figure: 2,
    limit: 1,
    key: 'policy.maxDeletes',
    flag: '--allow max-deletes=2',
  },
  'max-moves': {
    body: 'roles:\n  Finance Viewer: { members: { mode: additive, users: [bo@acme.com, iris@acme.com] } }\npolicy: { maxMoves: 1 }\n',
    figure: 2,
    limit: 1,
    key: 'policy.maxMoves',
    flag: '--allow max-moves=2',
  },
  'max-grant-changes': {
    body: 'roles:\n  Finance Viewer: { grants: [content.export] }\npolicy: { maxGrantChanges: 2 }\n',
    figure: 3,
    limit: 2,
    key: 'policy.maxGrantChanges',
    flag: '--allow max-grant-changes=3',
  },
  'missing-people': {
    body: 'roles:\n  Finance Viewer: { members: { mode: additive, users: [nobody@acme.com, gone@acme.com] } }\n',
    figure: 2,
    limit: 0,
    key: null,
    flag: '--allow missing-people',
  },
};

/** Guards that nothing allows. */
const FIRM: Record<string, Case> = {
  'no-destination': {
    body: 'roles:\n  Finance Viewer: { members: [bea@acme.com] }\n',
    figure: 3,
    limit: 0,
    key: 'policy.removedMembersTo',
    flag: null,
  },
  'ambiguous-name': {
    body: 'roles:\n  data analyst: { description: Near }\n',
    figure: null,
    limit: null,
    key: null,
    flag: null,
  },
  'ambiguous-rename': {
    body: 'roles:\n  Finance Viewer: { description: x, renamedFrom: [Old Reporting] }\n',
    figure: null,
    limit: null,
    key: null,
    flag: null,
  },
  'deletes-default': {
    body: 'removed: [Old Reporting]\n',
    figure: null,
    limit: null,
    key: 'defaultRole',
    flag: null,
    state: (state) => ({ ...state, settings: { ...state.settings, defaultRoleId: ID.oldReporting } }),
  },
  'default-forbidden': {
    body: 'defaultRole: Keeper\n',
    figure: null,
    limit: null,
    key: 'defaultRole',
    flag: null,
    beside: ['escalation'],
    state: withKeeper,
  },
  'unmanaged-roles': {
    body: 'defaultRole: Participant\npolicy: { unmanagedRoles: fail }\n',
    figure: 5,
    limit: 0,
    key: 'policy.unmanagedRoles',
    flag: null,
  },
  'instance-mismatch': {
    body: 'instance: another\ndefaultRole: Participant\n',
    figure: null,
    limit: null,
    key: 'instance',
    flag: null,
  },
  'ambiguous-person': {
    body: 'roles:\n  Finance Viewer: { members: { mode: additive, users: [bo@acme.com] } }\n',
    figure: null,
    limit: null,
    key: null,
    flag: null,
    state: (state) => ({
      ...state,
      users: state.users.map((user) =>
        user.displayName.startsWith('Iris') ? { ...user, email: 'Bo@acme.com' } : user,
      ),
    }),
  },
};

describe('a guard', () => {
  const held = stageForFile();

  it.each(Object.entries({ ...ALLOWABLE, ...FIRM }))(
    '%s refuses both plan and apply, names figure, limit, key and flag, and writes nothing',
    async (code, one) => {
      const { stage } = held;
      if (one.state) await stage.sandbox.reset(one.state(stage.sandbox.state()));
      await stage.write('domo-roles.yaml', manifest(one.body));
      const ended = await stage.run('plan', '--format', 'json', '--out', 'plan.json');
      expect(ended).toMatchObject({ code: 4, stderr: '' });
      const plan = planOf(ended);
      expect(refusedFor(plan)).toEqual([code, ...(one.beside ?? [])].sort());
      const refusal = plan.refusals.find((each) => each.code === code);
      expect(refusal).toMatchObject({ figure: one.figure, limit: one.limit, key: one.key, flag: one.flag });
      // The file is still written, for the review.
      const saved = await stage.run('report', 'plan.json', '--format', 'json');
      expect(saved.stdout).toBe(ended.stdout);

      const applied = await stage.run('apply', '--yes', '--format', 'json');
      expect(applied.code).toBe(4);
      const { refusals } = checked<{ refusals: Plan['refusals'] }>(applied, 'error');
      expect(refusals).toEqual(plan.refusals);
      expect(applied.stderr).toContain(code);
      if (one.flag) expect(applied.stderr).toContain(one.flag);
      expect(writesOf(stage)).toEqual([]);
    },
  );

  it.each(Object.entries(ALLOWABLE))(
    '%s passes with its flag, and the reason is recorded',
    async (code, one) => {
      const { stage } = held;
      await stage.write('domo-roles.yaml', manifest(one.body));
      const flag = (one.flag ?? '').split(' ');
      const plan = await planned(stage, ...flag, '--reason', 'TICKET-7');
      expect(plan.refusals).toEqual([]);
      expect(plan.allowed).toMatchObject([{ code, reason: 'TICKET-7' }]);
      expect(await stage.run('apply', '--yes', ...flag)).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it.each([['max-deletes'], ['max-moves'], ['max-grant-changes']])(
    '%s is not allowed by a smaller number',
    async (code) => {
      const { stage } = held;
      const one = ALLOWABLE[code] as Case;
      await stage.write('domo-roles.yaml', manifest(one.body));
      const ended = await stage.run('apply', '--yes', '--allow', `${code}=${Number(one.figure) - 1}`);
      expect(ended.code).toBe(4);
      expect(ended.stderr).toContain(code);
      expect(writesOf(stage)).toEqual([]);
    },
  );

  it('runs even when nothing changes', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', manifest('defaultRole: Privileged\npolicy: { minAdmins: 9 }\n'));
    const plan = planOf(await stage.run('plan', '--format', 'json'));
    expect([plan.changes, refusedFor(plan)]).toEqual([[], ['min-admins']]);
    expect((await stage.run('apply', '--yes')).code).toBe(4);
  });

  it('is reported together with all other refusals', async () => {
    const { stage } = held;
    await stage.sandbox.reset(withKeeper(stage.sandbox.state()));
    await stage.write(
      'domo-roles.yaml',
      manifest(`instance: another
defaultRole: Keeper
roles:
  Admin: { members: { mode: additive, users: [bo@acme.com, nobody@acme.com] } }
  Finance Viewer: { grants: [user.edit], members: [bea@acme.com] }
  Social: { members: { mode: additive, users: [root@acme.com, ines@acme.com] } }
removed: [Old Reporting, People Manager]
policy: { minAdmins: 3, requiredAdmins: [ines@acme.com], maxMoves: 1, maxGrantChanges: 0, unmanagedRoles: fail }
`),
    );
    const every = [
      'default-forbidden',
      'escalation',
      'instance-mismatch',
      'max-deletes',
      'max-grant-changes',
      'max-moves',
      'min-admins',
      'missing-people',
      'no-destination',
      'required-admins',
      'self-lockout',
      'unmanaged-roles',
    ];
    const ended = await stage.run('plan', '--format', 'json');
    expect(ended).toMatchObject({ code: 4, stderr: '' });
    expect(refusedFor(planOf(ended))).toEqual(every);
    for (const format of ['text', 'markdown', 'html', 'junit', 'sarif', 'github']) {
      const { stdout } = await stage.run('plan', '--format', format);
      for (const code of every) expect(stdout).toContain(code);
    }
    const { stderr } = await stage.run('apply', '--yes');
    for (const code of every) expect(stderr).toContain(code);
  });
});

describe('guards on the power of people', () => {
  const held = stageForFile();

  it('count only active administrators: not deleted, support, system or pending accounts', async () => {
    const { stage } = held;
    const state = stage.sandbox.state();
    await stage.sandbox.reset({
      ...state,
      users: state.users.map((user) =>
        /^(?:Ines|Tomas) /u.test(user.displayName) ? { ...user, roleId: 4 } : user,
      ),
      roles: withKeeper(state).roles,
      tokens: { ...state.tokens, [stage.sandbox.token]: personNamed(state, 'Tomas').id },
    });
    // Tomas acts through a role that keeps the grant; Root is the last active one in Admin.
    const tomas = personNamed(stage.sandbox.state(), 'Tomas').id;
    stage.sandbox.edit({ edit: 'move-users', roleId: KEEPER, userIds: [tomas] });
    await stage.write(
      'domo-roles.yaml',
      manifest(
        'roles:\n  Participant: { members: { mode: additive, users: [root@acme.com, tomas@acme.com] } }\n',
      ),
    );
    const plan = planOf(await stage.run('plan', '--format', 'json'));
    expect(plan.refusals.find((one) => one.code === 'min-admins')).toMatchObject({
      figure: 0,
      limit: 1,
      items: [],
    });
  });

  it("refuse a move of the token's owner out of their role, or make it the last change when it is allowed", async () => {
    const { stage } = held;
    await stage.write(
      'domo-roles.yaml',
      manifest(`roles:
  Participant: { members: { mode: additive, users: [root@acme.com] } }
  Social: { members: { mode: additive, users: [ines@acme.com] } }
  Finance Viewer: { grants: [alert.edit] }
removed: [Old Reporting]
`),
    );
    expect(refusedFor(planOf(await stage.run('plan', '--format', 'json')))).toEqual(['self-lockout']);
    const ended = await stage.run('apply', '--yes', '--allow', 'self-lockout', '--concurrency', '1');
    expect(ended).toMatchObject({ code: 0 });
    expect(writesOf(stage).at(-1)?.path).toContain('/roles/4/users');
    expect([roleOf(stage, 'Root'), roleOf(stage, 'Ines')]).toEqual(['Participant', 'Social']);
    expect(roleNamed(stage, 'Old Reporting')).toBeUndefined();
  });

  it('compare the share of people who move with the limit', async () => {
    const { stage } = held;
    const company = onlyAdmins(stage.sandbox.state());
    const state = { ...company, users: company.users.filter((user) => !user.isPending) };
    const admins = state.users.filter((user) => !user.deleted && !user.isSupport && !user.isSystemUser);
    const [someone] = admins;
    if (!someone) throw new Error('there are administrators');
    const users = Array.from({ length: 12 - admins.length }, (_, index) => ({
      ...someone,
      id: 1_700_000_000 + index,
      displayName: `Person ${index}`,
      email: `person${index}@acme.com`,
      roleId: 4,
    }));
    await stage.sandbox.reset({ ...state, users: [...state.users, ...users], passwords: {} });
    const listed = users.map((user) => user.email).join(', ');
    await stage.write(
      'domo-roles.yaml',
      manifest(
        `roles:\n  Social: { members: { mode: additive, users: [${listed}] } }\npolicy: { maxMoves: "30%" }\n`,
      ),
    );
    const plan = await planned(stage);
    // 30 % of twelve is three, and the minimum of a share is ten.
    expect(plan.summary.peopleMoved).toBe(9);
    expect(plan.refusals).toEqual([]);
    await stage.write(
      'domo-roles.yaml',
      manifest(
        `roles:\n  Social: { members: { mode: additive, users: [${listed}] } }\npolicy: { maxMoves: 3 }\n`,
      ),
    );
    const refused = planOf(await stage.run('plan', '--format', 'json'));
    expect(refused.refusals).toMatchObject([
      { code: 'max-moves', figure: 9, limit: 3, flag: '--allow max-moves=9' },
    ]);
    expect(refused.refusals[0]?.message).toContain('9 of 12 people');
    await settles(stage, '--allow', 'max-moves=9');
  });
});
