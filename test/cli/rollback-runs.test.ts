import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Plan } from '../../src/plan/plan.js';
import { checked, manifest, roleNamed, stageForFile, writesOf } from './support.js';

const MANIFEST = manifest(`roles:
  Data Analyst: { members: { mode: additive, users: [zoe@acme.com] } }
`);

describe('a rollback', () => {
  const held = stageForFile();

  const runs = async (): Promise<string[]> =>
    (await readdir(join(held.stage.folder, '.domo-roles/runs'))).sort();

  async function apply(...args: string[]): Promise<string> {
    expect(await held.stage.run('apply', ...args, '--yes')).toMatchObject({ code: 0 });
    return (await runs()).at(-1) ?? '';
  }

  it('of a run that wrote nothing has nothing to do', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', MANIFEST);
    await stage.run('plan', '--out', 'plan.json');
    const first = await apply('plan.json');
    const second = await apply('plan.json');
    expect(second).not.toBe(first);
    stage.sandbox.clearLog();
    const ended = await stage.run('rollback', second, '--format', 'json');
    expect([ended.code, checked<Plan>(ended, 'plan').changes]).toEqual([0, []]);
    const undone = await stage.run('rollback', second, '--yes');
    expect([undone.code, undone.stdout]).toEqual([0, expect.stringContaining('Nothing is left to undo.')]);
    expect(writesOf(stage)).toEqual([]);
  });

  it('that allows a rule is an error if neither the policy of the run nor the policy file has that rule', async () => {
    const { stage } = held;
    const ruled = `${MANIFEST}policy: { rules: { few-engineers: { role: Data Engineer, maxPeople: 9 } } }\n`;
    await stage.write('domo-roles.yaml', ruled);
    await stage.write(
      'policy.yaml',
      'apiVersion: domo-roles/v1\nkind: Policy\npolicy: { rules: { few-admins: { role: Admin, maxPeople: 9 } } }\n',
    );
    const run = await apply();
    const codes: unknown[] = [];
    for (const args of [
      ['rule=few-admin'],
      ['rule=few-admins'],
      ['rule=few-admins', '--policy', 'policy.yaml'],
      ['rule=few-engineers'],
      ['rule=few-engineer', '--yes'],
    ])
      codes.push((await stage.run('rollback', run, '--allow', ...args)).code);
    expect(codes).toEqual([1, 1, 0, 0, 1]);
    expect(await runs()).toEqual([run]);
  });

  it('of a run whose journal is missing is an error', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', MANIFEST);
    const run = await apply();
    await rm(join(stage.folder, '.domo-roles/runs', run, 'journal.jsonl'));
    const ended = await stage.run('rollback', run, '--yes');
    expect([ended.code, ended.stderr]).toEqual([
      1,
      expect.stringContaining(`the journal of run ${run} is missing`),
    ]);
  });

  it('finds a role that a later run deleted and its rollback created again', async () => {
    const { stage } = held;
    const before = roleNamed(stage, 'Data Engineer');
    await stage.write('domo-roles.yaml', MANIFEST);
    const first = await apply();
    const removed = manifest('removed: [Data Engineer]\npolicy: { removedMembersTo: Participant }\n');
    await stage.write('domo-roles.yaml', removed);
    const second = await apply();
    for (const run of [second, first])
      expect(await stage.run('rollback', run, '--yes')).toMatchObject({ code: 0 });
    const after = roleNamed(stage, 'Data Engineer');
    expect([after?.description, after?.authorities.length]).toEqual([
      before?.description,
      before?.authorities.length,
    ]);
    expect(after?.id).not.toBe(before?.id);
    const zoe = stage.sandbox.state().users.find(({ email }) => email === 'zoe@acme.com');
    expect(zoe?.roleId).toBe(after?.id);
  });

  it('gives a role the name of one that it deletes, and the name before that to one that it creates', async () => {
    const { stage } = held;
    const names = (): string[] => stage.sandbox.state().roles.map(({ id, name }) => `${id} ${name}`);
    const alphaId = stage.sandbox.edit({ edit: 'create-role', name: 'Alpha' });
    const betaId = stage.sandbox.edit({ edit: 'create-role', name: 'Beta' });
    const roles = `  alpha: { id: ${betaId}, description: Was Beta }\n  Beta: { grants: [content.export] }\n`;
    await stage.write(
      'domo-roles.yaml',
      manifest(`removed: [Alpha]\nroles:\n${roles}policy: { removedMembersTo: Participant }\n`),
    );
    const run = await apply();
    expect(names()).toContain(`${betaId} alpha`);
    expect(await stage.run('rollback', run, '--yes')).toMatchObject({ code: 0 });
    expect(names()).toContain(`${betaId} Beta`);
    expect(names()).not.toContain(`${alphaId} Alpha`);
    expect(names().filter((name) => name.endsWith(' Alpha'))).toHaveLength(1);
  });
});
