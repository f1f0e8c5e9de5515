import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import stableStringify from 'safe-stable-stringify';
import type { Plan } from '../../src/plan/plan.js';
import type { Stage } from '../support/cli.js';
import { runWithin } from '../support/in-process.js';
import {
  ID,
  checked,
  manifest,
  outcomeOf,
  personNamed,
  planOf,
  refusedFor,
  roleNamed,
  roleOf,
  stageForFile,
  writesOf,
} from './support.js';
import { targetOf } from '../support/cli.js';

const MANIFEST = manifest(`roles:
  Data Analyst:
    description: Looks into data
    grants: { mode: additive, add: [fileshare.create] }
    members: { mode: additive, users: [bo@acme.com] }
removed: [Old Reporting]
`);

type Json = Record<string, unknown>;

const plans = new Map<string, string>();

/** A plan of the small company, saved. The company is the same in every test, so one plan of a text will do. */
async function saved(stage: Stage, text = MANIFEST): Promise<Plan> {
  const known = plans.get(text);
  if (known !== undefined) {
    await stage.write('plan.json', known);
    return JSON.parse(known) as Plan;
  }
  await stage.write('domo-roles.yaml', text);
  await stage.run('plan', '--out', 'plan.json');
  await rm(join(stage.folder, 'domo-roles.yaml'));
  stage.sandbox.clearLog();
  const file = await readFile(join(stage.folder, 'plan.json'), 'utf8');
  plans.set(text, file);
  return JSON.parse(file) as Plan;
}

async function refusals(stage: Stage, ...args: string[]): Promise<Plan['refusals']> {
  const ended = await stage.run('apply', 'plan.json', '--yes', '--format', 'json', ...args);
  expect(ended.code).toBe(4);
  expect(writesOf(stage)).toEqual([]);
  return checked<{ refusals: Plan['refusals'] }>(ended, 'error').refusals;
}

/** Updates the digest of an edited plan, as an attacker could. */
function sealed(plan: Json): Json {
  const text = stableStringify({ ...plan, madeAt: null, digest: null }) ?? '';
  return { ...plan, digest: `sha256:${createHash('sha256').update(text).digest('hex')}` };
}

describe('a saved plan', () => {
  const held = stageForFile();

  it('with refusals is shown as this run allows it, and not as refused', async () => {
    const { stage } = held;
    await saved(
      stage,
      manifest('roles:\n  Own: { grants: [authorization.roles], members: [bo@acme.com] }\n'),
    );
    for (const flags of [['--dry-run'], ['--yes']]) {
      const ended = await stage.run(
        'apply',
        'plan.json',
        ...flags,
        '--allow',
        'escalation',
        '--reason',
        'T-1',
      );
      expect([ended.code, ended.stdout]).toEqual([0, expect.not.stringMatching(/^! refused|Refused for/mu)]);
      expect(ended.stdout).toMatch(/allowed[^]*escalation[^]*T-1/u);
    }
  });

  it('is not stale because of unrelated changes, and is applied exactly as saved', async () => {
    const { stage } = held;
    const plan = await saved(stage);
    stage.sandbox.edit({ edit: 'update-role', roleId: ID.finance, description: 'Changed by hand' });
    const ended = await stage.run('apply', 'plan.json', '--yes', '--format', 'json');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(outcomeOf(ended).changes.map((one) => [one.id, one.status])).toEqual(
      plan.changes.map((one) => [one.id, 'done']),
    );
    expect(writesOf(stage)).toEqual(
      plan.changes.flatMap((one) =>
        one.requests
          .filter(({ when }) => when === undefined)
          .map((request) => ({ ...request, body: request.body ?? null })),
      ),
    );
  });

  it('is stale when something it relied on changed, and names the field and the object', async () => {
    const { stage } = held;
    await saved(stage);
    const grants = roleNamed(stage, 'Data Analyst')?.authorities ?? [];
    stage.sandbox.edit({ edit: 'set-grants', roleId: ID.analyst, authorities: [...grants, 'user.invite'] });
    stage.sandbox.edit({ edit: 'update-role', roleId: ID.finance, description: 'Unrelated' });
    const [refusal, ...more] = await refusals(stage);
    expect(more).toEqual([]);
    expect(refusal).toMatchObject({ code: 'stale-plan', flag: null });
    const items = refusal?.items.join('\n') ?? '';
    expect(items).toContain('role "Data Analyst"');
    expect(items).toContain('(grants: + user.invite)');
    expect(items).not.toContain('Finance Viewer');
  });

  it('is stale as soon as someone joins a role that it deletes', async () => {
    const { stage } = held;
    await saved(stage);
    const { id, email } = personNamed(stage.sandbox.state(), 'Vera');
    stage.sandbox.edit({ edit: 'move-users', userIds: [id], roleId: ID.oldReporting });
    const started = Date.now();
    const [refusal, ...more] = await refusals(stage);
    expect(more).toEqual([]);
    expect(refusal).toMatchObject({ code: 'stale-plan', flag: null });
    expect(refusal?.items).toEqual([`role "Old Reporting" changed since it was made (members: + ${email})`]);
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  it('is stale when a person it moves has a new address', async () => {
    const { stage } = held;
    await saved(stage);
    const { id } = personNamed(stage.sandbox.state(), 'Bo');
    stage.sandbox.edit({ edit: 'update-user', userId: id, fields: { email: 'robert@acme.com' } });
    const [refusal] = await refusals(stage);
    expect(refusal?.code).toBe('stale-plan');
    expect(JSON.stringify(refusal)).toContain('email');
  });

  it('may begin with a byte order mark, as some shells write it', async () => {
    const { stage } = held;
    await saved(stage);
    await stage.write('plan.json', `\ufeff${await readFile(join(stage.folder, 'plan.json'), 'utf8')}`);
    expect(await stage.run('apply', 'plan.json', '--yes')).toMatchObject({ code: 0, stderr: '' });
  });

  it('finds everything in place when it is applied again', async () => {
    const { stage } = held;
    const plan = await saved(stage);
    expect((await stage.run('apply', 'plan.json', '--yes')).code).toBe(0);
    stage.sandbox.clearLog();
    const again = await stage.run('apply', 'plan.json', '--yes', '--format', 'json');
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(outcomeOf(again).summary).toMatchObject({
      changes: plan.changes.length,
      already: plan.changes.length,
    });
    expect(writesOf(stage)).toEqual([]);
  });

  it('is not asked about when everything is in place, and is asked about when something is not', async () => {
    const { stage } = held;
    const plan = await saved(stage);
    expect((await stage.run('apply', 'plan.json', '--yes')).code).toBe(0);
    const again = await stage.run('apply', 'plan.json', '--format', 'json');
    expect([again.code, outcomeOf(again)]).toMatchObject([
      0,
      { runId: 'none', summary: { already: plan.changes.length, changes: plan.changes.length } },
    ]);
    const { id } = personNamed(stage.sandbox.state(), 'Bo');
    stage.sandbox.edit({ edit: 'move-users', roleId: 4, userIds: [id] });
    const asked = await stage.run('apply', 'plan.json', '--format', 'json');
    expect([asked.code, asked.stderr]).toEqual([4, expect.stringContaining('not-confirmed')]);
  });

  it('finds everything in place again when it deleted a role of an allowlist that the manifest does not manage', async () => {
    const { stage } = held;
    stage.sandbox.edit({ edit: 'set-allowlist', roleIds: [ID.privileged, ID.social, ID.oldReporting] });
    await saved(stage, manifest('defaultRole: Participant\nremoved: [Old Reporting]\n'));
    expect(await stage.run('apply', 'plan.json', '--yes')).toMatchObject({ code: 0 });

    const again = await stage.run('apply', 'plan.json', '--yes', '--format', 'json');

    expect(again.code).toBe(0);
    expect(outcomeOf(again).changes.map(({ id, status }) => [id, status])).toEqual([
      ['defaultRole.set', 'already'],
      ['role.delete:Old Reporting', 'already'],
    ]);
  });

  it('continues a run of the same manifest in which a guard was allowed', async () => {
    const { stage } = held;
    await stage.write(
      'domo-roles.yaml',
      manifest(`roles:
  New: { grants: [user.edit], members: { mode: additive, users: [bo@acme.com] } }
  Newer: { description: Second }
`),
    );
    await stage.run('plan', '--out', 'plan.json');
    const stop = new AbortController();
    const off = stage.sandbox.onWrite(() => void stop.abort());
    const cut = await runWithin(['apply', '--yes', '--allow', 'escalation'], {
      ...stage.within,
      env: targetOf(stage),
      signal: stop.signal,
    });
    off();
    expect(cut.code).toBe(5);

    const ended = await stage.run('apply', 'plan.json', '--yes', '--allow', 'escalation');

    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(roleOf(stage, 'Bo')).toBe('New');
  });

  it('is refused by another instance and by a sandbox', async () => {
    const { stage } = held;
    await saved(stage);
    const there = await stage.run('apply', 'plan.json', '--yes', '--instance', 'another');
    expect(there.code).toBe(4);
    expect(there.stderr).toContain('instance-mismatch');
    expect(there.stderr).toContain('"sandbox-served"');
    const onSandbox = await stage.runWith({}, 'apply', 'plan.json', '--yes', '--sandbox');
    expect(onSandbox.code).toBe(4);
    expect(onSandbox.stderr).toContain('instance-mismatch');
  });

  it('contains no permission and no secret', async () => {
    const { stage } = held;
    await stage.write(
      'domo-roles.yaml',
      manifest('roles:\n  Admin: { members: { mode: additive, users: [bo@acme.com] } }\n'),
    );
    const ended = await stage.run(
      'plan',
      '--out',
      'plan.json',
      '--allow',
      'escalation',
      '--reason',
      'TICKET-7',
    );
    expect(ended.code).toBe(0);
    expect(await readFile(join(stage.folder, 'plan.json'), 'utf8')).not.toContain(stage.sandbox.token);
    expect((await refusals(stage)).map((one) => one.code)).toEqual(['escalation']);
    expect(await stage.run('apply', 'plan.json', '--yes', '--allow', 'escalation')).toMatchObject({
      code: 0,
    });
    expect(roleOf(stage, 'Bo')).toBe('Admin');
  });

  it('stays refused for what cannot be allowed', async () => {
    const { stage } = held;
    await saved(
      stage,
      manifest(
        'roles:\n  Finance Viewer: { members: [bea@acme.com] }\n  Old Reporting: { description: x }\n',
      ),
    );
    expect((await refusals(stage)).map((one) => one.code)).toEqual(['no-destination']);
  });

  it('is rejected with a specific message when it has another format, another kind or is truncated', async () => {
    const { stage } = held;
    const plan = await saved(stage);
    await stage.write('plan.json', JSON.stringify({ ...plan, formatVersion: 99 }));
    expect((await refusals(stage)).map((one) => one.code)).toEqual(['plan-format']);
    await stage.write('plan.json', JSON.stringify(plan).slice(0, -40));
    const cut = await stage.run('apply', 'plan.json', '--yes');
    expect([cut.code, cut.stderr]).toEqual([1, expect.stringContaining('cut short')]);
    await stage.run('export', '--format', 'snapshot', '--out', 'snapshot.json');
    const other = await stage.run('apply', 'snapshot.json', '--yes');
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('"snapshot"')]);
  });

  it('made offline against a snapshot can be applied, since its fingerprints decide', async () => {
    const { stage } = held;
    expect(await stage.run('export', '--format', 'snapshot', '--out', 'snapshot.json')).toMatchObject({
      code: 0,
    });
    stage.sandbox.clearLog();
    await stage.write('domo-roles.yaml', MANIFEST);
    const made = await stage.runWith(
      {},
      'plan',
      '--against',
      'snapshot.json',
      '--out',
      'plan.json',
      '--format',
      'json',
    );
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(planOf(made)).toMatchObject({ offline: true, instance: 'sandbox-served' });
    expect(stage.sandbox.log()).toEqual([]);
    const ended = await stage.run('apply', 'plan.json', '--yes', '--format', 'json');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(outcomeOf(ended).summary).toMatchObject({ done: 4, changes: 4 });
  });
});

describe('a plan that uses a grant that no one has', () => {
  const held = stageForFile();

  it('warns at the grant that the feature may be off, and only for such grants', async () => {
    const { stage } = held;
    await stage.run('export', '--format', 'snapshot', '--out', 'snapshot.json');
    const snapshot = JSON.parse(await readFile(join(stage.folder, 'snapshot.json'), 'utf8')) as {
      roles: { grants: string[] }[];
      catalogue: { grant: string; features: string[] }[];
    };
    const isHeld = (grant: string): boolean => snapshot.roles.some(({ grants }) => grants.includes(grant));
    const [off, on] = snapshot.catalogue.filter(
      ({ grant, features }) => features.length > 0 && isHeld(grant),
    );
    if (!off || !on) throw new Error('nobody has a grant that needs a feature');
    for (const role of snapshot.roles) role.grants = role.grants.filter((grant) => grant !== off.grant);
    await stage.write('snapshot.json', JSON.stringify(snapshot));
    const grants = `[${off.grant}, ${on.grant}]`;
    await stage.write(
      'domo-roles.yaml',
      manifest(`roles:\n  Data Analyst:\n    grants: { mode: additive, add: ${grants} }\n`),
    );
    const made = await stage.runWith({}, 'plan', '--against', 'snapshot.json', '--format', 'json');
    const warnings = planOf(made).warnings.filter(({ code }) => code === 'feature-off');
    expect(warnings).toMatchObject([{ file: 'domo-roles.yaml', line: 5 }]);
    expect(warnings[0]?.message).toContain(off.grant);
  });
});

/** Edits of a plan file that an attacker could gain from, or that hide something. */
const EDITS: [string, (plan: Plan, stage: Stage) => unknown][] = [
  ['its instance', (plan) => ({ ...plan, instance: 'another' })],
  ['its acting person', (plan) => ({ ...plan, me: { id: 4711, email: null } })],
  ['its summary', (plan) => ({ ...plan, summary: { ...plan.summary, peopleMoved: 0 } })],
  ['its impact', (plan) => ({ ...plan, impact: [] })],
  ['its warnings', (plan) => ({ ...plan, warnings: [] })],
  ['its policy', (plan) => ({ ...plan, policy: { ...plan.policy, protectedGrants: [] } })],
  ['a limit', (plan) => ({ ...plan, policy: { ...plan.policy, maxMoves: { count: 1000 } } })],
  [
    'a fingerprint',
    (plan) => ({
      ...plan,
      fingerprints: plan.fingerprints.map((one) => ({ ...one, digest: one.digest.replace(/.$/u, '0') })),
    }),
  ],
  ['missing fingerprints', (plan) => ({ ...plan, fingerprints: [] })],
  [
    'a request',
    (plan) =>
      withChange(plan, 'grants.set', (one) => ({
        ...one,
        requests: [{ method: 'PUT', path: '/api/authorization/v1/roles/1/users', body: [1] }],
      })),
  ],
  [
    'the path of a request',
    (plan) =>
      withChange(plan, 'role.delete', (one) => ({
        ...one,
        requests: [{ method: 'DELETE', path: `/api/authorization/v1/roles/${ID.finance}`, body: null }],
      })),
  ],
  [
    'grants to be set',
    (plan) =>
      withChange(plan, 'grants.set', (one) => ({
        ...one,
        after: [...(one.after as string[]), 'user.edit'].sort(),
      })),
  ],
  [
    'a risk',
    (plan) => withChange(plan, 'role.delete', (one) => ({ ...one, risk: { level: 'low', reasons: [] } })),
  ],
  [
    'the reasons of a risk',
    (plan) =>
      withChange(plan, 'role.delete', (one) => ({
        ...one,
        risk: { ...(one.risk as Json), reasons: ['nobody is in it'] },
      })),
  ],
  [
    'the note of a change',
    (plan) => withChange(plan, 'grants.set', (one) => ({ ...one, note: 'no change' })),
  ],
  [
    'the title of a grant',
    (plan) => ({ ...plan, impact: plan.impact.map((one) => ({ ...one, title: 'Read' })) }),
  ],
  ['an order', (plan) => ({ ...plan, changes: [...plan.changes].reverse() })],
  [
    'what a change waits for',
    (plan) => withChange(plan, 'role.delete', (one) => ({ ...one, dependsOn: ['role.update:Data Analyst'] })),
  ],
  [
    'a person who is moved',
    (plan, { sandbox }) =>
      withChange(plan, 'members.move', (one) => ({
        ...one,
        people: [{ ...(one.people as Json[])[0], id: personNamed(sandbox.state(), 'Iris').id }],
      })),
  ],
  ['another field', (plan) => ({ ...plan, extra: true })],
  [
    'an additional change',
    (plan) => ({ ...plan, changes: [...plan.changes, { ...plan.changes[0], id: 'role.update:Twice' }] }),
  ],
];

function withChange(plan: Plan, kind: string, touch: (change: Json) => Json): Json {
  return {
    ...plan,
    changes: plan.changes.map((one) => (one.kind === kind ? touch({ ...one }) : one)),
  };
}

describe('a modified plan file', () => {
  const held = stageForFile();

  it.each(EDITS)('with another value for %s is rejected by its digest', async (_name, touch) => {
    const { stage } = held;
    const plan = await saved(stage);
    await stage.write('plan.json', JSON.stringify(touch(plan, stage)));
    expect((await refusals(stage)).map((one) => one.code)).toEqual(['plan-tampered']);
  });

  it('that names another version is refused as well, and the hint names that version', async () => {
    const { stage } = held;
    const plan = await saved(stage);
    await stage.write('plan.json', JSON.stringify({ ...plan, madeBy: 'domo-roles 0.0.1', impactLimit: 7 }));
    expect(await refusals(stage)).toMatchObject([
      {
        code: 'plan-tampered',
        message: expect.stringContaining('or domo-roles 0.0.1 made it in another form'),
        hint: 'make the plan again with this version, or use it with domo-roles 0.0.1',
      },
    ]);
  });

  /** If the digest matches, only values that can be recomputed from the changes and the instance are checked. */
  const HARMLESS = ['its acting person', 'its policy', 'a limit'];

  it.each(EDITS.filter(([name]) => !HARMLESS.includes(name)))(
    'with another value for %s is rejected even with a new digest',
    async (name, touch) => {
      const { stage } = held;
      const plan = await saved(stage);
      await stage.write('plan.json', JSON.stringify(sealed(touch(plan, stage) as Json)));
      const codes = (await refusals(stage)).map((one) => one.code);
      expect(codes).toEqual([
        name === 'its instance'
          ? 'instance-mismatch'
          : name === 'grants to be set'
            ? codes[0]
            : 'plan-tampered',
      ]);
      expect(codes.length).toBeGreaterThan(0);
    },
  );

  it('is not shown as if it were unmodified', async () => {
    const { stage } = held;
    const plan = await saved(stage);
    await stage.write('plan.json', JSON.stringify({ ...plan, impact: [] }));
    const ended = await stage.runWith({}, 'report', 'plan.json');
    expect([ended.code, ended.stdout]).toEqual([4, '']);
    expect(ended.stderr).toContain('plan-tampered');
  });

  it('that claims another live state is stale or inconsistent', async () => {
    const { stage } = held;
    const plan = await saved(stage);
    const fingerprints = plan.fingerprints.map((one) => {
      if (one.object !== `role:${ID.oldReporting}`) return one;
      const fields = { ...one.fields, grants: [] };
      return {
        ...one,
        fields,
        digest: `sha256:${createHash('sha256').update(stableStringify(fields)).digest('hex')}`,
      };
    });
    await stage.write('plan.json', JSON.stringify(sealed({ ...plan, fingerprints })));
    expect((await refusals(stage)).map((one) => one.code)).toEqual(['plan-tampered']);
  });

  it('never passes a guard that its policy does not allow, whatever it claims to be', async () => {
    const { stage } = held;
    const plan = await saved(stage);
    const touched = withChange(plan, 'grants.set', (one) => {
      const after = [...(one.after as string[]), 'user.edit'].sort();
      const requests = (one.requests as Json[]).map((request) => ({ ...request, body: after }));
      return { ...one, after, requests };
    });
    await stage.write('plan.json', JSON.stringify(sealed(touched)));
    // The change is now consistent, but the impact that the reviewer saw is not.
    expect((await refusals(stage)).map((one) => one.code)).toEqual(['plan-tampered']);
    expect(refusedFor(plan)).toEqual([]);
  });
});
