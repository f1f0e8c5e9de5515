import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { ROBOT } from '../support/github.js';
import { commandsIn, openWorkshop, PULL_REQUEST } from './support.js';
import type { Workshop } from './support.js';

const MANIFEST = `apiVersion: domo-roles/v1
kind: Roles
roles:
  Reader:
    description: Reads
    grants: [content.export, alert.edit]
    members: [bo@acme.com]
removed: [Old Reporting]
policy:
  removedMembersTo: Participant
`;

const ADMIN = `apiVersion: domo-roles/v1
kind: Roles
roles:
  Admin:
    members: { mode: additive, users: [bo@acme.com] }
`;

/** Lines that a runner would obey, and text that Markdown would render. */
const HOSTILE = 'A`<!-- --><img src=x> @acme/all ##[set-output name=changes;]0';

describe('a plan step', () => {
  let workshop: Workshop;
  beforeEach(async () => {
    workshop = await openWorkshop();
    await workshop.stage.write('domo-roles.yaml', MANIFEST);
  });
  afterEach(() => workshop.close());

  const comments = (): string[] => (workshop.hub.comments.get(PULL_REQUEST) ?? []).map(({ body }) => body);
  const planStep = (inputs: Record<string, string> = {}, env: Record<string, string> = {}) =>
    workshop.within({ mode: 'plan', ...workshop.target, 'github-token': 'write-token', ...inputs }, env);

  it('puts the plan into the log, the job summary, one comment, a file and the outputs', async () => {
    const { code, log, summary, outputs } = await planStep({ report: 'html=out/plan.html' });
    expect(code).toBe(0);
    expect(log).toContain('Old Reporting');
    expect(summary).toContain('## Plan for `acme`');
    expect(summary).toContain('https://github.example/acme/roles/actions/runs/4711');
    expect(comments()).toHaveLength(1);
    expect(comments()[0]?.startsWith('<!-- domo-roles:plan:acme:domo-roles.yaml -->\n')).toBe(true);
    expect(outputs).toMatchObject({
      'exit-code': '0',
      created: '1',
      deleted: '1',
      'grants-added': expect.stringMatching(/^\d+$/u),
      refusals: '0',
      'run-id': '',
    });
    const plan = JSON.parse(await readFile(outputs['plan-file'] ?? '', 'utf8')) as { changes: unknown[] };
    expect(outputs['changes']).toBe(String(plan.changes.length));
    expect(await readFile(join(workshop.stage.folder, 'out/plan.html'), 'utf8')).toContain('<!doctype html>');
  });

  it('writes its comment anew, however many comments lie between', async () => {
    await planStep();
    for (let index = 0; index < 130; index += 1)
      workshop.hub.post(PULL_REQUEST, { body: `talk ${index}`, user: { login: 'bo', type: 'User' } });
    await workshop.stage.write('domo-roles.yaml', MANIFEST.replace('Reads', 'Reads pages'));
    await planStep();
    const own = comments().filter((body) => body.startsWith('<!-- domo-roles'));
    expect(comments()).toHaveLength(131);
    expect(own).toHaveLength(1);
    expect(own[0]).toContain('Reads pages');
  });

  it('finds its comment behind a hundred others', async () => {
    for (let index = 0; index < 100; index += 1)
      workshop.hub.post(PULL_REQUEST, { body: `talk ${index}`, user: { login: 'bo', type: 'User' } });
    await planStep();
    await planStep();
    expect(comments()).toHaveLength(101);
  });

  it("leaves a comment alone that wears its mark and is somebody else's", async () => {
    const body = '<!-- domo-roles:plan:acme:domo-roles.yaml -->\nAll is fine, merge it.';
    workshop.hub.post(PULL_REQUEST, { body, user: { login: 'mallory', type: 'User' } });
    await planStep();
    expect(comments()).toHaveLength(2);
    expect(comments()[0]).toBe(body);
  });

  it("knows a person's token by its owner", async () => {
    const body = '<!-- domo-roles:plan:acme:domo-roles.yaml -->\nfrom the robot';
    workshop.hub.post(PULL_REQUEST, { body, user: ROBOT });
    await planStep({ 'github-token': 'person-token' });
    await planStep({ 'github-token': 'person-token' });
    expect(comments()).toHaveLength(2);
    expect(comments()[0]).toBe(body);
  });

  it.each([
    ['the token may only read', { 'github-token': 'read-token' }, 'may not write here (403)'],
    ['there is no token', { 'github-token': '' }, 'there is no github-token'],
    ['the token is unknown', { 'github-token': 'stale' }, 'is not known (401)'],
  ])('falls back to the job summary where %s', async (_why, inputs, notice) => {
    const { code, log, summary } = await planStep(inputs);
    expect(code).toBe(0);
    expect(
      commandsIn(log)
        .filter((line) => line.startsWith('::notice'))
        .join('\n'),
    ).toContain(notice);
    expect(summary).toContain('## Plan for');
    expect(comments()).toEqual([]);
  });

  it('asks again where GitHub stumbles', async () => {
    workshop.hub.stumble(2);
    await planStep();
    expect(comments()).toHaveLength(1);
  });

  it('says nothing to GitHub without a pull request, or where no comment is wanted', async () => {
    await planStep({}, { GITHUB_EVENT_PATH: '' });
    await planStep({ comment: 'false' });
    expect(workshop.hub.seen).toEqual([]);
  });

  it('plans against a snapshot without any secret, as for a pull request from a fork', async () => {
    const exported = await workshop.stage.run('export', '--format', 'snapshot', '--instance', 'acme');
    await workshop.stage.write('snapshot.json', exported.stdout);
    workshop.stage.sandbox.clearLog();
    const { code, log, summary, outputs } = await workshop.within({
      mode: 'plan',
      against: 'snapshot.json',
      'github-token': 'read-token',
    });
    expect(code).toBe(0);
    expect(workshop.stage.sandbox.log()).toEqual([]);
    expect(summary).toContain('against a snapshot file');
    expect(outputs['created']).toBe('1');
    expect(log).toContain('::notice');
  });

  it('fails where a secret was lost, and never turns to a toy', async () => {
    const { code, log, outputs } = await planStep({ token: '' });
    expect(code).toBe(1);
    // Not `0`: that would be taken for "no changes".
    expect(outputs).toMatchObject({ 'exit-code': '1', changes: '', created: '', 'plan-file': '' });
    expect(commandsIn(log).join('\n')).toContain('::error title=no-target');
    expect(comments()[0]).toContain('**No plan.**');
  });

  it('takes the old plan off the pull request where none can be made any more', async () => {
    await planStep();
    await workshop.stage.write('domo-roles.yaml', MANIFEST.replace('grants:', 'grnats:'));
    const { code, log } = await planStep();
    expect(code).toBe(3);
    expect(comments()).toHaveLength(1);
    expect(comments()[0]).toContain('**No plan.** The manifest is invalid');
    expect(comments()[0]).toContain('grnats');
    expect(commandsIn(log).join('\n')).toMatch(/^::error file=domo-roles\.yaml,line=6,.*title=unknown-key/mu);
  });

  it('names files from the top of the repository', async () => {
    await workshop.stage.write('iam/prod/domo-roles.yaml', MANIFEST.replace('grants:', 'grnats:'));
    const { log } = await planStep({ 'working-directory': 'iam/prod' });
    expect(commandsIn(log).join('\n')).toContain('::error file=iam/prod/domo-roles.yaml,line=6,');
  });

  it('shows what is refused, and passes what is let pass with its reason', async () => {
    await workshop.stage.write('domo-roles.yaml', ADMIN);
    const refused = await planStep();
    expect(refused.code).toBe(4);
    expect(refused.outputs['refusals']).toBe('1');
    expect(commandsIn(refused.log).join('\n')).toContain('::error title=escalation');
    expect(comments()[0]).toContain('escalation');
    const passed = await planStep({ allow: 'escalation', reason: 'TICKET-7: on call' });
    expect(passed.code).toBe(0);
    expect(passed.outputs['refusals']).toBe('0');
    expect(comments()[0]).toContain('TICKET-7');
  });

  it('fails with exit code 2 where there are changes and that is asked for', async () => {
    expect((await planStep({ 'detailed-exitcode': 'true' })).code).toBe(2);
  });

  it('shows no secret anywhere, and hides each before it says anything else', async () => {
    const { log, summary, outputs } = await planStep({}, { RUNNER_DEBUG: '1', DOMO_PASSWORD: 'p4ssw0rd' });
    const { token } = workshop.stage.sandbox;
    const masks = log.split('\n').filter((line) => line.startsWith('::add-mask::'));
    expect(masks).toEqual([token, 'write-token', 'p4ssw0rd'].map((secret) => `::add-mask::${secret}`));
    expect(log.startsWith('::add-mask::')).toBe(true);
    const rest = [
      log.split('\n').slice(masks.length).join('\n'),
      summary,
      ...Object.values(outputs),
      ...comments(),
    ];
    for (const text of rest) expect(text).not.toMatch(new RegExp(`${token}|write-token|p4ssw0rd`, 'u'));
  });

  it('lets no name on the instance speak to the runner, or out of the comment', async () => {
    workshop.stage.sandbox.edit({ edit: 'create-role', name: HOSTILE });
    await workshop.stage.write(
      'domo-roles.yaml',
      `apiVersion: domo-roles/v1\nkind: Roles\nremoved: [${JSON.stringify(HOSTILE)}]\npolicy: {removedMembersTo: Participant}\n`,
    );
    const { log, outputs } = await planStep();
    expect(log).toContain('##[set-output');
    // A line that begins as a command of ours is read as that one and as no other.
    const others = commandsIn(log).filter((line) => !/^::(?:add-mask|warning title=[a-z-]+)::/u.test(line));
    expect(others).toEqual([]);
    expect(outputs['changes']).toBe('1');
    const page = micromark(comments()[0] ?? '', {
      allowDangerousHtml: true,
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
    });
    expect(page).toContain('&lt;img');
    expect(page).not.toContain('<img');
  });

  it.each([
    [{ mode: 'aply' }, 'mode takes validate, plan, apply, drift'],
    [{ comment: 'yes' }, 'comment takes true or false'],
    [{ manifest: '--yes' }, 'begins with a hyphen'],
    [{ allow: 'everything' }, 'everything'],
  ])('refuses the inputs %j', async (inputs, words) => {
    const { code, log } = await planStep(inputs);
    expect(code).toBe(1);
    expect(commandsIn(log).join('\n')).toContain(words);
  });
});
