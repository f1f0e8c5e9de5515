import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { commandsIn, openWorkshop } from './support.js';
import type { Workshop } from './support.js';

const MANIFEST = `apiVersion: domo-roles/v1
kind: Roles
roles:
  Reader:
    description: Reads
    grants: [content.export, alert.edit]
`;

describe('a drift step', () => {
  let workshop: Workshop;
  beforeEach(async () => {
    workshop = await openWorkshop();
    await workshop.stage.write('domo-roles.yaml', MANIFEST);
    await workshop.within({ ...workshop.target, mode: 'apply' });
  });
  afterEach(() => workshop.close());

  const step = (inputs: Record<string, string> = {}) =>
    workshop.within({
      mode: 'drift',
      ...workshop.target,
      issue: 'true',
      'github-token': 'write-token',
      ...inputs,
    });
  const changeGrants = (authorities: string[]): void => {
    const role = workshop.stage.sandbox.state().roles.find(({ name }) => name === 'Reader');
    workshop.stage.sandbox.edit({ edit: 'set-grants', roleId: role?.id ?? 0, authorities });
  };
  const replies = (): string[] => (workshop.hub.comments.get(1) ?? []).map(({ body }) => body);

  it('opens no issue without drift', async () => {
    const { code, outputs } = await step();
    expect(code).toBe(0);
    expect(outputs['changes']).toBe('0');
    expect(workshop.hub.issues).toEqual([]);
  });

  it('opens one issue, updates it, comments when the drift changes, and closes it', async () => {
    changeGrants(['content.export', 'alert.edit', 'audit']);
    const first = await step();
    expect(first).toMatchObject({ code: 2, outputs: { changes: '1', 'exit-code': '2' } });
    expect(workshop.hub.issues).toMatchObject([
      { number: 1, state: 'open', title: 'Roles of acme differ from domo-roles.yaml' },
    ]);
    expect(workshop.hub.issues[0]?.body).toContain('## Drift of `acme`');

    await step();
    expect(workshop.hub.issues).toHaveLength(1);
    expect(replies()).toEqual([]);

    changeGrants(['content.export', 'alert.edit', 'user.invite']);
    await step();
    expect(workshop.hub.issues).toHaveLength(1);
    expect(workshop.hub.issues[0]?.body).toContain('user.invite');
    expect(replies()).toHaveLength(1);

    changeGrants(['content.export', 'alert.edit']);
    expect((await step()).code).toBe(0);
    expect(workshop.hub.issues).toMatchObject([{ number: 1, state: 'closed' }]);
    expect(replies()).toHaveLength(2);

    changeGrants(['content.export']);
    await step();
    expect(workshop.hub.issues).toMatchObject([{ state: 'closed' }, { number: 2, state: 'open' }]);
  }, 60_000);

  it('leaves an open issue unchanged if the instance cannot be read', async () => {
    changeGrants(['content.export']);
    await step();
    const { code } = await step({ token: 'wrong' });
    expect(code).toBe(1);
    expect(workshop.hub.issues).toMatchObject([{ state: 'open' }]);
    expect(replies()).toEqual([]);
  });

  it('does not close an issue of another author with the same marker', async () => {
    const body = '<!-- domo-roles:drift:acme:domo-roles.yaml -->\nmine';
    workshop.hub.issues.push({
      id: 1,
      number: 1,
      title: 'x',
      body,
      state: 'open',
      user: { login: 'mallory', type: 'User' },
    });
    await step();
    expect(workshop.hub.issues).toMatchObject([{ state: 'open', body }]);
  });

  it('opens an issue for problems of the manifest, and closes it when they are fixed', async () => {
    const retired = MANIFEST.replace('alert.edit]', 'alert.edit, retired.grant]');
    await workshop.stage.write('domo-roles.yaml', retired);
    const { code, summary } = await step();
    expect(code).toBe(3);
    const [issue] = workshop.hub.issues;
    expect(issue).toMatchObject({ state: 'open', title: 'Roles of acme differ from domo-roles.yaml' });
    for (const text of [issue?.body ?? '', summary]) {
      expect(text).toContain('**1 problem of the manifest.**');
      expect(text).toContain('retired.grant');
      expect(text).toContain('The rest was compared: no difference.');
    }

    await workshop.stage.write('domo-roles.yaml', retired.replace('retired.grant', 'gone.grant'));
    await step();
    expect(workshop.hub.issues).toHaveLength(1);
    expect(replies().at(-1)).toContain('0 differences and 1 problem');

    await workshop.stage.write('domo-roles.yaml', MANIFEST);
    expect((await step()).code).toBe(0);
    expect(workshop.hub.issues).toMatchObject([{ state: 'closed' }]);
  }, 60_000);

  it('passes with drift if fail-on-drift is false, and still annotates it', async () => {
    changeGrants(['content.export']);
    const { code, outputs, log } = await step({ 'fail-on-drift': 'false', issue: 'false' });
    expect(code).toBe(0);
    expect(outputs).toMatchObject({ changes: '1', 'exit-code': '2' });
    expect(commandsIn(log).join('\n')).toContain('::error title=drift');
    expect(workshop.hub.seen).toEqual([]);
  });

  it('fails if there is drift and its issue cannot be written', async () => {
    changeGrants(['content.export']);
    const { code, log, summary } = await step({ 'github-token': 'read-token', 'fail-on-drift': 'false' });
    expect(code).toBe(2);
    expect(commandsIn(log).join('\n')).toContain('::warning title=domo-roles::there is drift, but its issue');
    expect(summary).toContain('## Drift of `acme`');
  });
});
