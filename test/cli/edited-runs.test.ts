import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Plan } from '../../src/plan/plan.js';
import { sealPlan } from '../../src/plan/seal-plan.js';
import type { Stage } from '../support/cli.js';
import { manifest, stageForFile, writesOf } from './support.js';

const MANIFEST = manifest(`roles:
  Data Analyst: { description: Looks into data }
  Finance Viewer: { description: Looks into money }
`);

/** Applies a manifest and returns the folder of the run. */
async function applied(stage: Stage): Promise<{ id: string; file: (name: string) => string }> {
  await stage.write('domo-roles.yaml', MANIFEST);
  expect(await stage.run('apply', '--yes')).toMatchObject({ code: 0 });
  const runs = join(stage.folder, '.domo-roles/runs');
  const id = (await readdir(runs)).sort().at(-1) ?? '';
  return { id, file: (name) => join(runs, id, name) };
}

describe('the rollback of a run whose state before was edited', () => {
  const held = stageForFile();

  const otherGrants = (text: string): string => text.replace('"grants": [', '"grants": [\n"audit",');
  const otherTime = (text: string): string => text.replace(/"takenAt": "\d/u, '"takenAt": "1');
  const gone = () => null;

  it.each<[string, (text: string) => string | null, string]>([
    ['other grants', otherGrants, 'this is not the state before run'],
    ['another time', otherTime, 'this is not the state before run'],
    ['no state', () => '{}', 'this is not the state before run'],
    ['the file is gone', gone, 'is missing'],
  ])('is refused and undoes no part of it: %s', async (_, edit, message) => {
    const { stage } = held;
    const { id, file } = await applied(stage);
    const text = await readFile(file('before.json'), 'utf8');
    const edited = edit(text);
    expect(edited).not.toBe(text);
    if (edited === null) await rm(file('before.json'));
    else await writeFile(file('before.json'), edited);
    stage.sandbox.clearLog();
    for (const flags of [[], ['--yes']]) {
      const ended = await stage.run('rollback', id, ...flags);
      expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining(message)]);
      expect(ended.stderr).toContain('before.json');
      expect(ended.stderr).toContain('restore the run folder from a copy');
    }
    expect(stage.sandbox.log()).toEqual([]);
  });

  it('is accepted if the file was only formatted', async () => {
    const { stage } = held;
    const { id, file } = await applied(stage);
    const before = JSON.parse(await readFile(file('before.json'), 'utf8')) as object;
    await writeFile(file('before.json'), JSON.stringify(before));
    expect(await stage.run('rollback', id, '--yes')).toMatchObject({ code: 0 });
  });

  it('is accepted without the digest, which earlier versions did not write', async () => {
    const { stage } = held;
    const { id, file } = await applied(stage);
    const journal = await readFile(file('journal.jsonl'), 'utf8');
    const old = journal.replace(/,"before":"sha256:[0-9a-f]{64}"/u, '');
    expect(old).not.toBe(journal);
    await writeFile(file('journal.jsonl'), old);
    expect(await stage.run('rollback', id, '--yes')).toMatchObject({ code: 0 });
  });
});

describe('the rollback of a run whose plan was edited', () => {
  const held = stageForFile();

  const withoutOne = (plan: Plan): Plan => ({ ...plan, changes: plan.changes.slice(1) });

  it.each<[string, (plan: Plan) => Plan, number, string]>([
    [
      'it is of an earlier version',
      ({ impact: _impact, ...plan }) => plan as Plan,
      4,
      'another version made it',
    ],
    ['a change is gone', withoutOne, 4, 'its digest does not match its content'],
    [
      'a change is gone and the digest was computed again',
      (plan) => sealPlan(withoutOne(plan)),
      1,
      'this is not the plan of run',
    ],
  ])('is refused and undoes no part of it: %s', async (_, edit, code, message) => {
    const { stage } = held;
    const { id, file } = await applied(stage);
    const plan = JSON.parse(await readFile(file('plan.json'), 'utf8')) as Plan;
    await writeFile(file('plan.json'), JSON.stringify(edit(plan)));
    stage.sandbox.clearLog();
    const ended = await stage.run('rollback', id, '--yes');
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(message)]);
    expect(ended.stderr).toContain('restore the run folder from a copy');
    expect(writesOf(stage)).toEqual([]);
  });

  it('is refused with the version to undo it with, if another one wrote it', async () => {
    const { stage } = held;
    const { id, file } = await applied(stage);
    const { impact: _impact, ...plan } = JSON.parse(await readFile(file('plan.json'), 'utf8')) as Plan;
    await writeFile(file('plan.json'), JSON.stringify({ ...plan, madeBy: 'domo-roles 0.0.1' }));
    stage.sandbox.clearLog();
    const ended = await stage.run('rollback', id, '--yes');
    expect([ended.code, ended.stderr]).toEqual([
      4,
      expect.stringContaining('or domo-roles 0.0.1 made it in another form'),
    ]);
    expect(ended.stderr).toContain('hint: undo the run with domo-roles 0.0.1, or by a manifest');
    expect(writesOf(stage)).toEqual([]);
  });

  it('is refused and undoes no part of it: the file is gone', async () => {
    const { stage } = held;
    const { id, file } = await applied(stage);
    await rm(file('plan.json'));
    stage.sandbox.clearLog();
    const ended = await stage.run('rollback', id, '--yes');
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('the plan of run')]);
    expect(writesOf(stage)).toEqual([]);
  });
});

describe('the rollback of a run whose journal was cut short', () => {
  const held = stageForFile();

  it('undoes all that the run did, or is an error', async () => {
    const { stage } = held;
    const { id, file } = await applied(stage);
    const lines = (await readFile(file('journal.jsonl'), 'utf8')).split('\n');
    const knownChanges = (count: number): number =>
      new Set(
        lines.slice(0, count).flatMap((line) => (/"change":("(?:[^"\\]|\\.)*")/u.exec(line) ?? []).slice(1)),
      ).size;
    const all = knownChanges(lines.length);
    expect(all).toBe(2);
    for (let kept = 1; kept < lines.length; kept += 1) {
      await writeFile(file('journal.jsonl'), `${lines.slice(0, kept).join('\n')}\n`);
      const { code, stderr } = await stage.run('rollback', id);
      const isKnown = knownChanges(kept) === all;
      expect([kept, code]).toEqual([kept, isKnown ? 0 : 1]);
      if (!isKnown) expect(stderr).toContain('lacks changes that its outcome lists as done');
    }
  });
});
