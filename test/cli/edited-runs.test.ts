import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Plan } from '../../src/plan/plan.js';
import { sealPlan } from '../../src/plan/seal-plan.js';
import { manifest, stageForFile, writesOf } from './support.js';

const MANIFEST = manifest(`roles:
  Data Analyst: { description: Looks into data }
  Finance Viewer: { description: Looks into money }
`);

describe('the rollback of a run whose plan was edited', () => {
  const held = stageForFile();

  const withoutOne = (plan: Plan): Plan => ({ ...plan, changes: plan.changes.slice(1) });

  it.each<[string, (plan: Plan) => Plan, number, string]>([
    ['a change is gone', withoutOne, 4, 'its digest does not fit its content'],
    [
      'a change is gone and the digest was computed again',
      (plan) => sealPlan(withoutOne(plan)),
      1,
      'this is not the plan of run',
    ],
  ])('is refused and undoes no part of it: %s', async (_, edit, code, message) => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', MANIFEST);
    expect(await stage.run('apply', '--yes')).toMatchObject({ code: 0 });
    const runs = join(stage.folder, '.domo-roles/runs');
    const run = (await readdir(runs)).sort().at(-1) ?? '';
    const file = join(runs, run, 'plan.json');
    await writeFile(file, JSON.stringify(edit(JSON.parse(await readFile(file, 'utf8')) as Plan)));
    stage.sandbox.clearLog();
    const ended = await stage.run('rollback', run, '--yes');
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(message)]);
    expect(writesOf(stage)).toEqual([]);
  });
});
