import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Drift } from '../../src/drift/drift.js';
import type { Plan } from '../../src/plan/plan.js';
import { documentOf, openStage } from '../support/cli.js';
import type { Stage } from '../support/cli.js';

/** A manifest whose one change gives Data Analyst, which has five members, a second grant of the rule. */
const BOTH = `apiVersion: domo-roles/v1
kind: Roles
roles:
  Data Analyst:
    grants: { mode: additive, add: [certifiedcontent.request, certifiedcontent.admin] }
policy:
  rules:
    no-self-approval:
      neverTogether: [[certifiedcontent.request], [certifiedcontent.admin]]
      exceptRoles: [Admin]
`;
const ACCEPTED = `  acceptedDrift:
    - { what: rule, rule: no-self-approval, roles: [Data Analyst], reason: TICKET-9, until: 2099-01-01 }
`;

describe('a rule of the policy', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
    await stage.write('domo-roles.yaml', BOTH);
  });
  afterEach(() => stage.close());

  const refusals = async (...args: string[]) => {
    const ended = await stage.run('plan', '--format', 'json', ...args);
    return { code: ended.code, codes: documentOf<Plan>(ended).refusals.map(({ code }) => code) };
  };

  it('refuses a plan that newly breaks it, with figure, limit, key, flag and place', async () => {
    const ended = await stage.run('plan', '--format', 'json');
    expect(ended.code).toBe(4);
    expect(documentOf<Plan>(ended).refusals).toEqual([
      expect.objectContaining({
        code: 'rule',
        message: expect.stringContaining('domo-roles.yaml:8:5'),
        figure: 5,
        limit: 0,
        key: 'policy.rules.no-self-approval',
        flag: '--allow rule=no-self-approval',
      }),
    ]);
    expect((await stage.run('apply', '--yes')).code).toBe(4);
  });

  it('can be allowed only by its name', async () => {
    expect(await refusals('--allow', 'rule=no-self-approval')).toEqual({ code: 0, codes: [] });
    for (const wrong of ['rule', 'rule=', 'rule=other', 'rule=constructor'])
      expect([wrong, (await stage.run('plan', '--allow', wrong)).code]).toEqual([wrong, 1]);
  });

  it('also refuses a saved plan, by the live state', async () => {
    await stage.run('plan', '--allow', 'rule=no-self-approval', '--out', 'plan.json');
    expect((await stage.run('apply', 'plan.json', '--yes')).code).toBe(4);
    expect((await stage.run('apply', 'plan.json', '--yes', '--allow', 'rule=other')).code).toBe(1);
    expect((await stage.run('apply', 'plan.json', '--yes', '--allow', 'rule=no-self-approval')).code).toBe(0);
  });

  it('is a warning once it is broken, and drift until it is accepted', async () => {
    expect((await stage.run('apply', '--yes', '--allow', 'rule=no-self-approval')).code).toBe(0);
    const plan = await stage.run('plan', '--format', 'json', '--detailed-exitcode');
    expect(plan.code).toBe(0);
    expect(documentOf<Plan>(plan).warnings).toEqual([
      expect.objectContaining({ code: 'rule-broken', file: 'domo-roles.yaml', line: 8 }),
    ]);
    const drift = await stage.run('drift', '--format', 'json');
    expect(drift.code).toBe(2);
    expect(documentOf<Drift>(drift)).toMatchObject({
      summary: { differences: 1, changes: 0 },
      violations: [
        { rule: 'no-self-approval', level: 'refuse', figure: 5, roles: [{ name: 'Data Analyst' }] },
      ],
    });
    for (const format of ['text', 'markdown', 'html', 'junit'])
      expect((await stage.run('drift', '--format', format)).stdout).toMatch(
        /ana@acme\.com(`|<[^>]*>)* in\s+role/u,
      );

    await stage.write('domo-roles.yaml', BOTH + ACCEPTED);
    const accepted = await stage.run('drift', '--format', 'json');
    expect(accepted.code).toBe(0);
    expect(documentOf<Drift>(accepted)).toMatchObject({
      violations: [],
      accepted: [{ what: 'rule', reason: 'TICKET-9', people: expect.arrayContaining([]) }],
    });
  });

  it('of level warn is neither a refusal nor drift', async () => {
    await stage.write('domo-roles.yaml', `${BOTH}      level: warn\n`);
    expect(await refusals()).toEqual({ code: 0, codes: [] });
    expect((await stage.run('apply', '--yes')).code).toBe(0);
    const drift = await stage.run('drift', '--format', 'json');
    expect(drift.code).toBe(0);
    expect(documentOf<Drift>(drift).violations).toHaveLength(1);
  });

  it.each(['text', 'markdown', 'html', 'junit'])(
    'appears with its refusal and the rules in force in %s',
    async (format) => {
      const { stdout } = await stage.run('plan', '--format', format);
      expect(stdout).toContain('no-self-approval');
      expect(stdout).toMatch(/no one holds both/u);
      expect(stdout).toContain('rule=no-self-approval');
    },
  );

  it('must refer to a role that exists, and causes a warning for other unknown names', async () => {
    const rule = (text: string): string => `${BOTH.slice(0, BOTH.indexOf('    no-self'))}    one: ${text}\n`;
    await stage.write('domo-roles.yaml', rule('{ role: Admim, maxPeople: 9 }'));
    expect((await stage.run('plan')).code).toBe(3);
    expect((await stage.run('drift')).code).toBe(3);
    await stage.write(
      'domo-roles.yaml',
      rule('{ grants: [dataset.export], maxPeople: 99, onlyRoles: [Admim] }'),
    );
    const plan = documentOf<Plan>(await stage.run('plan', '--format', 'json'));
    expect(plan.warnings.map(({ code }) => code)).toContain('rule-unknown-name');
  });

  it('is checked by validate as far as the manifest allows', async () => {
    await stage.write(
      'domo-roles.yaml',
      BOTH.replace('grants: {', 'members: { mode: additive, users: [ana@acme.com] }\n    grants: {'),
    );
    const ended = await stage.run('validate', '--format', 'json');
    expect(ended.code).toBe(0);
    expect(documentOf<{ problems: unknown }>(ended).problems).toEqual([
      expect.objectContaining({ code: 'rule-broken', severity: 'warning', line: 4 }),
    ]);
  });
});
