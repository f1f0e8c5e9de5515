import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Plan } from '../../src/plan/plan.js';
import { documentOf } from '../support/cli.js';
import type { Ended, Stage } from '../support/cli.js';
import { manifest, outcomeOf, planOf, stageForFile, writesOf } from './support.js';

/** A plan for which only administrators are read. */
const TEXTS = manifest('roles: { Data Analyst: { description: Builds cards } }\n');
/** A plan that makes Data Analyst, which has five members, the default role: so the pages of people are not read. */
const DEFAULT = manifest('defaultRole: Data Analyst\n');

const policyOf = (rule: string): string =>
  `apiVersion: domo-roles/v1\nkind: Policy\npolicy: { rules: { few: ${rule} } }\n`;
const codesOf = (ended: Ended): string[] =>
  documentOf<{ refusals: { code: string }[] }>(ended).refusals.map(({ code }) => code);

describe('a policy file with a rule about people, used with apply plan.json', () => {
  const held = stageForFile();

  async function saved(text: string, policy: string): Promise<Stage> {
    const { stage } = held;
    await stage.write('domo-roles.yaml', text);
    await stage.write('policy.yaml', policy);
    expect((await stage.run('plan', '--out', 'plan.json')).code).toBe(0);
    stage.sandbox.clearLog();
    return stage;
  }
  const apply = (...args: string[]): Promise<Ended> =>
    held.stage.run('apply', 'plan.json', '--yes', '--format', 'json', ...args);

  it('reads all people, and warns about existing violations', async () => {
    await saved(TEXTS, policyOf('{ role: Data Analyst, maxPeople: 2 }'));
    const ended = await apply('--policy', 'policy.yaml');
    expect(ended.code).toBe(0);
    expect(outcomeOf(ended).warnings).toContainEqual(
      expect.objectContaining({
        code: 'rule-broken',
        message: expect.stringMatching(/few.*5 people.*at most 2/u),
      }),
    );
  });

  it('does not warn about a rule that holds', async () => {
    await saved(TEXTS, policyOf('{ role: Data Analyst, maxPeople: 5, emails: ["*@acme.com"] }'));
    const ended = await apply('--policy', 'policy.yaml');
    expect(outcomeOf(ended).warnings.map(({ code }) => code)).not.toContain('rule-broken');
  });

  it('refuses a new violation before the first write', async () => {
    const moved = manifest(
      'roles: { Data Analyst: { members: { mode: additive, users: [bo@acme.com] } } }\n',
    );
    const stage = await saved(moved, policyOf('{ role: Data Analyst, maxPeople: 5 }'));
    const ended = await apply('--policy', 'policy.yaml');
    expect([ended.code, codesOf(ended)]).toEqual([4, ['rule']]);
    expect(writesOf(stage)).toEqual([]);
    const allowed = await apply('--policy', 'policy.yaml', '--allow', 'rule=few', '--reason', 'TICKET-7');
    expect(outcomeOf(allowed).allowed).toMatchObject([{ code: 'rule', reason: 'TICKET-7' }]);
  });

  it('refuses a plan that gives newcomers a forbidden combination', async () => {
    const { stage } = held;
    const sets = '[[content.card.edit], [content.page.edit]]';
    await saved(DEFAULT, policyOf(`{ neverTogether: ${sets}, exceptRoles: [Admin, Privileged, Editor] }`));
    const ended = await apply('--policy', 'policy.yaml');
    // The five people of Data Analyst already violate it, and the plan adds no one.
    expect(ended.code).toBe(0);
    expect(outcomeOf(ended).warnings).toContainEqual(expect.objectContaining({ code: 'rule-broken' }));
    expect(writesOf(stage)).toHaveLength(1);
  });
});

describe('a snapshot that contains administrators only', () => {
  const held = stageForFile();

  async function withAdmins(text: string): Promise<Stage> {
    const { stage } = held;
    const whole = documentOf<{ people: { list: { roleId: number }[] } }>(
      await stage.run('export', '--format', 'snapshot'),
    );
    const admins = whole.people.list.filter(({ roleId }) => roleId === 1);
    const snapshot = { ...whole, people: { scope: 'admins', list: admins } };
    await writeFile(join(stage.folder, 'admins.json'), JSON.stringify(snapshot));
    await stage.write('domo-roles.yaml', text);
    return stage;
  }

  it.each<[string, string, RegExp]>([
    [
      'a rule about people',
      'policy: { rules: { few: { role: Data Analyst, maxPeople: 2 } } }',
      /administrators only, and rule "few" is about all people/u,
    ],
    ['members', 'roles: { Data Analyst: { members: [ana@acme.com] } }', /administrators only/u],
    ['grants that change', 'roles: { Data Analyst: { grants: [alert.edit] } }', /administrators only/u],
  ])('is refused for %s by plan and drift, with advice', async (_, body, message) => {
    const stage = await withAdmins(manifest(`defaultRole: Participant\n${body}\n`));
    for (const command of ['plan', 'drift']) {
      const ended = await stage.run(command, '--against', 'admins.json', '--format', 'json');
      expect([command, ended.code, ended.stderr]).toEqual([command, 1, expect.stringMatching(message)]);
      expect(ended.stderr).toContain('domo-roles export --format snapshot');
    }
  });

  it('is enough for everything that needs only administrators', async () => {
    const rule = 'policy: { rules: { few: { grants: [dataset.export], onlyRoles: [Admin] } } }\n';
    const stage = await withAdmins(`${TEXTS}${rule}`);
    const plan: Plan = planOf(await stage.run('plan', '--against', 'admins.json', '--format', 'json'));
    expect(plan.changes.map(({ kind }) => kind)).toEqual(['role.update']);
    expect(plan.warnings.map(({ code }) => code)).toContain('rule-broken');
  });
});
