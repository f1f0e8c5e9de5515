import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Ended } from '../support/cli.js';
import { checked, manifest, outcomeOf, roleNamed, stageForFile, writesOf } from './support.js';
import type { Plan } from '../../src/plan/plan.js';

const MANIFEST = manifest(`roles:
  Data Analyst: { renamedFrom: [Data Engineer], id: 271840365 }
  Data Engineer: { id: 810756122 }
removed: [Old Reporting]
policy: { removedMembersTo: Participant }
`);

describe('a rollback that did not finish', () => {
  const held = stageForFile();

  const runs = async (): Promise<string[]> =>
    (await readdir(join(held.stage.folder, '.domo-roles/runs'))).sort();

  /** Applies the manifest, and undoes that up to the grants of the role that it creates again. */
  async function begunUndo(...policy: string[]): Promise<{ run: string; undo: string }> {
    const { stage } = held;
    await stage.write('domo-roles.yaml', MANIFEST);
    expect(await stage.run('apply', '--yes')).toMatchObject({ code: 0 });
    const [run = ''] = await runs();
    stage.sandbox.setFaults([{ name: '500', method: 'PUT', path: 'authorities', times: 0 }]);
    expect(await stage.run('rollback', run, '--yes', ...policy)).toMatchObject({ code: 5 });
    stage.sandbox.setFaults([]);
    stage.sandbox.clearLog();
    expect(roleNamed(stage, 'Old Reporting')?.authorities).not.toContain('content.export');
    return { run, undo: (await runs()).at(-1) ?? '' };
  }

  const codes = ({ warnings }: Pick<Plan, 'warnings'>): string[] => warnings.map(({ code }) => code);

  it('is continued by the same command, and creates nothing twice', async () => {
    const { stage } = held;
    const { run, undo } = await begunUndo();
    const ended = await stage.run('rollback', run, '--yes', '--format', 'json');
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    expect(codes(outcomeOf(ended))).toContain('rollback-continued');
    expect(ended.stdout).toContain(`rollback ${undo} of this run did not finish`);
    expect(writesOf(stage).map(({ method }) => method)).not.toContain('POST');
    expect(roleNamed(stage, 'Old Reporting')?.authorities).toEqual(['alert.edit', 'content.export']);
    expect(roleNamed(stage, 'Data Analyst')?.id).toBe(810_756_122);
    const again = await stage.run('rollback', run, '--yes');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('No changes')]);
  });

  it('is planned by its own plan', async () => {
    const { stage } = held;
    const { run } = await begunUndo();
    const ended = await stage.run('rollback', run, '--format', 'json');
    const plan = checked<Plan>(ended, 'plan');
    expect({ code: ended.code, refusals: plan.refusals }).toEqual({ code: 0, refusals: [] });
    expect(ended.stderr).toBe(`Nothing was undone yet. To undo run ${run}, add --yes.\n`);
    expect(codes(plan)).toContain('rollback-continued');
    expect(writesOf(stage)).toEqual([]);
  });

  it('may allow a rule that only its own plan has', async () => {
    const { stage } = held;
    await stage.write(
      'policy.yaml',
      'apiVersion: domo-roles/v1\nkind: Policy\npolicy: { rules: { few-admins: { role: Admin, maxPeople: 9 } } }\n',
    );
    const { run } = await begunUndo('--policy', 'policy.yaml');
    const unknown = await stage.run('rollback', run, '--allow', 'rule=few-admin');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('names no rule')]);
    expect((await stage.run('rollback', run, '--yes', '--allow', 'rule=few-admins')).code).toBe(0);
  });

  const refused = (ended: Ended): void => {
    expect([ended.code, ended.stderr]).toEqual([4, expect.stringContaining('stale-plan')]);
    expect(writesOf(held.stage)).toEqual([]);
  };

  it('is refused where someone changed what it wrote', async () => {
    const { stage } = held;
    const { run } = await begunUndo();
    stage.sandbox.edit({ edit: 'update-role', roleId: 810_756_122, description: 'Changed by hand' });
    refused(await stage.run('rollback', run, '--yes'));
  });

  it('is refused after another run', async () => {
    const { stage } = held;
    const { run } = await begunUndo();
    await stage.write('other.yaml', manifest('roles:\n  Finance Viewer: { description: Looks }\n'));
    expect(await stage.run('apply', 'other.yaml', '--yes')).toMatchObject({ code: 0 });
    stage.sandbox.clearLog();
    refused(await stage.run('rollback', run, '--yes'));
  });
});
