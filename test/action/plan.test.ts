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

/** A command that a runner would run, and text that Markdown would render. */
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

  it('writes no file in the place of a folder', async () => {
    const { code, log } = await planStep({ 'plan-file': 'out/' });
    expect([code, workshop.stage.sandbox.log()]).toEqual([1, []]);
    expect(log).toContain('takes the path of a file, and out/ is a folder');
  });

  it('writes the plan to the log, the job summary, one comment, a file and the outputs', async () => {
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

  it('updates its comment, regardless of how many comments follow it', async () => {
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

  it('finds its comment after a hundred others', async () => {
    for (let index = 0; index < 100; index += 1)
      workshop.hub.post(PULL_REQUEST, { body: `talk ${index}`, user: { login: 'bo', type: 'User' } });
    await planStep();
    await planStep();
    expect(comments()).toHaveLength(101);
  });

  it('does not edit a comment of another author with the same marker', async () => {
    const body = '<!-- domo-roles:plan:acme:domo-roles.yaml -->\nAll is fine, merge it.';
    workshop.hub.post(PULL_REQUEST, { body, user: { login: 'mallory', type: 'User' } });
    await planStep();
    expect(comments()).toHaveLength(2);
    expect(comments()[0]).toBe(body);
  });

  it("recognises its comment by the login of a person's token", async () => {
    const body = '<!-- domo-roles:plan:acme:domo-roles.yaml -->\nfrom the robot';
    workshop.hub.post(PULL_REQUEST, { body, user: ROBOT });
    await planStep({ 'github-token': 'person-token' });
    await planStep({ 'github-token': 'person-token' });
    expect(comments()).toHaveLength(2);
    expect(comments()[0]).toBe(body);
  });

  it.each([
    ['the token may only read', { 'github-token': 'read-token' }, 'may not write here (403)'],
    ['there is no token', { 'github-token': '' }, 'the input github-token is empty'],
    ['the token is unknown', { 'github-token': 'stale' }, 'GitHub does not accept the token (401)'],
  ])('falls back to the job summary if %s', async (_why, inputs, notice) => {
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

  it('retries if GitHub fails', async () => {
    workshop.hub.failNext(2);
    await planStep();
    expect(comments()).toHaveLength(1);
  });

  it('sends nothing to GitHub without a pull request, or if comment is false', async () => {
    await planStep({}, { GITHUB_EVENT_PATH: '' });
    await planStep({ comment: 'false' });
    expect(workshop.hub.seen).toEqual([]);
  });

  it('plans against a snapshot without a secret, as on a pull request from a fork', async () => {
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

  it('shows that it planned against a snapshot, and a step that applies the plan does not', async () => {
    const exported = await workshop.stage.run('export', '--format', 'snapshot', '--instance', 'acme');
    await workshop.stage.write('snapshot.json', exported.stdout);
    const notice = /planned against a snapshot file of 20.* UTC, not against the live instance/u;
    const none = { instance: '', 'base-url': '', token: '' };
    const planned = await planStep({ against: 'snapshot.json', 'plan-file': 'plan.json', ...none });
    expect([planned.code, planned.log]).toEqual([0, expect.stringMatching(notice)]);
    const applied = await planStep({ mode: 'apply', 'plan-file': 'plan.json' });
    expect([applied.code, applied.log]).toEqual([0, expect.not.stringMatching(notice)]);
  });

  it('fails without a token, and does not fall back to the sandbox', async () => {
    const { code, log, outputs } = await planStep({ token: '' });
    expect(code).toBe(1);
    // Not `0`, which would mean "no changes".
    expect(outputs).toMatchObject({
      'exit-code': '1',
      changes: '',
      created: '',
      refusals: '',
      'plan-file': '',
    });
    expect(commandsIn(log).join('\n')).toContain('::error title=no-target');
    expect(comments()[0]).toContain('**No plan.**');
  });

  it('replaces the old plan on the pull request if there is no new plan', async () => {
    await planStep();
    await workshop.stage.write('domo-roles.yaml', MANIFEST.replace('grants:', 'grnats:'));
    const { code, log } = await planStep();
    expect(code).toBe(3);
    expect(comments()).toHaveLength(1);
    expect(comments()[0]).toContain('**No plan.** The manifest is invalid');
    expect(comments()[0]).toContain('grnats');
    expect(commandsIn(log).join('\n')).toMatch(/^::error file=domo-roles\.yaml,line=6,.*title=unknown-key/mu);
  });

  it('annotates files by their path from the root of the repository', async () => {
    await workshop.stage.write('iam/prod/domo-roles.yaml', MANIFEST.replace('grants:', 'grnats:'));
    const { log } = await planStep({ 'working-directory': 'iam/prod' });
    expect(commandsIn(log).join('\n')).toContain('::error file=iam/prod/domo-roles.yaml,line=6,');
  });

  it.each(['iam/nowhere', 'domo-roles.yaml'])('needs a folder to run in, unlike %s', async (folder) => {
    const { code, log, outputs } = await planStep({ 'working-directory': folder });
    expect([code, outputs]).toEqual([1, { 'exit-code': '1' }]);
    expect(commandsIn(log).join('\n')).toContain(
      `::error title=domo-roles::the input working-directory names no folder: "${folder}" (hint: `,
    );
  });

  it('shows refusals, and passes with an allowed guard and its reason', async () => {
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

  it('fails with exit code 2 if there are changes and detailed-exitcode is true', async () => {
    expect((await planStep({ 'detailed-exitcode': 'true' })).code).toBe(2);
  });

  it('shows no secret, and masks each before any other output', async () => {
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

  it('escapes names on the instance for the runner and for the comment', async () => {
    workshop.stage.sandbox.edit({ edit: 'create-role', name: HOSTILE });
    await workshop.stage.write(
      'domo-roles.yaml',
      `apiVersion: domo-roles/v1\nkind: Roles\nremoved: [${JSON.stringify(HOSTILE)}]\npolicy: {removedMembersTo: Participant}\n`,
    );
    const { log, outputs } = await planStep();
    expect(log).toContain('\\u{23}#[set-output');
    // A line that begins with one of our commands contains no second command.
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
    [{ mode: 'aply' }, 'mode must be one of: validate, plan, apply, drift'],
    [{ comment: 'yes' }, 'comment must be true or false'],
    [{ manifest: '--yes' }, 'begins with a hyphen'],
    [{ allow: 'everything' }, 'everything'],
    [{ mode: 'apply', against: 'live.json' }, 'the input against cannot be combined with mode apply'],
    [{ mode: 'validate', against: 'live.json' }, 'the input against cannot be combined with mode validate'],
    [{ catalogue: 'live.json' }, 'the input catalogue cannot be combined with mode plan: it is for validate'],
    [{ mode: 'drift', 'only-expired': 'true' }, 'only-expired cannot be combined with mode drift'],
    [{ mode: 'apply', 'detailed-exitcode': 'true' }, 'detailed-exitcode cannot be combined with mode apply'],
    [{ webhook: 'https://hooks.example' }, 'the input webhook cannot be combined with mode plan'],
    [{ since: '3' }, 'the input since cannot be combined with mode plan'],
    [{ 'dry-run': 'true' }, 'the input dry-run cannot be combined with mode plan: it is for apply'],
    [
      { mode: 'validate', 'plan-file': 'plan.json' },
      'the input plan-file cannot be combined with mode validate',
    ],
    [
      { mode: 'apply', manifest: 'domo-roles.yaml', 'plan-file': 'plan.json' },
      'the inputs manifest and plan-file both name what to apply: set only one of them',
    ],
  ])('refuses the inputs %j', async (inputs, message) => {
    const requests = workshop.stage.sandbox.log().length;
    const { code, log } = await planStep(inputs);
    expect([code, workshop.stage.sandbox.log().length]).toEqual([1, requests]);
    expect(commandsIn(log).join('\n')).toContain(message);
  });

  it('accepts inputs that a step with a computed mode or source gives in all cases', async () => {
    await workshop.stage.run('export', '--format', 'snapshot', '--out', 'live.json');
    const requests = workshop.stage.sandbox.log().length;
    const { code } = await planStep({
      ...{ against: 'live.json', allow: 'escalation', reason: 'x', 'impact-limit': '3', 'group-by': 'owner' },
      ...{ state: 'kept', 'wait-for-lock': '9', issue: 'true', 'fail-on-drift': 'false' },
    });
    expect([code, workshop.stage.sandbox.log().length]).toEqual([0, requests]);
  });
});
