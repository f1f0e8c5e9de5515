import { describe, expect, it } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ID,
  ROLES,
  manifest,
  checked,
  outcomeOf,
  peopleIn,
  planOf,
  planned,
  roleNamed,
  settles,
  stageForFile,
  writesOf,
} from './support.js';
import type { RehearsalDocument } from '../../src/rehearse/rehearse.js';
import { openProcessStage } from '../support/cli.js';

/** Every kind of change at once. */
const EVERYTHING = manifest(`defaultRole: Reader
allowlist: [Participant, Reader, Analytics]
roles:
  Reader:
    description: Reads what was shared
    grants: [alert.edit, content.export]
    members: [bo@acme.com, iris@acme.com]
  Analytics:
    renamedFrom: [Data Analyst]
    grants: { mode: additive, add: [fileshare.create] }
    members: { mode: additive, users: [zoe@acme.com] }
  Finance Viewer:
    grants: [alert.edit]
removed: [Old Reporting]
`);

describe('one manifest with every kind of change', () => {
  const held = stageForFile(openProcessStage);

  it('is planned, applied in the documented order, and settles', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', EVERYTHING);
    const plan = await planned(stage);
    expect(plan.changes.map((change) => change.kind)).toEqual([
      'role.update',
      'role.create',
      'grants.set',
      'grants.set',
      'grants.set',
      'members.move',
      'members.move',
      'defaultRole.set',
      'allowlist.set',
      'role.delete',
    ]);
    expect(plan.refusals).toEqual([]);
    const outcome = await settles(stage);
    expect(outcome.changes.map((change) => change.status)).toEqual(plan.changes.map(() => 'done'));

    const reader = roleNamed(stage, 'Reader');
    expect(reader).toMatchObject({
      description: 'Reads what was shared',
      authorities: ['alert.edit', 'content.export'],
    });
    expect(roleNamed(stage, 'Analytics')).toMatchObject({ id: ID.analyst });
    expect(roleNamed(stage, 'Analytics')?.authorities).toContain('fileshare.create');
    expect(peopleIn(stage, 'Reader')).toEqual(['Bo', 'Iris']);
    expect(peopleIn(stage, 'Analytics')).toContain('Zoe');
    expect(roleNamed(stage, 'Old Reporting')).toBeUndefined();
    expect(stage.sandbox.state().settings).toEqual({
      defaultRoleId: reader?.id,
      allowlistRoleIds: [ID.participant, ID.social, ID.analyst, reader?.id].sort(
        (a, b) => Number(a) - Number(b),
      ),
    });
  });

  it('takes one request per change, in the order of the plan', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', EVERYTHING);
    await stage.run('apply', '--yes', '--concurrency', '1');
    const reader = roleNamed(stage, 'Reader')?.id;
    expect(writesOf(stage).map(({ method, path }) => `${method} ${path}`)).toEqual([
      `PUT ${ROLES}/${ID.analyst}`,
      `POST ${ROLES}`,
      `PUT ${ROLES}/${ID.analyst}/authorities`,
      `PUT ${ROLES}/${ID.finance}/authorities`,
      `PUT ${ROLES}/${reader}/authorities`,
      `PUT ${ROLES}/${ID.analyst}/users`,
      `PUT ${ROLES}/${reader}/users`,
      'PUT /api/content/v1/customer-states/user.roleid.default',
      `PUT ${ROLES}/settings`,
      `DELETE ${ROLES}/${ID.oldReporting}`,
    ]);
  });

  it('prints in a read-only dry run exactly the requests that the apply then sends', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', EVERYTHING);
    const before = stage.sandbox.state();
    const dry = await stage.run('apply', '--dry-run', '--format', 'json');
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    const document = checked<RehearsalDocument>(dry, 'outcome');
    expect(document).toMatchObject({ dryRun: true, rehearsal: { holds: true, left: 0, asPlanned: true } });
    expect(writesOf(stage)).toEqual([]);
    expect(stage.sandbox.state()).toEqual(before);

    await stage.run('apply', '--yes', '--concurrency', '1');
    const id = String(roleNamed(stage, 'Reader')?.id);
    const made = JSON.parse(
      JSON.stringify(document.rehearsal.requests)
        .replace(/(?<!"value":)"\{new:Reader\}"/gu, id)
        .replaceAll('{new:Reader}', id),
    ) as { method: string; path: string; body: unknown }[];
    expect(writesOf(stage)).toEqual(
      made.map(({ method, path, body }) => ({ method, path, body: body ?? null })),
    );
    // The text form shows each of them too, and asks no question.
    await stage.sandbox.reset();
    const text = await stage.run('apply', '--dry-run');
    expect(text.code).toBe(0);
    for (const { method, path } of document.rehearsal.requests)
      expect(text.stdout).toContain(`${method} ${path}`);
  });

  it('produces the same bytes twice except for the time', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', EVERYTHING);
    const bytes = async (): Promise<string> =>
      (await stage.run('plan', '--format', 'json')).stdout.replace(/"madeAt": "[^"]*"/u, '');
    expect(await bytes()).toBe(await bytes());
    const [one, other] = [await stage.run('plan'), await stage.run('plan')];
    expect(one.stdout).toBe(other.stdout);
  });

  it('is planned without any write, in every format', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', EVERYTHING);
    await stage.run(
      'plan',
      '--out',
      'plan.json',
      '--report',
      'markdown=plan.md',
      '--report',
      'html=plan.html',
    );
    expect(writesOf(stage)).toEqual([]);
    expect(stage.sandbox.log().length).toBeGreaterThan(0);
  });

  it('is planned by reading four lists and the pages of people, and nothing more', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', EVERYTHING);
    await stage.run('plan');
    expect(stage.sandbox.log()).toHaveLength(5);
  });

  it('reaches the same state from a saved plan after the manifest is deleted', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', EVERYTHING);
    await stage.run('plan', '--out', 'plan.json');
    await rm(join(stage.folder, 'domo-roles.yaml'));
    const applied = await stage.run('apply', 'plan.json', '--yes', '--format', 'json');
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(outcomeOf(applied).summary).toMatchObject({ changes: 10, done: 10 });
    await stage.write('domo-roles.yaml', EVERYTHING);
    expect((await stage.run('plan', '--detailed-exitcode')).code).toBe(0);
  });

  it('asks before it writes, and refuses when there is no terminal', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', EVERYTHING);
    const ended = await stage.run('apply');
    expect(ended.code).toBe(4);
    expect(ended.stderr).toContain('not-confirmed');
    expect(ended.stderr).toContain('--yes');
    expect(ended.stdout).toContain('Old Reporting');
    expect(writesOf(stage)).toEqual([]);
  });

  it('exits with 0 and without a prompt when there is nothing to do', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', manifest('defaultRole: Privileged\n'));
    const text = await stage.run('apply');
    expect(text).toMatchObject({ code: 0, stderr: '' });
    const json = await stage.run('apply', '--format', 'json');
    expect(json).toMatchObject({ code: 0, stderr: '' });
    expect(outcomeOf(json).summary.changes).toBe(0);
  });

  it('reports a plan without changes as such', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', manifest('defaultRole: Privileged\n'));
    const plan = planOf(await stage.run('plan', '--format', 'json'));
    expect(plan.changes).toEqual([]);
    expect((await stage.run('plan')).stdout).toContain('No changes');
  });
});
