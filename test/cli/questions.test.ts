import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseFaults } from '../../src/sandbox/index.js';
import { checkSchema } from '../support/check-schema.js';
import { documentOf, targetOf } from '../support/cli.js';
import { openHook } from '../support/hook.js';
import { pictureOf } from '../support/survival.js';
import { ID, checked, manifest, outcomeOf, stageForFile } from './support.js';

const held = stageForFile();

const AS_IS = manifest(
  'roles:\n  Data Analyst:\n    members: [ana@acme.com, uma@acme.com, vera@acme.com, will@acme.com, yara@acme.com]\npolicy: { removedMembersTo: Participant }\n',
);

/** Moves a person as if by hand. */
function moveByHand(): void {
  held.stage.sandbox.edit({ edit: 'move-users', roleId: ID.analyst, userIds: [userId('bo@acme.com')] });
}

function userId(email: string): number {
  const found = held.stage.sandbox.state().users.find((user) => user.email === email);
  if (!found) throw new Error(`nobody is ${email}`);
  return found.id;
}

describe('questions about access', () => {
  it.each([
    ['ana@acme.com', 'dataset.export', 0, true],
    ['bo@acme.com', 'dataset.manage', 2, false],
  ])('can %s %s exits with %i', async (user, grant, code, answer) => {
    const ended = await held.stage.run('can', user, grant, '--format', 'json');
    expect(ended).toMatchObject({ code, stderr: '' });
    expect(documentOf(ended)).toMatchObject({ kind: 'answer', question: 'can', answer });
    expect(checkSchema('answer', documentOf(ended))).toEqual([]);
  });

  it.each([
    [['can', 'nobody@acme.com', 'dataset.export'], 'nobody@acme.com'],
    [['who-can', 'dataset.exprot'], 'did you mean "dataset.export"?'],
  ])('%j fails with an error that explains what to do', async (words, said) => {
    const ended = await held.stage.run(...words);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain(said);
  });

  it('who-can answers for the manifest what will hold after an apply', async () => {
    await held.stage.write(
      'domo-roles.yaml',
      manifest('roles:\n  Auditor:\n    grants: [audit]\n    members: [bo@acme.com]\n'),
    );
    const live = await held.stage.run('who-can', 'audit', '--format', 'json');
    const after = await held.stage.run('who-can', 'audit', 'domo-roles.yaml', '--format', 'json');
    const people = (ended: typeof live): string[] =>
      documentOf<{ people: { email: string }[] }>(ended).people.map((one) => one.email);
    expect(people(live)).not.toContain('bo@acme.com');
    expect(people(after)).toEqual(expect.arrayContaining([...people(live), 'bo@acme.com']));
  });

  it('an answer from a snapshot names the time at which it was taken', async () => {
    const { stage } = held;
    await stage.run('export', '--format', 'snapshot', '--out', 'march.json');
    const text = await readFile(join(stage.folder, 'march.json'), 'utf8');
    await stage.write(
      'march.json',
      text.replace(/"takenAt": ".*?"/u, '"takenAt": "2026-03-14T02:00:00.000Z"'),
    );
    const against = ['--against', 'march.json'];
    const who = await stage.runWith({}, 'who-can', 'dataset.export', ...against);
    expect(who.stdout).toContain('in the snapshot of 2026-03-14 02:00 UTC on ');
    const one = await stage.runWith({}, 'can', 'ana@acme.com', 'dataset.export', ...against);
    expect(one.stdout).toContain(', in the snapshot of 2026-03-14 02:00 UTC\n');
    const json = await stage.runWith({}, 'who-can', 'dataset.export', ...against, '--format', 'json');
    expect(checked(json, 'answer')).toMatchObject({
      source: 'snapshot',
      takenAt: '2026-03-14T02:00:00.000Z',
    });
    const difference = await stage.run('diff', 'march.json', 'live');
    expect(difference.stdout).toMatch(/^From \S+ \(snapshot of 2026-03-14 02:00 UTC\) to \S+ \(live\)\n/u);
  });

  it.each(['plan', 'drift'] as const)(
    '%s against a snapshot names the time at which it was taken',
    async (name) => {
      const { stage } = held;
      const { stdout } = await stage.run('export', '--format', 'snapshot');
      await stage.write(
        'march.json',
        stdout.replace(/"takenAt": ".*?"/u, '"takenAt": "2026-03-14T02:00:00.000Z"'),
      );
      await stage.write('domo-roles.yaml', AS_IS);
      const against = ['--against', 'march.json', '--report', 'markdown=report.md'];
      const text = await stage.runWith({}, name, ...against);
      expect(text.stdout).toContain(' · against a snapshot file of 2026-03-14 02:00 UTC · ');
      expect(await readFile(join(stage.folder, 'report.md'), 'utf8')).toContain(
        'Made against a snapshot file of 2026-03-14 02:00 UTC, not against the live instance.',
      );
      const json = await stage.runWith({}, name, ...against, '--format', 'json');
      expect(checked(json, name)).toMatchObject({ offline: true, takenAt: '2026-03-14T02:00:00.000Z' });
      expect(documentOf(await stage.run(name, '--format', 'json'))).not.toHaveProperty('takenAt');
    },
  );

  it('an access review names the time at which it was read', async () => {
    const { stdout } = await held.stage.run('export', '--format', 'html');
    expect(stdout).toMatch(/20\d\d-\d\d-\d\d \d\d:\d\d UTC/u);
  });

  it('diff compares a snapshot with the live instance', async () => {
    await held.stage.run('export', '--format', 'snapshot', '--out', 'monday.json');
    expect(await held.stage.run('diff', 'monday.json', 'live')).toMatchObject({ code: 0 });
    moveByHand();
    const ended = await held.stage.run('diff', 'monday.json', 'live', '--format', 'json');
    expect(ended.code).toBe(2);
    expect(documentOf(ended)).toMatchObject({
      equal: false,
      people: [{ person: 'bo@acme.com', a: 'Participant', b: 'Data Analyst' }],
    });
  });

  it('doctor lists what a token can do', async () => {
    const ended = await held.stage.run('doctor', '--format', 'json');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(documentOf(ended)).toMatchObject({
      kind: 'doctor',
      role: 'Admin',
      verdict: { plan: 'ready', apply: 'ready', drift: 'ready' },
    });
    expect(checkSchema('doctor', documentOf(ended))).toEqual([]);
  });
});

describe('the time budget of a request', () => {
  it.each([
    [['--budget', '1'], {}],
    [[], { DOMO_ROLES_BUDGET: '1' }],
  ])('stops a wait that the server asks for and that is too long (%j, %j)', async (flags, env) => {
    held.stage.sandbox.setFaults(parseFaults('429=60;times=50'));
    const ended = await held.stage.runWith({ ...targetOf(held.stage), ...env }, 'get', 'me', ...flags);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('too-many-requests');
  });

  it.each(['0', '1.5', 'soon'])('rejects %s', async (budget) => {
    const ended = await held.stage.run('get', 'me', '--budget', budget);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('--budget');
  });
});

describe('drift', () => {
  it('is empty when the instance matches the manifest', async () => {
    await held.stage.write('domo-roles.yaml', AS_IS);
    const ended = await held.stage.run('drift');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('No drift');
  });

  it('names who made a change, and posts to a webhook without printing its address', async () => {
    const { address, posted, close } = await openHook();
    try {
      await held.stage.write('domo-roles.yaml', AS_IS);
      moveByHand();
      const ended = await held.stage.run('drift', '--format', 'json', '--webhook', address, '--verbose');
      expect(ended.code).toBe(2);
      const document = documentOf<{ changes: { kind: string; by: string | null; at: string | null }[] }>(
        ended,
      );
      expect(checkSchema('drift', document)).toEqual([]);
      const [change] = document.changes;
      expect(change).toMatchObject({ kind: 'members.move' });
      expect([change?.by, change?.at]).not.toContain(null);
      const chat = await held.stage.run('drift', '--webhook', address, '--webhook-format', 'chat');
      expect(chat.code).toBe(2);
      await held.stage.write(
        'domo-roles.yaml',
        AS_IS.replace(
          'Data Analyst:\n',
          'Data Analyst:\n    grants: { mode: additive, add: [retired.grant] }\n',
        ),
      );
      const wrong = await held.stage.run('drift', '--webhook', address);
      const chatOfInvalid = await held.stage.run('drift', '--webhook', address, '--webhook-format', 'chat');
      expect([wrong.code, chatOfInvalid.code]).toEqual([3, 3]);
      expect(posted[2]).toMatchObject({ problems: [{ code: 'unknown-grant' }], summary: { differences: 1 } });
      expect((posted[3] as { text: string }).text).toMatch(/\n• [^\n]*retired\.grant/u);
      const [first, second] = posted as [Record<string, unknown>, { text: string }];
      expect(first).toMatchObject({ kind: 'drift', instance: 'sandbox-served' });
      expect(second.text).toMatch(/^Drift on sandbox-served: /u);
      expect(ended.stdout + ended.stderr + chat.stdout + chat.stderr).not.toContain('very-secret-path');
    } finally {
      close();
    }
  });

  it('reports a failed webhook after the report, without its address', async () => {
    await held.stage.write('domo-roles.yaml', AS_IS);
    moveByHand();
    const ended = await held.stage.run('drift', '--webhook', 'http://127.0.0.1:9/very-secret-path');
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('bo@acme.com');
    expect(ended.stderr).toContain('webhook-failed');
    expect(ended.stdout + ended.stderr).not.toContain('very-secret-path');
  });
});

describe('runs and rollback', () => {
  it('undo what a run changed, and nothing else', async () => {
    const { stage } = held;
    await stage.write(
      'domo-roles.yaml',
      manifest(
        'roles:\n  Reader:\n    grants: [content.export]\n    members: [bo@acme.com]\npolicy: { removedMembersTo: Participant }\n',
      ),
    );
    const before = stage.sandbox.state();
    expect(await stage.run('apply', '--yes')).toMatchObject({ code: 0 });
    const [run] = documentOf<{ runs: { id: string }[] }>(await stage.run('runs', '--format', 'json')).runs;
    stage.sandbox.edit({ edit: 'move-users', roleId: ID.editor, userIds: [userId('iris@acme.com')] });
    expect(await stage.run('rollback', run?.id ?? '')).toMatchObject({ code: 0 });
    expect(await stage.run('rollback', run?.id ?? '', '--yes', '--allow', 'max-deletes=1')).toMatchObject({
      code: 0,
    });
    const after = stage.sandbox.state();
    const roleOf = (state: typeof after, email: string): number | undefined =>
      state.users.find((user) => user.email === email)?.roleId;
    expect(after.roles.map((role) => role.name).sort()).toEqual(before.roles.map((role) => role.name).sort());
    expect(roleOf(after, 'bo@acme.com')).toBe(roleOf(before, 'bo@acme.com'));
    expect(roleOf(after, 'iris@acme.com')).toBe(ID.editor);
  });

  it('undo a rename whose old name was given to a new role', async () => {
    const { stage } = held;
    await stage.write(
      'domo-roles.yaml',
      manifest(`roles:
  Analysts: { id: ${ID.analyst} }
  Data Analyst: { grants: [alert.edit], members: [bo@acme.com] }
policy: { removedMembersTo: Participant }
`),
    );
    const before = pictureOf(stage.sandbox);
    const { runId } = outcomeOf(await stage.run('apply', '--yes', '--format', 'json'));

    const undone = await stage.run('rollback', runId, '--yes', '--format', 'json');

    expect(undone.code).toBe(0);
    expect(outcomeOf(undone).changes.map(({ id, status }) => [id, status])).toEqual([
      ['members.move:Participant', 'done'],
      ['role.delete:Data Analyst', 'done'],
      ['role.update:Data Analyst', 'done'],
    ]);
    expect(pictureOf(stage.sandbox)).toEqual(before);
  });

  it('report a run that does not exist', async () => {
    const ended = await held.stage.run('rollback', '../../etc');
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('no-such-run');
  });
});

describe('getting started', () => {
  it('init writes a manifest that can be planned, and never overwrites one', async () => {
    expect(await held.stage.runWith({}, 'init')).toMatchObject({ code: 0, stderr: '' });
    expect(await held.stage.runWith({}, 'plan', '--sandbox')).toMatchObject({ code: 0 });
    const again = await held.stage.runWith({}, 'init');
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('--force');
  });

  it('init from a live instance writes the live state', async () => {
    const { stage } = held;
    expect(await stage.run('init', '--base-url', stage.url)).toMatchObject({ code: 0 });
    expect(await stage.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
  });

  it.each([[[]], [['--split']], [['--members-files']], [['--split', '--members-files']]])(
    'export %j gives a manifest that plans no changes',
    async (flags) => {
      const { stage } = held;
      const out = flags.length === 0 ? 'domo-roles.yaml' : '.';
      expect(await stage.run('export', ...flags, '--out', out)).toMatchObject({ code: 0 });
      expect(await stage.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
    },
  );

  it.each(['bash', 'zsh', 'fish'])('completion %s calls the command itself', async (shell) => {
    const ended = await held.stage.runWith({}, 'completion', shell);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('--get-yargs-completions');
    const offered = await held.stage.runWith({}, '--get-yargs-completions', 'domo-roles', 'pl');
    expect(offered.stdout).toContain('plan');
  });
});
