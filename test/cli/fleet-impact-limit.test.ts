import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openFleetStage } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';

let stage: FleetStage;

beforeEach(async () => {
  stage = await openFleetStage(['acme', 'globex']);
  await stage.write(
    'base.yaml',
    'apiVersion: domo-roles/v1\nkind: Roles\nroles: { Finance Viewer: { description: Looks } }\n',
  );
});
afterEach(() => stage.close());

it('--impact-limit limits the lists of a plan, its report and a merge alike', async () => {
  const limit = ['--impact-limit', '1'];
  const planned = await stage.fleet('plan', '--out', 'run', ...limit);
  const reported = await stage.offline('report', 'run', ...limit);
  for (const index of [1, 2]) await stage.fleet('plan', '--shard', `${index}/2`, '--out', `part${index}`);
  const merged = await stage.offline('merge', 'part1', 'part2', '--out', 'merged', ...limit);
  for (const { stdout } of [planned, reported, merged])
    expect(stdout).toMatch(/^2 instances with changes {2}acme and 1 more$/mu);
  expect((await stage.offline('report', 'run')).stdout).toContain('2 instances with changes  acme, globex');
});
