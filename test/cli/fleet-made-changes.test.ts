import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BASE, openFleetStage, rowOf, statuses } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';

/** Two roles; one of them can be there before the apply. */
const TWO = `${BASE}  Auditor: { description: Reads, grants: [alert.edit, audit] }
policy: { protectedGrants: [audit] }
`;
const NOTHING = { created: 0, deleted: 0, moved: 0, grantsAdded: 0, grantsRemoved: 0 };

let stage: FleetStage;
beforeEach(async () => {
  stage = await openFleetStage(['alpha', 'beta']);
});
afterEach(() => stage.close());

describe('a fleet apply counts only the changes that it made', () => {
  it('and an instance whose saved plan is in place already is clean', async () => {
    await stage.fleet('plan', '--out', 'plans');
    expect((await stage.fleet('apply', 'plans', '--yes', '--out', 'first')).stdout).toContain('2 done.');
    const { code, stdout } = await stage.fleet('apply', 'plans', '--yes', '--out', 'second');
    expect([code, stdout]).toEqual([0, expect.stringContaining('2 clean.\n')]);
    expect(stdout).toContain('No changes.');
    expect(stdout).not.toContain('Fleet Viewer');
    const { rows, groups, summary } = await stage.document('second');
    expect(rows.map((row) => row.summary)).toEqual([NOTHING, NOTHING]);
    expect(groups).toMatchObject([{ status: 'clean', instances: ['alpha', 'beta'], changes: [] }]);
    expect(summary).toMatchObject({ ...NOTHING, done: 0, clean: 2 });
    for (const format of ['text', 'markdown', 'html', 'junit'])
      expect((await stage.offline('report', 'second', '--format', format)).stdout).not.toContain(
        'role Fleet Viewer',
      );
  });

  it('of a plan that was applied in part, and the owners of their roles', async () => {
    await stage.write(
      'base.yaml',
      TWO.replace('{ description: Reads', '{ owner: audit-team, description: Reads'),
    );
    await stage.fleet('plan', '--out', 'plans');
    await stage.write('base.yaml', BASE);
    await stage.fleet('apply', '--only', 'alpha', '--yes');
    const flags = ['--yes', '--out', 'out', '--group-by', 'owner'];
    const { code, stdout } = await stage.fleet('apply', 'plans', ...flags.slice(0, 3));
    expect([code, statuses(await stage.document('out'))]).toEqual([0, ['alpha done', 'beta done']]);
    expect(rowOf(await stage.document('out'), 'alpha').summary).toMatchObject({ created: 1, grantsAdded: 2 });
    expect(rowOf(await stage.document('out'), 'beta').summary).toMatchObject({ created: 2, grantsAdded: 4 });
    expect(stdout).toContain('In all: 3 roles created and 6 grants added.');
    const owners = await stage.offline('report', 'out', '--group-by', 'owner');
    expect(owners.stdout).toContain('Owner audit-team: 1 role on 2 instances');
    expect(owners.stdout).toContain('No owner: 1 role on 1 instance');
  });

  it('in all of its attempts with saved plans, and shows those of instances that an earlier one finished', async () => {
    await stage.fleet('plan', '--out', 'plans');
    stage.sandboxes.get('beta')?.setFaults([{ name: '500', method: 'PUT', times: 0 }]);
    await stage.fleet('apply', 'plans', '--yes', '--out', 'out', '--retries', '0');
    expect(statuses(await stage.document('out'))).toEqual(['alpha done', 'beta incomplete']);
    stage.sandboxes.get('beta')?.setFaults([]);
    for (const _ of ['resumed', 'resumed again']) {
      const { code, stdout } = await stage.fleet('apply', '--resume', 'out', '--yes');
      const { groups } = await stage.document('out');
      expect([code, groups.map(({ instances }) => instances)]).toEqual([0, [['alpha', 'beta']]]);
      expect(stdout).toContain('In all: 2 roles created and 4 grants added.\n');
    }
  });

  it('and says where earlier attempts may have made more of them with manifests', async () => {
    stage.sandboxes.get('beta')?.setFaults([{ name: '500', method: 'PUT', times: 0 }]);
    await stage.fleet('apply', '--yes', '--out', 'out', '--retries', '0');
    stage.sandboxes.get('beta')?.setFaults([]);
    const { stdout } = await stage.fleet('apply', '--resume', 'out', '--yes');
    expect(statuses(await stage.document('out'))).toEqual(['alpha done', 'beta done']);
    expect(stdout).toContain('In all: 1 role created, ');
    expect(stdout).toContain('Earlier attempts may have made changes on 1 instance that are not counted.');
  });

  it('also in the merged log of a run that was killed', async () => {
    await stage.fleet('plan', '--out', 'plans');
    await stage.fleet('apply', 'plans', '--yes');
    await stage.fleet('apply', 'plans', '--yes', '--out', 'out');
    await rm(join(stage.folder, 'out', 'fleet.json'));
    const { stdout } = await stage.offline('merge', 'out', '--out', 'merged');
    expect(stdout).toContain('2 clean.');
    expect((await stage.document('merged')).groups).toMatchObject([{ changes: [] }]);
    const again = await stage.fleet('apply', '--resume', 'out', '--yes');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('2 clean.')]);
  });
});

describe('a run that finds all changes in place is clean', () => {
  it('in a dry run of plans that were applied', async () => {
    await stage.fleet('plan', '--out', 'plans');
    await stage.fleet('apply', 'plans', '--yes', '--only', 'alpha');
    await stage.fleet('apply', 'plans', '--yes', '--out', 'first');
    const { code, stdout } = await stage.fleet('apply', 'plans', '--dry-run', '--out', 'dry');
    expect([code, stdout]).toEqual([0, expect.stringContaining('2 clean.\n')]);
    expect(stdout).not.toContain('The rehearsal holds');
    expect((await stage.document('dry')).summary).toMatchObject({ ...NOTHING, changes: 0, clean: 2 });
  });
});

it('the page of a rollback without --yes counts what it would undo, not what it undid', async () => {
  await stage.fleet('apply', '--yes', '--out', 'out');
  const page = async (...flags: string[]): Promise<string> =>
    (await stage.fleet('rollback', 'out', '--allow', 'max-deletes=9', '--format', 'html', ...flags)).stdout;
  const planned = await page('--out', 'back');
  expect(planned).toContain('<dt>roles to delete</dt>');
  expect(planned).not.toContain('<dt>roles deleted</dt>');
  expect(await page('--yes', '--out', 'undone')).toContain('<dt>roles deleted</dt>');
});
