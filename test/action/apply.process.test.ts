import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { commandsIn, openWorkshop, PULL_REQUEST } from './support.js';
import type { Workshop } from './support.js';

const MANIFEST = `apiVersion: domo-roles/v1
kind: Roles
roles:
  Reader:
    description: Reads
    grants: [content.export, alert.edit]
    members: [bo@acme.com]
`;

const ADMIN = `apiVersion: domo-roles/v1
kind: Roles
roles:
  Admin:
    members: { mode: additive, users: [bo@acme.com] }
`;

describe('an apply step', () => {
  let workshop: Workshop;
  beforeEach(async () => {
    workshop = await openWorkshop();
    await workshop.stage.write('domo-roles.yaml', MANIFEST);
  });
  afterEach(() => workshop.close());

  const step = (inputs: Record<string, string>, env: Record<string, string> = {}) =>
    workshop.step({ ...workshop.target, 'github-token': 'write-token', ...inputs }, env);
  const writes = (): string[] =>
    workshop.stage.sandbox
      .log()
      .filter(({ method, path }) => method !== 'GET' && !path.includes('search'))
      .map(({ method, path }) => `${method} ${path}`);
  const roleNames = (): string[] => workshop.stage.sandbox.state().roles.map(({ name }) => name);

  it('applies the plan that an earlier step saved, and leaves no changes', async () => {
    const planned = await step({ mode: 'plan', 'plan-file': 'plan.json' });
    const applied = await step({ mode: 'apply', 'plan-file': 'plan.json', report: 'html=plan.html' });
    expect(applied.code).toBe(0);
    expect(applied.summary).toContain('## Applied to `acme`');
    expect(applied.summary).toContain('**All changes are in place.**');
    expect(applied.outputs).toMatchObject({
      changes: planned.outputs['changes'],
      created: '1',
      moved: '1',
      'exit-code': '0',
      'run-id': expect.stringMatching(/^\d{8}T/u),
      'plan-file': join(workshop.stage.folder, 'plan.json'),
    });
    expect(await readFile(join(workshop.stage.folder, 'plan.html'), 'utf8')).toContain('<!doctype html>');
    const again = await step({ mode: 'plan' });
    expect(again.outputs['changes']).toBe('0');
  });

  it('writes nothing to the pull request, which already shows the reviewed plan', async () => {
    await step({ mode: 'plan', 'plan-file': 'plan.json' });
    const before = workshop.hub.comments.get(PULL_REQUEST)?.[0]?.body;
    await step({ mode: 'apply', 'plan-file': 'plan.json' });
    expect(workshop.hub.comments.get(PULL_REQUEST)?.map(({ body }) => body)).toEqual([before]);
  });

  it('applies a manifest, and outputs the path of the plan that the run keeps', async () => {
    const { code, summary, outputs } = await step({ mode: 'apply', state: 'state' });
    expect(code).toBe(0);
    expect(outputs['plan-file']).toBe(
      join(workshop.stage.folder, 'state/runs', outputs['run-id'] ?? '', 'plan.json'),
    );
    expect(summary).toContain('## Plan for `acme`');
    expect(roleNames()).toContain('Reader');
    const again = await step({ mode: 'apply', state: 'state' });
    expect(again).toMatchObject({ code: 0, outputs: { changes: '0', 'run-id': '' } });
    expect(again.summary).toContain('There was nothing to do.');
  });

  it('refuses a stale plan with the reason, and writes nothing', async () => {
    await workshop.stage.write(
      'domo-roles.yaml',
      'apiVersion: domo-roles/v1\nkind: Roles\nroles:\n  Data Analyst: { description: Builds cards }\n',
    );
    await step({ mode: 'plan', 'plan-file': 'plan.json' });
    const analyst = workshop.stage.sandbox.state().roles.find(({ name }) => name === 'Data Analyst');
    workshop.stage.sandbox.edit({ edit: 'update-role', roleId: analyst?.id ?? 0, description: 'Hands off' });
    workshop.stage.sandbox.clearLog();
    const { code, log, summary, outputs } = await step({ mode: 'apply', 'plan-file': 'plan.json' });
    expect(code).toBe(4);
    expect(commandsIn(log).join('\n')).toContain('::error title=stale-plan');
    expect(summary).toContain('**Not applied.** It was refused. Nothing was written.');
    expect(Number(outputs['refusals'])).toBeGreaterThan(0);
    expect(writes()).toEqual([]);
  });

  it('creates an administrator only if the guard is allowed, and shows who allowed it and why', async () => {
    await workshop.stage.write('domo-roles.yaml', ADMIN);
    const refused = await step({ mode: 'apply' });
    expect(refused).toMatchObject({ code: 4, outputs: { refusals: '1' } });
    expect(refused.summary).toContain('`escalation`');
    expect(writes()).toEqual([]);
    const passed = await step({ mode: 'apply', allow: 'escalation', reason: 'TICKET-7' });
    expect(passed.code).toBe(0);
    expect(passed.summary).toMatch(/Allowed in this run: `escalation` by `ana`, reason: `TICKET-7`/u);
  });

  it('does not take over allowed guards from the plan', async () => {
    await workshop.stage.write('domo-roles.yaml', ADMIN);
    await step({ mode: 'plan', 'plan-file': 'plan.json', allow: 'escalation', reason: 'TICKET-7' });
    expect((await step({ mode: 'apply', 'plan-file': 'plan.json' })).code).toBe(4);
    expect((await step({ mode: 'apply', 'plan-file': 'plan.json', allow: 'escalation' })).code).toBe(0);
  });

  it('rehearses without a write', async () => {
    const { code, summary } = await step({ mode: 'apply', 'dry-run': 'true' });
    expect(code).toBe(0);
    expect(summary).toContain('## Rehearsed for `acme`');
    expect(writes()).toEqual([]);
    expect(roleNames()).not.toContain('Reader');
  });

  it('fails with exit code 5 if a write fails', async () => {
    workshop.stage.sandbox.setFaults([{ name: 'html-error', method: 'PUT', times: 0 }]);
    const { code, log, summary } = await step({ mode: 'apply' }, { DOMO_ROLES_RETRIES: '0' });
    expect(code).toBe(5);
    expect(commandsIn(log).join('\n')).toContain('not every change is in place');
    expect(summary).toContain('**Not all changes are in place.**');
    // The apply reads back a refused write for some seconds, because it may have been done.
  }, 60_000);
});

describe('a validate step', () => {
  let workshop: Workshop;
  beforeEach(async () => {
    workshop = await openWorkshop();
    await workshop.stage.write('domo-roles.yaml', MANIFEST);
  });
  afterEach(() => workshop.close());

  it('needs neither a network nor a secret', async () => {
    const { code, summary, log } = await workshop.step({ mode: 'validate' }, { GITHUB_API_URL: '' });
    expect(code).toBe(0);
    expect(summary).toContain('**The manifest is valid.**');
    expect(log).toContain('valid (1 role)');
    expect(commandsIn(log)).toEqual([]);
  });

  it('reports every problem at its line, and as SARIF', async () => {
    await workshop.stage.write('domo-roles.yaml', `${MANIFEST}removed: [Reader]\nrolse: {}\n`);
    const { code, log, summary } = await workshop.step({
      mode: 'validate',
      report: 'sarif=out/problems.sarif',
    });
    expect(code).toBe(3);
    const errors = commandsIn(log).filter((line) => line.startsWith('::error file=domo-roles.yaml,line='));
    expect(errors.length).toBeGreaterThan(0);
    expect(summary).toContain('**Not valid.**');
    const sarif = JSON.parse(await readFile(join(workshop.stage.folder, 'out/problems.sarif'), 'utf8')) as {
      runs: { results: unknown[] }[];
    };
    expect(sarif.runs[0]?.results).toHaveLength(errors.length);
  });

  it('reports a manifest that does not exist', async () => {
    const { code, log } = await workshop.step({ mode: 'validate', manifest: 'nowhere.yaml' });
    expect(code).not.toBe(0);
    expect(commandsIn(log).join('\n')).toContain('::error');
  });
});
