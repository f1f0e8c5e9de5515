import { describe, expect, it } from '@jest/globals';
import type { Drift } from '../../src/drift/drift.js';
import { documentOf } from '../support/cli.js';
import { checked, manifest, personNamed, planOf, planned, refusedFor, stageForFile } from './support.js';

/** The three lists of a policy that name people, with one entry in each. */
const LISTS: [string, (entry: string) => string][] = [
  ['requiredAdmins', (entry) => `policy:\n  requiredAdmins:\n    - ${entry}\n`],
  [
    'acceptedDrift',
    (entry) => `policy:
  acceptedDrift:
    - what: members
      role: Data Analyst
      people:
        - ${entry}
      reason: TICKET-7
      until: 2099-01-01
`,
  ],
  [
    'exceptPeople',
    (entry) => `policy:
  rules:
    apart:
      neverTogether: [[certifiedcontent.request], [certifiedcontent.admin]]
      exceptRoles: [Admin]
      exceptPeople:
        - ${entry}
`,
  ],
];

describe.each(LISTS)('a person with id and address in %s', (_, policyOf) => {
  const held = stageForFile();
  const idOf = (first: string): number => personNamed(held.stage.sandbox.state(), first).id;
  const admin = (): { id: number; email: string } => {
    const { users } = held.stage.sandbox.state();
    const found = users.find(({ roleId, email, isSupport }) => roleId === 1 && email !== null && !isSupport);
    return { id: found?.id ?? 0, email: found?.email ?? '' };
  };
  const give = (entry: string) =>
    held.stage.write(
      'domo-roles.yaml',
      manifest(`roles: { Data Analyst: { description: Builds cards } }\n${policyOf(entry)}`),
    );

  it('is identified by the id, with any case of the address', async () => {
    const { id, email } = admin();
    await give(`{ id: ${id}, email: ${email.toUpperCase()} }`);
    const plan = await planned(held.stage);
    expect(refusedFor(plan)).toEqual([]);
    expect(plan.warnings.map(({ code }) => code)).not.toContain('address-changed');
  });

  it('is refused by plan, apply and drift when the address belongs to another live account', async () => {
    await give(`{ id: ${admin().id}, email: bo@acme.com }`);
    const { stage } = held;
    const ended = await stage.run('plan', '--format', 'json');
    expect([ended.code, refusedFor(planOf(ended))]).toEqual([4, ['ambiguous-person']]);
    expect((await stage.run('apply', '--yes')).code).toBe(4);
    const drift = await stage.run('drift', '--format', 'json');
    expect(drift.code).toBe(3);
    expect(checked<Drift>(drift, 'drift').problems).toMatchObject([{ code: 'ambiguous-person' }]);
    // The end of a membership does not wait for it.
    expect((await stage.run('plan', '--only-expired')).code).toBe(0);
  });

  it('is refused when the address alone is given and two live accounts have it', async () => {
    const { stage } = held;
    const { id, email } = admin();
    await give(email);
    expect(refusedFor(await planned(stage))).toEqual([]);
    const state = stage.sandbox.state();
    const twin = { ...personNamed(state, 'Bo'), id: 99, email };
    await stage.sandbox.reset({ ...state, users: [...state.users, twin] });
    // Without another reason to read everyone, only administrators are read.
    const reason = `roles: { Data Analyst: { grants: [content.export] } }\npolicy: { maxGrantChanges: 99 }\n`;
    await stage.write('domo-roles.yaml', manifest(`extends: reason.yaml\n${policyOf(email)}`));
    await stage.write('reason.yaml', manifest(reason));
    const ended = await stage.run('plan', '--format', 'json');
    expect([ended.code, refusedFor(planOf(ended))]).toEqual([4, ['ambiguous-person']]);
    expect(planOf(ended).refusals[0]).toMatchObject({ items: [`id ${id}`, 'id 99'].sort(), flag: null });
    const drift = await stage.run('drift', '--format', 'json');
    expect([drift.code, checked<Drift>(drift, 'drift').problems.map(({ code }) => code)]).toEqual([
      3,
      ['ambiguous-person'],
    ]);
  });

  it('causes a warning at the line when no one has the address', async () => {
    const { id, email } = admin();
    await give(`{ email: gone@acme.com, id: ${id} }`);
    const plan = await planned(held.stage);
    const line =
      manifest(policyOf('@'))
        .split('\n')
        .findIndex((one) => one.includes('- @')) + 2;
    expect(plan.warnings).toContainEqual(
      expect.objectContaining({
        code: 'address-changed',
        file: 'domo-roles.yaml',
        line,
        message: expect.stringContaining(`gone@acme.com, and has ${email} on the instance`),
      }),
    );
    expect(refusedFor(plan)).toEqual([]);
  });

  it.each([
    ['no address and no id', '{ x-name: Ana }'],
    ['an invalid address', '{ id: 7, email: "<ana@acme.com>" }'],
    ['a key that only members have', '{ id: 7, until: 2099-01-01 }'],
  ])('is invalid with %s', async (_what, entry) => {
    await give(entry);
    const ended = await held.stage.run('validate', '--format', 'json');
    expect(ended.code).toBe(3);
    expect(documentOf<{ problems: unknown[] }>(ended).problems.length).toBeGreaterThan(0);
  });

  it('is also checked in a policy file over a saved plan', async () => {
    const { stage } = held;
    await stage.write(
      'domo-roles.yaml',
      manifest('roles: { Data Analyst: { description: Builds cards } }\n'),
    );
    await stage.run('plan', '--out', 'plan.json');
    const policy = policyOf(`{ id: ${idOf('Ana')}, email: bo@acme.com }`);
    await stage.write('policy.yaml', `apiVersion: domo-roles/v1\nkind: Policy\n${policy}`);
    const ended = await stage.run(
      'apply',
      'plan.json',
      '--policy',
      'policy.yaml',
      '--yes',
      '--format',
      'json',
    );
    expect(ended.code).toBe(4);
    const { refusals } = documentOf<{ refusals: { code: string }[] }>(ended);
    expect(refusals.map(({ code }) => code)).toContain('ambiguous-person');
  });
});

describe('an administrator who is named by id and address', () => {
  const held = stageForFile();

  it('needs no page of people while both match', async () => {
    const { stage } = held;
    const { users } = stage.sandbox.state();
    const admin = users.find(({ roleId, email, isSupport }) => roleId === 1 && email !== null && !isSupport);
    const searches = async (email: string): Promise<number> => {
      const policy = `policy: { requiredAdmins: [{ id: ${admin?.id ?? 0}, email: ${email} }] }\n`;
      await stage.write('domo-roles.yaml', manifest(`defaultRole: Participant\n${policy}`));
      stage.sandbox.clearLog();
      await stage.run('plan');
      return stage.sandbox.log().filter(({ path }) => path.includes('search')).length;
    };
    const fitting = await searches(admin?.email ?? '');
    expect(await searches('gone@acme.com')).toBeGreaterThan(fitting);
  });
});
