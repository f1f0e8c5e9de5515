import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import stableStringify from 'safe-stable-stringify';
import type { Plan } from '../../src/plan/plan.js';
import { documentOf, openStage, targetOf } from '../support/cli.js';
import type { Ended, Stage } from '../support/cli.js';
import { runWithin } from '../support/in-process.js';
import { smallInstance } from '../support/survival.js';

const MANIFEST = `apiVersion: domo-roles/v1
kind: Roles
roles:
  Grows: { grants: [alert.edit, content.card.edit] }
  Shrinks: { grants: [alert.edit] }
policy: { maxGrantChanges: 500 }
`;

/** New roles whose names look like internal ids, one a prefix of another, all on the allowlist. */
const SPELLINGS = `apiVersion: domo-roles/v1
kind: Roles
defaultRole: "new:A"
allowlist: ["new:A", "{new:A}", "A", "A 2", "A!", "#5", "+A", "5", Social]
roles:
  "new:A": { grants: [alert.edit], members: { mode: additive, users: [eva@acme.com] } }
  "{new:A}": { grants: [alert.edit, content.card.edit] }
  A: { grants: [content.export] }
  A 2: {}
  A!: { members: { mode: additive, users: [finn@acme.com] } }
  "#5": { basedOn: Editor }
  +A: { description: "new:A" }
  "5": { grants: [alert.edit] }
policy: { maxGrantChanges: 500, maxMoves: 100 }
`;

let stage: Stage;
afterEach(() => stage.close());

async function onStage(manifest: string): Promise<(...argv: string[]) => Promise<Ended>> {
  stage = await openStage({ state: smallInstance() });
  await stage.write('domo-roles.yaml', manifest);
  return (...argv) => runWithin(argv, { cwd: stage.folder, env: targetOf(stage), skipWaits: true });
}

/** Gives the second change the id of the first, and a plan a matching digest. */
function withOneIdTwice(plan: Partial<Plan> & Pick<Plan, 'changes'>): object {
  const [first] = plan.changes;
  const changes = plan.changes.map((change, index) =>
    index === 1 ? { ...change, id: first?.id ?? '', dependsOn: [] } : change,
  );
  if (plan.digest === undefined) return { ...plan, changes };
  const text = stableStringify({ ...plan, changes, madeAt: null, digest: null }) ?? '';
  return { ...plan, changes, digest: `sha256:${createHash('sha256').update(text).digest('hex')}` };
}

const TWICE = /two of its changes have the id "grants\.set:Grows"/u;

describe('a plan file in which two changes share an id', () => {
  it('is rejected by every command that reads a plan', async () => {
    const run = await onStage(MANIFEST);
    expect((await run('plan', '--out', 'plan.json')).code).toBe(0);
    const plan = JSON.parse(await readFile(join(stage.folder, 'plan.json'), 'utf8')) as Plan;
    await stage.write('plan.json', JSON.stringify(withOneIdTwice(plan)));
    stage.sandbox.clearLog();

    for (const argv of [
      ['apply', 'plan.json', '--yes'],
      ['apply', 'plan.json', '--dry-run'],
      ['report', 'plan.json'],
    ]) {
      const ended = await run(...argv);
      expect([argv, ended.code, ended.stdout]).toEqual([argv, 4, '']);
      expect(ended.stderr).toMatch(TWICE);
    }
    expect(stage.sandbox.log().filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('is rejected as a drift document', async () => {
    const run = await onStage(MANIFEST);
    await run('drift', '--out', 'drift.json');
    const drift = JSON.parse(await readFile(join(stage.folder, 'drift.json'), 'utf8')) as Plan;
    await stage.write('drift.json', JSON.stringify(withOneIdTwice(drift)));
    const ended = await run('report', 'drift.json');
    expect([ended.code, ended.stderr]).toEqual([4, expect.stringMatching(TWICE)]);
  });

  it('is rejected by rollback as the plan of a run', async () => {
    const run = await onStage(MANIFEST);
    expect((await run('apply', '--yes')).code).toBe(0);
    const runs = join(stage.folder, '.domo-roles/runs');
    const [id = ''] = await readdir(runs);
    const file = `.domo-roles/runs/${id}/plan.json`;
    const plan = JSON.parse(await readFile(join(stage.folder, file), 'utf8')) as Plan;
    await stage.write(file, JSON.stringify(withOneIdTwice(plan)));
    const ended = await run('rollback', id, '--yes');
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(TWICE)]);
  });
});

describe('roles whose names look like internal ids', () => {
  it('are rehearsed, created and settled like any other role', async () => {
    const run = await onStage(SPELLINGS);
    const rehearsed = await run('apply', '--dry-run', '--format', 'json');
    expect([rehearsed.code, rehearsed.stderr]).toEqual([0, '']);
    const { rehearsal } = documentOf<{ rehearsal: { asPlanned: boolean; holds: boolean } }>(rehearsed);
    expect(rehearsal).toMatchObject({ asPlanned: true, holds: true });

    expect((await run('apply', '--yes')).code).toBe(0);
    const again = await run('plan', '--format', 'json', '--detailed-exitcode');
    expect(documentOf<Plan>(again).changes).toEqual([]);
  });
});
