import { describe, expect, it } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Drift } from '../../src/drift/drift.js';
import { sealPlan } from '../../src/plan/seal-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import type { Ended, Stage } from '../support/cli.js';
import { stride } from '../support/law.js';
import {
  checked,
  ID,
  manifest,
  outcomeOf,
  personNamed,
  planOf,
  refusedFor,
  roleOf,
  stageForFile,
  writesOf,
} from './support.js';

const BEFORE = '2026-12-01T12:00:00.000Z';
const SOON = '2026-12-20T12:00:00.000Z';
const LAST_MOMENT = '2026-12-31T23:59:59.999Z';
const AFTER = '2027-01-01T00:00:00.000Z';

async function give(stage: Stage, body: string): Promise<void> {
  await stage.write('domo-roles.yaml', manifest(body));
}

async function planAt(stage: Stage, now: string, ...args: string[]): Promise<Plan> {
  return planOf(await stage.runAt(now, 'plan', '--format', 'json', ...args));
}

async function driftAt(stage: Stage, now: string): Promise<Drift> {
  return checked<Drift>(await stage.runAt(now, 'drift', '--format', 'json'), 'drift');
}

async function applyAt(stage: Stage, now: string, ...args: string[]): Promise<Ended> {
  return stage.runAt(now, 'apply', '--yes', '--format', 'json', ...args);
}

function moves({ changes }: Pick<Plan, 'changes'>): string[] {
  return changes.flatMap((one) =>
    one.kind === 'members.move'
      ? one.people.map(
          ({ email, from, why, until }) => `${email} ${from} > ${one.after.role} (${why}, ${until})`,
        )
      : [],
  );
}

function codes({ warnings }: Pick<Plan, 'warnings'>): string[] {
  return warnings.map(({ code }) => code);
}

/** Bo is a Participant, and an Editor for a limited time. */
const BO = `roles:
  Editor: { members: { mode: additive, users: [{ email: bo@acme.com, until: 2026-12-31, note: TICKET-7 }] } }
  Participant: { members: { mode: additive, users: [bo@acme.com] } }
`;

/** The same without a permanent role. */
const BO_ALONE = `roles:
  Editor: { members: { mode: additive, users: [{ email: bo@acme.com, until: 2026-12-31 }] } }
policy: { removedMembersTo: Social }
`;

describe('a membership that ends', () => {
  const held = stageForFile();

  it('holds until its end, after which the person returns to their permanent role', async () => {
    const { stage } = held;
    await give(stage, BO);
    expect(moves(await planAt(stage, BEFORE))).toEqual([
      'bo@acme.com Participant > Editor (listed, 2026-12-31)',
    ]);
    expect(await applyAt(stage, LAST_MOMENT)).toMatchObject({ code: 0 });
    expect(roleOf(stage, 'Bo')).toBe('Editor');
    expect((await planAt(stage, LAST_MOMENT)).changes).toEqual([]);
    const plan = await planAt(stage, AFTER);
    expect(moves(plan)).toEqual(['bo@acme.com Editor > Participant (returns, 2026-12-31)']);
    expect(await applyAt(stage, AFTER)).toMatchObject({ code: 0 });
    expect(roleOf(stage, 'Bo')).toBe('Participant');
    const done = await planAt(stage, AFTER);
    expect(done.changes).toEqual([]);
    expect(done.warnings).toMatchObject([
      {
        code: 'ended-entry',
        message:
          'role "Editor": 1 entry has ended and has no more effect: bo@acme.com (until 2026-12-31, TICKET-7)',
        line: 4,
        hint: 'remove it from the manifest',
      },
    ]);
  });

  it.each(['additive', 'exact'])('is removed from an %s list', async (mode) => {
    const { stage } = held;
    await give(stage, BO_ALONE);
    await applyAt(stage, BEFORE);
    if (mode === 'exact') {
      await give(
        stage,
        'roles: { Data Analyst: { members: [{ email: bo@acme.com, until: 2026-12-31 }] } }\npolicy: { removedMembersTo: Social, maxMoves: 20 }\n',
      );
      await applyAt(stage, BEFORE);
      expect(roleOf(stage, 'Bo')).toBe('Data Analyst');
    }
    expect(await applyAt(stage, AFTER)).toMatchObject({ code: 0 });
    expect(roleOf(stage, 'Bo')).toBe('Social');
  });

  it.each([
    ['2026-12-31T18:00:00+01:00', '2026-12-31T16:59:59.999Z', '2026-12-31T17:00:00.000Z'],
    ['2027-01-01T00:30:00+14:00', '2026-12-31T10:29:59.000Z', '2026-12-31T10:30:00.000Z'],
    ['2026-12-31', '2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z'],
    ['2026-12-31t23:59:59.5z', '2026-12-31T23:59:59.499Z', '2026-12-31T23:59:59.500Z'],
  ])('until %s is active at %s and ended at %s', async (until, last, first) => {
    const { stage } = held;
    await give(stage, BO.replace('2026-12-31', `"${until}"`));
    expect(moves(await planAt(stage, last))).toEqual([`bo@acme.com Participant > Editor (listed, ${until})`]);
    expect(moves(await planAt(stage, first))).toEqual([]);
  });

  it('moves a person who is now in a third role only if they have a permanent entry', async () => {
    const { stage } = held;
    const third = 'roles: { Social: { members: { mode: additive, users: [bo@acme.com] } } }\n';
    await give(stage, third);
    await applyAt(stage, BEFORE);
    await give(stage, BO_ALONE);
    expect(moves(await planAt(stage, AFTER))).toEqual([]);
    await give(stage, BO);
    expect(moves(await planAt(stage, AFTER))).toEqual(['bo@acme.com Social > Participant (listed, null)']);
    expect((await planAt(stage, AFTER, '--only-expired')).changes).toEqual([]);
  });

  it('is refused when it conflicts with the deletion of the default role', async () => {
    const { stage } = held;
    stage.sandbox.edit({ edit: 'set-default-role', roleId: ID.oldReporting });
    await give(stage, `${BO}removed: [Old Reporting]\n`);
    const plan = await planAt(stage, SOON);
    expect(refusedFor(plan)).toEqual(['deletes-default']);
    expect(codes(plan)).toContain('ends-soon');
  });

  it('is never missing or ambiguous after its end, and an exact list of ended entries is empty', async () => {
    const { stage } = held;
    const list = `roles: { Data Analyst: { members: [{ email: gone@acme.com, until: 2026-12-31 }] } }
policy: { removedMembersTo: Social, maxMoves: 20 }
`;
    await give(stage, list);
    expect(refusedFor(await planAt(stage, BEFORE))).toEqual(['missing-people', 'missing-people']);
    const plan = await planAt(stage, AFTER);
    expect(refusedFor(plan)).toEqual([]);
    expect(plan.missingPeople).toEqual([]);
    expect(codes(plan)).toEqual(['ended-entry']);
    expect(moves(plan).every((move) => move.endsWith('> Social (taken-out, null)'))).toBe(true);
    expect(plan.summary.peopleMoved).toBeGreaterThan(0);
  });

  it('is ended despite accepted drift in either role', async () => {
    const { stage } = held;
    await give(stage, BO);
    await applyAt(stage, BEFORE);
    for (const role of ['Editor', 'Participant']) {
      await give(
        stage,
        `${BO}policy: { acceptedDrift: [{ what: members, role: ${role}, reason: r, until: 2028-01-01 }] }\n`,
      );
      const plan = await planAt(stage, AFTER);
      expect(moves(plan)).toEqual(['bo@acme.com Editor > Participant (returns, 2026-12-31)']);
      expect(plan.accepted).toEqual([]);
      expect((await driftAt(stage, AFTER)).summary.differences).toBe(1);
    }
  });

  it('is ended by id even if the address next to it has changed', async () => {
    const { stage } = held;
    const { id } = personNamed(stage.sandbox.state(), 'Bo');
    await give(stage, BO.replace('email: bo@acme.com', `id: ${id}, email: robert@acme.com`));
    expect(moves(await planAt(stage, BEFORE))).toEqual([
      'bo@acme.com Participant > Editor (listed, 2026-12-31)',
    ]);
    expect(await applyAt(stage, BEFORE)).toMatchObject({ code: 0 });
    expect(moves(await planAt(stage, AFTER, '--only-expired'))).toEqual([
      'bo@acme.com Editor > Participant (returns, 2026-12-31)',
    ]);
  });

  it('is ended for the one account of its address that is still in the role', async () => {
    const { stage } = held;
    await give(stage, BO_ALONE);
    await applyAt(stage, BEFORE);
    const state = stage.sandbox.state();
    const twin = { ...personNamed(state, 'Bo'), id: 99, displayName: 'Bo Twin', roleId: ID.participant };
    await stage.sandbox.reset({ ...state, users: [...state.users, twin] });
    for (const args of [[], ['--only-expired']])
      expect(moves(await planAt(stage, AFTER, ...args))).toEqual([
        'bo@acme.com Editor > Social (expired, 2026-12-31)',
      ]);
  });

  it.each(['requiredAdmins: [cy@acme.com]', 'requiredAdmins: [{ id: 1, email: cy@acme.com }]'])(
    'is ended from a saved plan, whoever the policy names: %s',
    async (list) => {
      const { stage } = held;
      await give(stage, BO);
      await applyAt(stage, BEFORE);
      const state = stage.sandbox.state();
      const twins = [98, 99].map((id) => ({
        ...personNamed(state, 'Bo'),
        ...{ id, email: 'cy@acme.com', displayName: 'Cy' },
      }));
      await stage.sandbox.reset({ ...state, users: [...state.users, ...twins] });
      await give(stage, `${BO}policy: { ${list} }\n`);
      expect(refusedFor(await planAt(stage, AFTER))).toContain('ambiguous-person');
      expect((await stage.runAt(AFTER, 'plan', '--only-expired', '--out', 'plan.json')).code).toBe(0);
      expect((await stage.runAt(AFTER, 'apply', 'plan.json', '--yes')).code).toBe(0);
      expect(personNamed(stage.sandbox.state(), 'Bo').roleId).toBe(ID.participant);
    },
  );

  it('is checked for two spellings of one person on the instance', async () => {
    const { stage } = held;
    const { id } = stage.sandbox.state().users.find(({ displayName }) => displayName.startsWith('Bo '))!;
    const timed = `Editor: { members: { mode: additive, users: [{ email: bo@acme.com, until: 2020-01-31 }] } }`;
    const conflicts = [
      `roles:\n  ${timed}\n  Social: { members: { mode: additive, users: [{ id: ${id}, until: 2026-12-31 }] } }\npolicy: { removedMembersTo: Participant }`,
      `roles:\n  Editor: { members: { mode: additive, users: [{ id: ${id} }, { email: bo@acme.com, until: 2020-01-31 }] } }`,
    ];
    for (const body of conflicts) {
      await give(stage, body);
      const ended = await stage.runAt(BEFORE, 'plan');
      expect(ended).toMatchObject({ code: 3 });
      expect(ended.stderr).toContain('by two spellings');
    }
    await give(stage, `roles:\n  ${timed}\n  Social: { members: { mode: additive, users: [{ id: 1 }] } }`);
    const unclear = await stage.runAt(BEFORE, 'plan');
    expect(unclear).toMatchObject({ code: 3 });
    expect(unclear.stderr).toContain('bo@acme.com of role "Editor" has no role to go to after 2020-01-31');
  });
});

describe('a membership that ends soon', () => {
  const held = stageForFile();

  it.each([
    ['2026-12-16T23:59:59.000Z', []],
    ['2026-12-17T00:00:00.000Z', ['ends-soon']],
    [LAST_MOMENT, ['ends-soon']],
    [AFTER, ['ended-entry']],
  ])('is announced by its day at %s: %j', async (now, expected) => {
    const { stage } = held;
    await give(stage, BO);
    expect(codes(await planAt(stage, now))).toEqual(expected);
    expect(codes(await driftAt(stage, now))).toEqual(expected);
  });

  it('lists people by day, in bytes that do not depend on the hour', async () => {
    const { stage } = held;
    await give(
      stage,
      `roles:
  Editor: { members: { mode: additive, users: [{ email: bo@acme.com, until: 2026-12-31 }, { email: iris@acme.com, until: "2026-12-31T08:00:00Z" }] } }
  Participant: { members: { mode: additive, users: [bo@acme.com, iris@acme.com, ana@acme.com] } }
  Social: { members: { mode: additive, users: [{ email: ana@acme.com, until: 2026-12-24, note: "away\\u0007" }] } }
`.replace(', note: "away\\u0007"', ', note: away'),
    );
    const plan = await planAt(stage, SOON);
    expect(plan.warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'ends-soon: role "Social": 1 membership ends on 2026-12-24: ana@acme.com (until 2026-12-24, away)',
      'ends-soon: role "Editor": 2 memberships end on 2026-12-31: iris@acme.com (until 2026-12-31T08:00:00Z); bo@acme.com (until 2026-12-31)',
    ]);
    const later = await planAt(stage, '2026-12-20T23:00:00.000Z');
    expect({ ...later, madeAt: plan.madeAt }).toEqual(plan);
  });

  it('warns of a rule that its end would break, while an end alone is refused only for new violations', async () => {
    const { stage } = held;
    const rule = '{ role: Social, emails: ["root@acme.com"] }';
    const body = `roles:
  Editor: { members: { mode: additive, users: [{ email: bo@acme.com, until: 2026-12-31 }] } }
policy: { removedMembersTo: Social, rules: { few: ${rule} } }
`;
    await give(stage, body);
    const plan = await planAt(stage, SOON);
    expect(plan.warnings.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('the ends of 2026-12-31 would be refused (rule)'),
    );
    expect((await driftAt(stage, SOON)).warnings).toEqual(
      expect.arrayContaining(plan.warnings.filter(({ code }) => code === 'end-would-be-refused')),
    );
    await applyAt(stage, SOON);
    expect(refusedFor(await planAt(stage, AFTER, '--only-expired'))).toEqual(['rule']);
    await give(stage, body.replace('role: Social', 'role: Participant'));
    expect(refusedFor(await planAt(stage, AFTER, '--only-expired'))).toEqual([]);
  });

  it('warns of a guard that its end would break', async () => {
    const { stage } = held;
    await give(
      stage,
      `roles:
  Admin: { members: [{ email: bo@acme.com, until: 2026-12-31 }] }
policy: { removedMembersTo: Participant, maxMoves: 20, requiredAdmins: [bo@acme.com] }
`,
    );
    const plan = await planAt(stage, SOON);
    const found = plan.warnings
      .filter(({ code }) => code === 'end-would-be-refused')
      .map(({ message }) => message);
    expect(found).toEqual([
      expect.stringContaining('the ends of 2026-12-31 would be refused (min-admins): 0 active people'),
      expect.stringContaining('the ends of 2026-12-31 would be refused (required-admins): bo@acme.com'),
    ]);
    expect(codes(await driftAt(stage, SOON))).toEqual(expect.arrayContaining(['end-would-be-refused']));
    expect(codes(await planAt(stage, BEFORE))).not.toContain('end-would-be-refused');
  });
});

describe('a saved plan with timed members', () => {
  const held = stageForFile();

  async function save(stage: Stage, now: string, ...args: string[]): Promise<void> {
    expect(await stage.runAt(now, 'plan', '--out', 'plan.json', ...args)).toMatchObject({ code: 0 });
  }

  it('is stale once an entry has ended through which it moves someone in', async () => {
    const { stage } = held;
    await give(stage, `${BO}  Social: { members: { mode: additive, users: [ana@acme.com] } }\n`);
    await save(stage, BEFORE);
    for (const more of [[], ['--dry-run']]) {
      const ended = await stage.runAt(AFTER, 'apply', 'plan.json', '--yes', '--format', 'json', ...more);
      expect(ended.code).toBe(4);
      expect(JSON.parse(ended.stdout)).toMatchObject({
        refusals: [
          {
            code: 'stale-plan',
            figure: 1,
            items: ['bo@acme.com was to be in role "Editor" until 2026-12-31'],
          },
        ],
      });
    }
    expect(writesOf(stage)).toEqual([]);
    expect(await stage.runAt(LAST_MOMENT, 'apply', 'plan.json', '--yes')).toMatchObject({ code: 0 });
    expect(roleOf(stage, 'Bo')).toBe('Editor');
    expect(roleOf(stage, 'Ana')).toBe('Social');
  });

  it('ends memberships by the clock of the run that planned it, even if the clock was set back', async () => {
    const { stage } = held;
    await give(stage, BO);
    await applyAt(stage, BEFORE);
    await save(stage, AFTER, '--only-expired');
    expect(await applyAt(stage, BEFORE, 'plan.json')).toMatchObject({ code: 0 });
    expect(roleOf(stage, 'Bo')).toBe('Participant');
    // A nightly run whose clock is behind does not restore ended memberships.
    expect(outcomeOf(await applyAt(stage, BEFORE, '--only-expired')).changes).toEqual([]);
    expect(roleOf(stage, 'Bo')).toBe('Participant');
  });

  it('decides once what has ended, even if the clock changes during the run', async () => {
    const { stage } = held;
    await give(stage, BO);
    let calls = 0;
    const falling = (): number => Date.parse(AFTER) - 1 - 1000 * calls++;
    expect(await stage.runAt(falling, 'apply', '--yes')).toMatchObject({ code: 0 });
    expect(roleOf(stage, 'Bo')).toBe('Editor');
    calls = 0;
    const rising = (): number => Date.parse(AFTER) + 1000 * calls++;
    expect(await stage.runAt(rising, 'apply', '--dry-run')).toMatchObject({ code: 0 });
    calls = 0;
    expect(await stage.runAt(rising, 'apply', '--yes')).toMatchObject({ code: 0 });
    expect(roleOf(stage, 'Bo')).toBe('Participant');
  });

  it.each<[string, (plan: Plan) => Plan]>([
    ['a later until', (plan) => edited(plan, { until: '2026-06-01' })],
    ['an invalid until', (plan) => edited(plan, { until: '2026-02-30' })],
    ['an end without until', (plan) => edited(plan, { why: 'expired', until: null })],
    ['an end in the future', (plan) => edited(plan, { why: 'returns' })],
    ['an until without an entry', (plan) => edited(plan, { why: 'taken-out' })],
    ['a plan of ends that gives access', (plan) => ({ ...plan, onlyExpired: true })],
  ])('is rejected with %s', async (_, edit) => {
    const { stage } = held;
    await give(stage, BO);
    await save(stage, BEFORE);
    const path = join(stage.folder, 'plan.json');
    const plan = JSON.parse(await readFile(path, 'utf8')) as Plan;
    await writeFile(path, JSON.stringify(sealPlan(edit(plan))));
    const ended = await applyAt(stage, BEFORE, 'plan.json');
    expect(ended).toMatchObject({ code: 4 });
    expect(ended.stdout).toContain('plan-tampered');
    await writeFile(path, JSON.stringify(edit(plan)));
    expect(await applyAt(stage, BEFORE, 'plan.json')).toMatchObject({ code: 4 });
    expect(writesOf(stage)).toEqual([]);
  });

  it('rejects --only-expired', async () => {
    const { stage } = held;
    await give(stage, BO);
    await save(stage, BEFORE);
    const ended = await stage.runAt(BEFORE, 'apply', 'plan.json', '--yes', '--only-expired');
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toContain('only-expired goes with a manifest');
  });
});

function edited(
  plan: Plan,
  fields: Partial<{ why: 'expired' | 'returns' | 'taken-out'; until: string | null }>,
): Plan {
  return {
    ...plan,
    changes: plan.changes.map((change) =>
      change.kind === 'members.move'
        ? { ...change, people: change.people.map((move) => ({ ...move, ...fields })) }
        : change,
    ),
  };
}

describe('--only-expired', () => {
  const held = stageForFile();

  /**
   * Causes that refuse any other plan: a missing person, an unmanaged role, too few administrators, an unknown grant.
   */
  const BROKEN = `${BO}  Finance: { members: { mode: additive, users: [nobody@acme.com] }, grants: [no.such.grant] }
  New Role: { grants: [dataset.export] }
removed: [People Manager]
policy: { minAdmins: 20, requiredAdmins: [nobody@acme.com], unmanagedRoles: fail, maxDeletes: 0 }
`;

  it('ends expired memberships, and neither changes nor refuses anything else', async () => {
    const { stage } = held;
    await give(stage, BO);
    await applyAt(stage, BEFORE);
    await give(stage, BROKEN);
    expect(await stage.runAt(AFTER, 'plan')).toMatchObject({ code: 3 });
    const plan = await planAt(stage, AFTER, '--only-expired');
    expect(plan).toMatchObject({ onlyExpired: true, refusals: [], warnings: [], missingPeople: [] });
    expect(moves(plan)).toEqual(['bo@acme.com Editor > Participant (returns, 2026-12-31)']);
    expect(plan.changes).toHaveLength(1);
    const outcome = outcomeOf(await applyAt(stage, AFTER, '--only-expired'));
    expect(outcome.changes).toMatchObject([{ kind: 'members.move', status: 'done' }]);
    expect(roleOf(stage, 'Bo')).toBe('Participant');
    const again = await stage.runAt(AFTER, 'apply', '--only-expired', '--yes');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain('No memberships to end.');
    expect(writesOf(stage)).toHaveLength(2);
  });

  it('saves a plan that is applied under the same guards', async () => {
    const { stage } = held;
    await give(stage, BO);
    await applyAt(stage, BEFORE);
    await give(stage, BROKEN);
    expect(await stage.runAt(AFTER, 'plan', '--only-expired', '--out', 'plan.json')).toMatchObject({
      code: 0,
    });
    expect(await applyAt(stage, AFTER, 'plan.json', '--dry-run')).toMatchObject({ code: 0 });
    expect(await applyAt(stage, AFTER, 'plan.json')).toMatchObject({ code: 0 });
    expect(roleOf(stage, 'Bo')).toBe('Participant');
  });

  it.each<[string, string, string]>([
    ['min-admins', 'minAdmins: 20', 'Admin'],
    ['required-admins', 'requiredAdmins: [bo@acme.com]', 'Admin'],
    ['max-moves', 'maxMoves: 0', 'Editor'],
  ])('is refused for %s that the ends themselves violate', async (code, policy, role) => {
    const { stage } = held;
    const body = `roles:\n  ${role}: { members: { mode: additive, users: [{ email: bo@acme.com, until: 2026-12-31 }] } }\npolicy: { removedMembersTo: Participant`;
    await give(stage, `${body} }`);
    expect(await applyAt(stage, BEFORE, '--allow', 'escalation')).toMatchObject({ code: 0 });
    await give(stage, `${body}, ${policy} }`);
    expect(refusedFor(await planAt(stage, AFTER, '--only-expired'))).toEqual([code]);
    const allow = code === 'max-moves' ? `${code}=1` : code;
    expect(await applyAt(stage, AFTER, '--only-expired', '--allow', allow)).toMatchObject({ code: 0 });
    expect(roleOf(stage, 'Bo')).toBe('Participant');
  });

  it('is refused as an escalation when the permanent role can do more', async () => {
    const { stage } = held;
    await give(
      stage,
      `roles:
  Social: { members: { mode: additive, users: [{ email: bo@acme.com, until: 2026-12-31 }] } }
  Admin: { members: { mode: additive, users: [bo@acme.com] } }
`,
    );
    await applyAt(stage, BEFORE);
    expect(roleOf(stage, 'Bo')).toBe('Social');
    expect(refusedFor(await planAt(stage, AFTER, '--only-expired'))).toEqual(['escalation']);
    expect(codes(await planAt(stage, SOON))).toContain('end-would-be-refused');
  });

  it('uses removedMembersTo or warns when the permanent role is not live yet', async () => {
    const { stage } = held;
    await give(stage, BO);
    await applyAt(stage, BEFORE);
    const late = BO.replace('Participant:', 'Not Live:');
    await give(stage, late);
    const stuck = await planAt(stage, AFTER, '--only-expired');
    expect(stuck.changes).toEqual([]);
    expect(codes(stuck)).toEqual(['end-without-role']);
    await give(stage, `${late}policy: { removedMembersTo: Social }\n`);
    expect(moves(await planAt(stage, AFTER, '--only-expired'))).toEqual([
      'bo@acme.com Editor > Social (expired, 2026-12-31)',
    ]);
  });

  it('still rejects the manifest of another instance', async () => {
    const { stage } = held;
    await give(stage, `instance: elsewhere\n${BO}`);
    expect(refusedFor(await planAt(stage, AFTER, '--only-expired'))).toEqual(['instance-mismatch']);
  });
});

describe('reports of ended memberships', () => {
  const held = stageForFile();

  it.each(['text', 'markdown', 'html', 'junit', 'sarif', 'json'])(
    'contain reason and until of a plan in %s',
    async (format) => {
      const { stage } = held;
      await give(stage, BO);
      const before = await stage.runAt(BEFORE, 'plan', '--format', format);
      expect(before).toMatchObject({ code: 0 });
      expect(before.stdout).toMatch(format === 'json' ? /"until": "2026-12-31"/u : /until `?2026-12-31/u);
      await applyAt(stage, BEFORE);
      const returns = await stage.runAt(AFTER, 'plan', '--only-expired', '--format', format);
      expect(returns.stdout).toMatch(
        format === 'json'
          ? /"why": "returns",\s+"until": "2026-12-31"/u
          : /their membership has ended, they return: until `?2026-12-31/u,
      );
      await give(stage, BO_ALONE);
      const expired = await stage.runAt(AFTER, 'plan', '--format', format);
      expect(expired.stdout).toMatch(
        format === 'json' ? /"why": "expired"/u : /their membership has ended: until `?2026-12-31/u,
      );
    },
  );

  it.each(['text', 'markdown', 'html', 'junit', 'github', 'sarif'])(
    'show how late an end is in drift as %s',
    async (format) => {
      const { stage } = held;
      await give(stage, BO);
      await applyAt(stage, BEFORE);
      for (const [now, late] of [
        [AFTER, '0 minutes late'],
        ['2027-01-01T05:10:00.000Z', '5 hours late'],
        ['2027-01-03T23:00:00.000Z', '2 days late'],
      ] as const) {
        const args =
          format === 'github' || format === 'sarif'
            ? ['--report', `${format}=out.txt`]
            : ['--format', format];
        const ended = await stage.runAt(now, 'drift', ...args);
        expect(ended).toMatchObject({ code: 2 });
        const text =
          args[0] === '--report' ? await readFile(join(stage.folder, 'out.txt'), 'utf8') : ended.stdout;
        expect(text).toContain(`ended 2026-12-31, ${late}`);
        if (format === 'markdown')
          expect(text).toContain(
            `- \`bo@acme.com\` (ended 2026-12-31, ${late}) is listed in \`Participant\``,
          );
      }
    },
  );

  it('contain the until of an ended entry among the members of a drift document', async () => {
    const { stage } = held;
    await give(stage, BO);
    await applyAt(stage, BEFORE);
    const { members, changes } = await driftAt(stage, AFTER);
    expect(members).toMatchObject([
      { role: 'Editor', extra: [{ email: 'bo@acme.com', to: 'Participant', until: '2026-12-31' }] },
      { role: 'Participant', missing: [{ email: 'bo@acme.com', from: 'Editor' }] },
    ]);
    expect(changes).toMatchObject([{ role: 'Editor', people: [{ why: 'returns', until: '2026-12-31' }] }]);
  });
});

describe('thirty nights', () => {
  const held = stageForFile();

  it('end every entry on its night despite a missing person and a violated guard elsewhere', async () => {
    const { stage } = held;
    const until: Record<string, string> = {
      bo: '2026-12-04',
      iris: '2026-12-15T12:00:00Z',
      ana: '2026-12-28',
    };
    const timed = Object.entries(until).map(([name, end]) => `{ email: ${name}@acme.com, until: "${end}" }`);
    const body = `roles:
  Editor: { members: { mode: additive, users: [${timed.join(', ')}] } }
  Social: { members: { mode: additive, users: [bo@acme.com, ana@acme.com] } }
`;
    const destination = 'removedMembersTo: Participant';
    await give(stage, `${body}policy: { ${destination} }\n`);
    expect(await applyAt(stage, '2026-12-01T03:00:00Z')).toMatchObject({ code: 0 });
    await give(
      stage,
      `${body}  Finance: { members: { mode: additive, users: [nobody@acme.com] } }
policy: { ${destination}, minAdmins: 50, unmanagedRoles: fail }
`,
    );
    expect(await stage.runAt('2026-12-01T03:00:00Z', 'plan')).toMatchObject({ code: 4 });
    const last: Record<string, string> = {};
    const ends = [4, 15, 28];
    for (let night = 1; night <= 30; night += 1) {
      // To save time, every third night and those around an end.
      if (night % stride(3) !== 0 && ends.every((end) => Math.abs(end - night) > 1)) continue;
      const day = `2026-12-${String(night).padStart(2, '0')}`;
      expect(await stage.runAt(`${day}T03:00:00Z`, 'apply', '--only-expired', '--yes')).toMatchObject({
        code: 0,
      });
      for (const [first, name] of [
        ['Bo', 'bo'],
        ['Iris', 'iris'],
        ['Ana', 'ana'],
      ] as const)
        if (roleOf(stage, first) === 'Editor') last[name] = day;
    }
    // A day lasts until its end, so the following night ends it. A time at noon ends in the following night.
    expect(last).toEqual({ bo: '2026-12-04', iris: '2026-12-15', ana: '2026-12-28' });
    expect([roleOf(stage, 'Bo'), roleOf(stage, 'Iris'), roleOf(stage, 'Ana')]).toEqual([
      'Social',
      'Participant',
      'Social',
    ]);
  });
});
