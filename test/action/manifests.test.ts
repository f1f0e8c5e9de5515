import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PULL_REQUEST, openWorkshop } from './support.js';
import type { Workshop } from './support.js';

const manifest = (role: string): string => `apiVersion: domo-roles/v1
kind: Roles
roles:
  ${role}:
    description: Reads
    grants: [content.export]
`;

const CLEAN = `apiVersion: domo-roles/v1
kind: Roles
roles:
  Data Analyst: {}
`;

describe('several manifests of one instance', () => {
  let workshop: Workshop;
  beforeEach(async () => {
    workshop = await openWorkshop();
    await mkdir(join(workshop.stage.folder, '.git'));
  });
  afterEach(() => workshop.close());

  const step = (inputs: Record<string, string>, env: Record<string, string> = {}) =>
    workshop.within({ ...workshop.target, 'github-token': 'write-token', ...inputs }, env);
  const drift = (inputs: Record<string, string>, env: Record<string, string> = {}) =>
    step({ mode: 'drift', issue: 'true', 'fail-on-drift': 'false', ...inputs }, env);
  const markers = (): string[] =>
    (workshop.hub.comments.get(PULL_REQUEST) ?? []).map(({ body }) => body.split('\n')[0] ?? '');
  const issues = (): string[] => workshop.hub.issues.map(({ title, state }) => `${title}: ${state}`);

  it.each<[string, Record<string, string>, string]>([
    ['a file', { manifest: 'iam/a.yaml' }, 'iam/a.yaml'],
    ['the same file by another path', { manifest: './iam/../iam/a.yaml' }, 'iam/a.yaml'],
    ['a file in the working directory', { manifest: 'a.yaml', 'working-directory': 'iam' }, 'iam/a.yaml'],
    ['a folder', { manifest: 'iam/' }, 'iam'],
    ['two files, in any order', { manifest: 'iam/b.yaml\niam/a.yaml' }, 'iam/a.yaml%0aiam/b.yaml'],
    ['the default manifest', { 'working-directory': 'iam/prod' }, 'iam/prod/domo-roles.yaml'],
    ['the input key', { manifest: 'iam/a.yaml', key: 'finance' }, 'finance'],
    [
      'a key that would end the marker',
      { manifest: 'iam/a.yaml', key: 'x --> <b>' },
      'x%20%2d-%3e%20%3cb%3e',
    ],
  ])('have separate comments by path or key: %s', async (_name, inputs, key) => {
    await workshop.stage.write('iam/a.yaml', manifest('Reader'));
    await workshop.stage.write('iam/b.yaml', manifest('Writer'));
    await workshop.stage.write('iam/prod/domo-roles.yaml', manifest('Third'));
    await step({ mode: 'plan', ...inputs });
    await step({ mode: 'plan', ...inputs });
    expect(markers()).toEqual([`<!-- domo-roles:plan:acme:${key} -->`]);
  });

  it('have a comment each, even if one is invalid', async () => {
    await workshop.stage.write('a.yaml', manifest('Reader'));
    await workshop.stage.write('b.yaml', manifest('Writer'));
    for (const name of ['a.yaml', 'b.yaml']) await step({ mode: 'plan', manifest: name });
    await workshop.stage.write('a.yaml', manifest('Reader').replace('grants', 'grnats'));
    await step({ mode: 'plan', manifest: 'a.yaml' });
    const [first = '', second = '', ...more] = (workshop.hub.comments.get(PULL_REQUEST) ?? []).map(
      ({ body }) => body,
    );
    expect(first).toContain('**No plan.**');
    expect(second).toContain('Writer');
    expect(more).toEqual([]);
  });

  it('have an issue each: a manifest without drift does not close the issue of the other', async () => {
    await workshop.stage.write('clean.yaml', CLEAN);
    await workshop.stage.write('differs.yaml', manifest('Reader'));
    await drift({ manifest: 'differs.yaml' });
    await drift({ manifest: 'clean.yaml' });
    expect(issues()).toEqual(['Roles of acme differ from differs.yaml: open']);
    await workshop.stage.write('clean.yaml', manifest('Writer'));
    await drift({ manifest: 'clean.yaml' });
    await workshop.stage.write('differs.yaml', CLEAN);
    await drift({ manifest: 'differs.yaml' });
    expect(issues()).toEqual([
      'Roles of acme differ from differs.yaml: closed',
      'Roles of acme differ from clean.yaml: open',
    ]);
  });

  it('have a separate issue for each branch other than the default', async () => {
    await workshop.stage.write('domo-roles.yaml', manifest('Reader'));
    await workshop.stage.write('event.json', JSON.stringify({ repository: { default_branch: 'main' } }));
    const env = { GITHUB_EVENT_PATH: join(workshop.stage.folder, 'event.json') };
    await drift({}, { ...env, GITHUB_REF: 'refs/heads/main' });
    await workshop.stage.write('domo-roles.yaml', CLEAN);
    await drift({}, { ...env, GITHUB_REF: 'refs/heads/try' });
    expect(issues()).toEqual(['Roles of acme differ from domo-roles.yaml: open']);
    await drift({}, { ...env, GITHUB_REF: 'refs/heads/try', GITHUB_EVENT_NAME: 'schedule' });
    expect(issues()).toEqual(['Roles of acme differ from domo-roles.yaml: closed']);
  });
});

describe('a drift issue', () => {
  let workshop: Workshop;
  beforeEach(async () => {
    workshop = await openWorkshop();
    await workshop.stage.write('domo-roles.yaml', manifest('Reader'));
  });
  afterEach(() => workshop.close());

  const drift = (inputs: Record<string, string> = {}) =>
    workshop.within({
      ...workshop.target,
      mode: 'drift',
      issue: 'true',
      'github-token': 'write-token',
      ...inputs,
    });

  it('is not closed by a run against a snapshot file', async () => {
    await drift();
    const exported = await workshop.stage.run('export', '--format', 'snapshot', '--instance', 'acme');
    await workshop.stage.write('snapshot.json', exported.stdout);
    await workshop.stage.write('domo-roles.yaml', CLEAN);
    const { log } = await drift({ against: 'snapshot.json', instance: '', 'base-url': '', token: '' });
    expect(log).toMatch(/the drift is that of a snapshot file of 20.* UTC, not of the live instance/u);
    expect(workshop.hub.issues).toMatchObject([{ state: 'open' }]);
  });

  it('is opened even if the webhook fails', async () => {
    const { code, log, outputs, summary } = await drift({
      webhook: `${workshop.stage.url}/hook-secret`,
      'fail-on-drift': 'false',
    });
    expect(code).toBe(1);
    expect(outputs['changes']).toBe('2');
    expect(summary).toContain('## Drift of `acme`');
    expect(log).toContain('webhook-failed');
    expect(workshop.hub.issues).toMatchObject([{ state: 'open' }]);
  });

  it('does not close an issue of another bot with the same marker', async () => {
    const body = '<!-- domo-roles:drift:acme:domo-roles.yaml -->\nmine';
    const user = { login: 'other-app[bot]', type: 'Bot' } as const;
    workshop.hub.issues.push({ id: 1, number: 1, title: 'x', body, state: 'open', user });
    await workshop.stage.write('domo-roles.yaml', CLEAN);
    await drift();
    expect(workshop.hub.issues).toMatchObject([{ state: 'open', body }]);
  });
});
