import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inventoryOf, openFleetStage } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';
import { runWithin } from '../support/in-process.js';
import type { Ended } from '../support/in-process.js';

let stage: FleetStage;

beforeAll(async () => {
  stage = await openFleetStage(['alpha']);
  await stage.fleet('plan', '--out', 'plans');
  await stage.fleet('drift', '--out', 'drifts');
  await stage.fleet('export', '--format', 'snapshot', '--out', 'snaps');
  await stage.fleet('apply', '--yes', '--out', 'applied');
  await stage.fleet('plan', '--out', 'begun');
  await newer('plans/instances/alpha/plan.json', 'plan.json');
  await newer('drifts/instances/alpha/drift.json', 'drift.json');
  await newer('snaps/instances/alpha/snapshot.json', 'snapshot.json');
  await newer('plans/fleet.json', 'newer/fleet.json');
  await newer('begun/fleet.jsonl', 'log/fleet.jsonl');
  await newer('applied/fleet.json', 'newer-apply/fleet.json');
  await stage.write('probe.json', '{"kind":"probe","formatVersion":2,"facts":[]}');
  await stage.write(
    'v2.yaml',
    (await readFile(join(stage.folder, 'base.yaml'), 'utf8')).replace('/v1', '/v2'),
  );
  await stage.write('fleet-v2.yaml', inventoryOf({ alpha: '{}' }).replace('/v1', '/v2'));
  await stage.write('policy-v2.yaml', 'apiVersion: domo-roles/v2\nkind: Policy\npolicy: { minAdmins: 1 }\n');
});
afterAll(() => stage.close());

/** Writes a document as a later version of the program would. */
async function newer(from: string, to: string): Promise<void> {
  const text = await readFile(join(stage.folder, from), 'utf8');
  expect(text).toMatch(/"formatVersion": ?1/u);
  await stage.write(to, text.replace(/"formatVersion": ?1/u, '"formatVersion": 9'));
}

function run(...args: string[]): Promise<Ended> {
  const env = {
    DOMO_INSTANCE: 'alpha',
    DOMO_ACCESS_TOKEN: 'token-of-alpha-7f3a',
    DOMO_BASE_URL: `${stage.url}/alpha`,
  };
  return runWithin(args, { cwd: stage.folder, skipWaits: true, env, ...stage.within });
}

const READ = 'this version of domo-roles reads format 1';

describe('a document of another format version', () => {
  it.each([
    [['apply', 'plan.json', '--yes'], 4, 'the plan file has format 9'],
    [['report', 'plan.json'], 4, 'the plan file has format 9'],
    [['report', 'drift.json'], 4, 'the drift document has format 9'],
    [['plan', 'base.yaml', '--against', 'snapshot.json'], 1, 'the snapshot has format 9'],
    [['diff', 'snapshot.json', 'base.yaml'], 1, 'the snapshot has format 9'],
    [['fleet', 'report', 'newer'], 1, 'the fleet document has format 9'],
    [['fleet', 'apply', 'newer'], 1, 'the fleet document has format 9'],
    [['fleet', 'merge', 'newer', '--out', 'merged'], 1, 'the fleet document has format 9'],
    [['fleet', 'plan', '--failed-from', 'newer'], 1, 'the fleet document has format 9'],
    [['fleet', 'rollback', 'newer-apply'], 1, 'the fleet document has format 9'],
    [['fleet', 'plan', '--resume', 'log'], 1, 'the log of the run has format 9'],
    [['fleet', 'apply', '--resume', 'log', '--yes'], 1, 'the log of the run has format 9'],
    [['fleet', 'rollback', '--resume', 'log', '--yes'], 1, 'the log of the run has format 9'],
    [['fleet', 'rollback', 'log'], 1, 'the log of the run has format 9'],
    [['fleet', 'merge', 'log', '--out', 'merged'], 1, 'the log of the run has format 9'],
  ])('%j: exits with %i and reports that %s', async (args, code, message) => {
    const ended = await run(...args);
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(`${message}, and ${READ}`)]);
    expect(ended.stderr).toMatch(/hint: (?:upgrade domo-roles|resume it with the version)/u);
  });

  it.each([
    ['get', 'roles', '--sandbox', 'newer-sandbox'],
    ['sandbox', 'show', '--folder', 'newer-sandbox'],
    ['sandbox', 'serve', '--folder', 'newer-sandbox'],
  ])('is not a damaged sandbox: %s %s %s %s', async (...args) => {
    const file = join(stage.folder, 'newer-sandbox/sandbox.json');
    await stage.write('newer-sandbox/sandbox.json', '{"formatVersion":9,"kind":"sandbox"}');
    const ended = await run(...args);
    expect([ended.code, ended.stderr]).toEqual([
      1,
      expect.stringMatching(
        /sandbox\.json has format 9, and this version of domo-roles reads format 1\n +hint: upgrade domo-roles; .* discards/u,
      ),
    ]);
    expect(await readFile(file, 'utf8')).toBe('{"formatVersion":9,"kind":"sandbox"}');
  });

  it('is rejected as a probe for a sandbox', async () => {
    const { code, stderr } = await run('sandbox', 'serve', '--like', 'probe.json');
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('it has format 2, and this one reads format 1'),
    ]);
  });

  it.each([
    [['validate', 'v2.yaml']],
    [['fleet', 'validate', 'fleet-v2.yaml']],
    [['validate', 'base.yaml', '--policy', 'policy-v2.yaml']],
  ])('%j: has its own apiVersion', async (args) => {
    const { code, stdout } = await run(...args);
    const message =
      'the file has apiVersion "domo-roles/v2", and this version of domo-roles reads "domo-roles/v1"';
    expect([code, stdout]).toEqual([3, expect.stringContaining(message)]);
    expect(stdout).toContain('hint: upgrade domo-roles');
  });
});
