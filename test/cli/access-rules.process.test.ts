import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Drift } from '../../src/drift/drift.js';
import { documentOf, openProcessStage } from '../support/cli.js';
import {
  checked,
  manifest,
  outcomeOf,
  personNamed,
  planOf,
  refusedFor,
  roleOf,
  stageForFile,
} from './support.js';

const held = stageForFile(openProcessStage);

describe('an access rule, run as processes against a served instance', () => {
  it('refuses a plan that breaks it, can be allowed by name with a reason, and is then reported as drift', async () => {
    const { stage } = held;
    await stage.write(
      'domo-roles.yaml',
      manifest(`roles:
  Data Analyst: { members: { mode: additive, users: [bo@acme.com] } }
policy: { rules: { few-analysts: { role: Data Analyst, maxPeople: 5, emails: ["*@acme.com"] } } }
`),
    );
    const refused = await stage.run('plan', '--format', 'json', '--out', 'plan.json');
    expect(refused.code).toBe(4);
    const text = await stage.run('apply', '--yes');
    expect([text.code, text.stderr]).toEqual([4, expect.stringContaining('--allow rule=few-analysts')]);
    expect(roleOf(stage, 'Bo')).toBe('Participant');

    const flags = ['--allow', 'rule=few-analysts', '--reason', 'TICKET-7', '--format', 'json'];
    const applied = await stage.run('apply', '--yes', ...flags);
    expect(applied.code).toBe(0);
    expect(outcomeOf(applied).allowed).toMatchObject([{ code: 'rule', reason: 'TICKET-7' }]);
    expect(roleOf(stage, 'Bo')).toBe('Data Analyst');

    const drift = await stage.run('drift', '--format', 'json');
    expect(drift.code).toBe(2);
    expect(checked<Drift>(drift, 'drift').violations).toMatchObject([
      { rule: 'few-analysts', level: 'refuse', figure: 6, limit: 5 },
    ]);
    // What is broken already, and gets no worse, is a warning.
    const again = planOf(await stage.run('plan', '--format', 'json'));
    expect([refusedFor(again), again.warnings.map(({ code }) => code)]).toEqual([[], ['rule-broken']]);
  });
});

describe('a members table, run as processes against a served instance', () => {
  const roles = (iris: string): string =>
    manifest(`roles:
  Data Analyst:
    members: { mode: additive, users: [${iris}], file: members/analysts.csv }
policy: { removedMembersTo: Social }
`);

  it('grants a role for a limited time, next to a person with id and address, and ends it at night', async () => {
    const { stage } = held;
    const { id } = personNamed(stage.sandbox.state(), 'Iris');
    const table = (until: string): string => `\uFEFFE-Mail;until;note\r\nBO@acme.com;${until};"TICKET;7"\r\n`;
    await stage.write('members/analysts.csv', table('2099-12-31'));

    await stage.write('domo-roles.yaml', roles(`{ id: ${id}, email: jon@acme.com }`));
    const wrong = await stage.run('plan', '--format', 'json');
    expect([wrong.code, refusedFor(planOf(wrong))]).toEqual([4, ['ambiguous-person']]);

    await stage.write('domo-roles.yaml', roles(`{ id: ${id}, email: Iris@acme.com }`));
    expect(await stage.run('apply', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect([roleOf(stage, 'Iris'), roleOf(stage, 'Bo')]).toEqual(['Data Analyst', 'Data Analyst']);

    await stage.write('members/analysts.csv', table('2020-12-31'));
    expect(await stage.run('drift')).toMatchObject({ code: 2 });
    expect(await stage.run('apply', '--only-expired', '--yes')).toMatchObject({ code: 0 });
    expect([roleOf(stage, 'Iris'), roleOf(stage, 'Bo')]).toEqual(['Data Analyst', 'Social']);
    expect(await stage.run('drift')).toMatchObject({ code: 0 });
  });
});

describe('owners, run as processes against a served instance', () => {
  it('group the roles of a plan, of its saved document and of the access review', async () => {
    const { stage } = held;
    await stage.write(
      'domo-roles.yaml',
      manifest(`roles:
  Data Analyst: { owner: finance-data, description: Another one }
  People Manager: { description: Looks after people }
`),
    );
    const plan = await stage.run('plan', '--group-by', 'owner', '--out', 'plan.json');
    const heads =
      /^Owner finance-data: 1 role$[^]*^~ Data Analyst[^]*^No owner: 1 role$[^]*^~ People Manager/mu;
    expect([plan.code, plan.stdout]).toEqual([0, expect.stringMatching(heads)]);
    const report = await stage.run('report', 'plan.json', '--group-by', 'owner');
    expect([report.code, report.stdout]).toEqual([0, expect.stringMatching(heads)]);
    expect(documentOf(await stage.run('report', 'plan.json', '--format', 'json'))).toMatchObject({
      owners: [{ role: 'Data Analyst', owner: 'finance-data' }],
    });
    const flags = ['--format', 'html', '--group-by', 'owner', '--out', 'review.html'];
    expect(await stage.run('export', 'domo-roles.yaml', ...flags)).toMatchObject({ code: 0 });
    const html = await readFile(join(stage.folder, 'review.html'), 'utf8');
    expect(html.indexOf('finance-data')).toBeGreaterThan(0);
    expect(html.indexOf('finance-data')).toBeLessThan(html.search(/no owner/iu));
  });
});
