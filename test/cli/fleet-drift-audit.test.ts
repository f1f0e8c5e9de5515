import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkSchema } from '../support/check-schema.js';
import { openFleetStage } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';
import { runWithin } from '../support/in-process.js';
import { pageData } from '../support/page-data.js';

const UNREAD = 'the audit log cannot be read';
const SENTENCE =
  'The audit log was not read, or only in part, on 1 instance: beta. Who made the changes there may be unknown.';

let stage: FleetStage;
beforeAll(async () => {
  const faults = [{ name: '503', path: '/user-audits', times: 0 }] as const;
  stage = await openFleetStage(['alpha', 'beta'], { beta: { faults } });
  await stage.fleet('export', '--format', 'snapshot', '--out', 'live');
  await stage.fleet('drift', '--retries', '0', '--out', 'drift');
});
afterAll(() => stage.close());

const report = (format: string, folder = 'drift') =>
  runWithin(['fleet', 'report', folder, '--format', format], { cwd: stage.folder });

describe('the drift of a fleet with an instance whose audit log cannot be read', () => {
  it('has a warning in its row, and shares a group with an instance whose log was read', async () => {
    const document = await stage.document('drift');
    const warnings = document.rows.map((row) => [row.instance, row.warnings.includes('audit-incomplete')]);
    expect(warnings).toEqual([
      ['alpha', false],
      ['beta', true],
    ]);
    expect(document.groups).toMatchObject([
      { instances: ['alpha', 'beta'], warnings: ['looks-like-rename'] },
    ]);
    expect(checkSchema('fleet', document)).toEqual([]);
  });

  it.each(['text', 'markdown', 'html', 'junit'])('names it in %s', async (format) => {
    const { code, stdout } = await report(format);
    const plain = stdout.replaceAll('\\', '').replaceAll(/<[^>]*>/gu, '');
    expect([code, format === 'junit' ? stdout : plain]).toEqual([0, expect.stringContaining(SENTENCE)]);
  });

  it('shows the reason in its panel on the page', async () => {
    const { stdout } = await report('html');
    const { texts } = pageData<{ texts: string[] }>(stdout, 'panels');
    expect(texts).toEqual(expect.arrayContaining(['Audit log', expect.stringContaining(UNREAD)]));
  });

  it('keeps the warning in a merge and in a resumed run', async () => {
    for (const shard of ['1/2', '2/2'])
      await stage.fleet('drift', '--retries', '0', '--shard', shard, '--out', shard.slice(0, 1));
    await runWithin(['fleet', 'merge', '1', '2', '--out', 'merged'], { cwd: stage.folder });
    expect((await report('text', 'merged')).stdout).toContain(SENTENCE);
    const resumed = await stage.fleet('drift', '--resume', 'drift');
    expect([resumed.code, resumed.stdout]).toEqual([2, expect.stringContaining(SENTENCE)]);
  });

  it('says nothing of it for snapshots, which have no audit log, and without changes', async () => {
    for (const flags of [[], ['--snapshots', 'live']]) {
      const target = flags.length > 0 ? stage.offline : stage.fleet;
      await stage.write('base.yaml', 'apiVersion: domo-roles/v1\nkind: Roles\ndefaultRole: Privileged\n');
      const clean = await target('drift', '--out', 'clean', ...flags);
      expect([clean.code, clean.stdout]).toEqual([0, expect.not.stringContaining('audit log')]);
      await stage.write('base.yaml', 'apiVersion: domo-roles/v1\nkind: Roles\ndefaultRole: Participant\n');
    }
    const offline = await stage.offline('drift', '--snapshots', 'live', '--out', 'offline');
    expect([offline.code, offline.stdout]).toEqual([2, expect.not.stringContaining('audit log')]);
  });
});
