import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFleetPlans } from '../../src/reconcile/fleet/saved-plans.js';
import { BASE, inventoryOf, openFleetStage, rowOf, statuses } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';

let stage: FleetStage;
beforeEach(async () => {
  stage = await openFleetStage(['acme', 'globex']);
});
afterEach(() => stage.close());

/** What is in place of a file of acme that a run wrote. None of them is the same as no file. */
const FAULTS: readonly [string, (path: string) => Promise<unknown>][] = [
  ['a folder', (path) => mkdir(path)],
  ['a link to itself', (path) => symlink(path, path)],
  ['cut short', (path) => writeFile(path, '{"formatVersion": 1, "kind"')],
];

async function replace(file: string, fault: (path: string) => Promise<unknown>): Promise<void> {
  const path = join(stage.folder, file);
  await rm(path, { recursive: true });
  await fault(path);
}

describe.each(FAULTS)('a file of a fleet folder that is %s', (_what, fault) => {
  it('fails the apply of that plan, and the others are applied', async () => {
    await stage.fleet('plan', '--out', 'plans');
    await replace('plans/instances/acme/roles.json', fault);
    const { code } = await stage.fleet('apply', 'plans', '--yes', '--out', 'applied');
    const document = await stage.document('applied');
    expect([code, statuses(document)]).toEqual([5, ['acme failed', 'globex done']]);
    expect(rowOf(document, 'acme').problems).toMatchObject([
      { code: 'bad-file', file: 'plans/instances/acme/roles.json' },
    ]);
    expect(rowOf(document, 'acme').because).toMatch(/^plans\/instances\/acme\/roles\.json: [a-z ]+/u);
    const { rolesOf } = await readFleetPlans(join(stage.folder, 'plans'));
    await expect(rolesOf?.('acme')).rejects.toThrow('the file cannot be read');
    expect(await rolesOf?.('globex')).not.toBeNull();
  });

  it.each([
    ['plan', 'plan.json'],
    ['plan', 'roles.json'],
    ['drift', 'drift.json'],
    ['doctor', 'doctor.json'],
    ['apply', 'outcome.json'],
  ])('is shown on the page of a %s as a file that cannot be used (%s)', async (verb, file) => {
    await stage.fleet(verb, '--out', 'run', ...(verb === 'apply' ? ['--yes'] : []));
    await replace(`run/instances/acme/${file}`, fault);
    const { stdout } = await stage.offline('report', 'run', '--format', 'html');
    expect(stdout).toMatch(new RegExp(`instances/acme/${file} (?:cannot be read|is not JSON)`, 'u'));
    expect(stdout).not.toContain('is not in the folder');
    expect(stdout).not.toContain(stage.folder);
  });
});

it('the plans of several instances that are missing are one cause, which names their files', async () => {
  await stage.fleet('plan', '--out', 'plans');
  for (const name of ['acme', 'globex']) await rm(join(stage.folder, `plans/instances/${name}/plan.json`));
  const { code, stdout, stderr } = await stage.fleet('apply', 'plans', '--yes', '--out', 'applied');
  expect(code).toBe(1);
  expect(stderr).toContain('acme: failed: plans/instances/acme/plan.json: there is no such file');
  expect(stdout).toMatch(
    /failed {2}bad-file: plans\/instances\/\S+\/plan\.json: there is no such file\n {4}2 instances/u,
  );
});

it('the roles of a saved plan may be missing', async () => {
  await stage.fleet('plan', '--out', 'plans');
  await rm(join(stage.folder, 'plans/instances/acme/roles.json'));
  expect((await stage.fleet('apply', 'plans', '--yes', '--out', 'applied')).code).toBe(0);
  expect(await (await readFleetPlans(join(stage.folder, 'plans'))).rolesOf?.('acme')).toBeNull();
});

it('the page of an apply does not show the outcome of another run', async () => {
  await stage.fleet('apply', '--yes', '--out', 'run');
  const outcome = { runId: 'another', changes: [{ id: 'x', status: 'failed', reason: 'of another run' }] };
  await replace('run/instances/acme/outcome.json', (path) => writeFile(path, JSON.stringify(outcome)));
  const { stdout } = await stage.offline('report', 'run', '--format', 'html');
  expect(stdout).toContain('instances/acme/outcome.json is not of the run that the fleet document names');
  expect(stdout).not.toContain('of another run');
});

it('the cause of a row is its error, and not a warning beside it', async () => {
  await stage.write(
    'fleet.yaml',
    inventoryOf({ acme: '{ manifest: missing.yaml, overlay: { removed: [Old] } }', globex: '{}' }),
  );
  await stage.write('policy.yaml', 'apiVersion: domo-roles/v1\nkind: Policy\npolicy: { minAdmins: 0 }\n');
  await stage.fleet('plan', '--policy', 'policy.yaml', '--out', 'run');
  const document = await stage.document('run');
  expect(rowOf(document, 'globex').warnings).toContain('policy-in-working-tree');
  expect(rowOf(document, 'acme')).toMatchObject({
    status: 'failed',
    because: '"missing.yaml" does not exist',
    problems: [{ code: 'manifest-not-found' }],
    warnings: ['policy-in-working-tree'],
  });
});

it('the page of a drift does not show the drift of another run or instance', async () => {
  await stage.fleet('drift', '--out', 'run');
  await stage.write('base.yaml', BASE.replace('alert.edit, ', ''));
  await stage.fleet('drift', '--out', 'other');
  for (const from of ['other/instances/acme', 'run/instances/globex']) {
    const text = await readFile(join(stage.folder, from, 'drift.json'), 'utf8');
    await replace('run/instances/acme/drift.json', (path) => writeFile(path, text));
    const { stdout } = await stage.offline('report', 'run', '--format', 'html');
    expect(stdout).toContain('instances/acme/drift.json is not the drift that the fleet document names');
  }
});

it('a resumed apply keeps its exit code if files of an instance that it applied before are lost', async () => {
  await stage.fleet('apply', '--yes', '--out', 'run');
  await rm(join(stage.folder, 'run/instances'), { recursive: true });
  await rm(join(stage.folder, 'run/fleet.json'));
  const { code, stderr } = await stage.fleet('apply', '--yes', '--resume', 'run');
  const document = await stage.document('run');
  expect([code, statuses(document)]).toEqual([0, ['acme done', 'globex done']]);
  expect(stderr).toContain('the documents of acme, globex in run could not be written');
});

describe.each(FAULTS)('fleet init from a folder in which a file is %s', (_what, fault) => {
  it.each([
    ['fleet.json', ''],
    ['instances/acme/snapshot.json', 'snapshot of "acme" cannot be read|the snapshot file is not JSON'],
  ])('does not leave out what %s contains', async (file, message) => {
    await stage.fleet('export', '--format', 'snapshot', '--out', 'shots');
    await replace(`shots/${file}`, fault);
    const { code, stderr } = await stage.offline('init', '--from', 'shots', '--folder', 'new');
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(stderr).toContain(file);
  });
});
