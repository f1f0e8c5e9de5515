import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ProbeReport } from '../../src/doctor/probe/report.js';
import { checkSchema } from '../support/check-schema.js';
import { runWithin } from '../support/in-process.js';
import { openFleetStage, rowOf, statuses, tokenOf } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';

let stage: FleetStage;
beforeEach(async () => {
  stage = await openFleetStage(['alpha', 'beta']);
});
afterEach(() => stage.close());

const probeOf = async (name: string, out = 'out'): Promise<ProbeReport> =>
  JSON.parse(await readFile(join(stage.folder, out, 'instances', name, 'probe.json'), 'utf8')) as ProbeReport;

/** The requests that a run sent and that are not reads. */
const writes = (): string[] =>
  [...stage.seen.values()].flat().filter((one) => /^(?:PUT|PATCH|DELETE|POST \S*\/roles)/u.test(one));

describe('fleet doctor --probe', () => {
  it('writes a report per instance, using reads only', async () => {
    stage.sandboxes.get('beta')?.setQuirks({ idsAsText: true });
    const { code, stdout } = await stage.fleet('doctor', '--probe', '--out', 'out');
    const document = await stage.document('out');
    expect([code, statuses(document), writes()]).toEqual([0, ['alpha clean', 'beta clean'], []]);
    expect(document.rows.map((row) => row.document)).toEqual([
      'instances/alpha/probe.json',
      'instances/beta/probe.json',
    ]);
    expect(checkSchema('fleet', document)).toEqual([]);
    const facts = (await probeOf('beta')).facts.filter(({ verdict }) => verdict === 'differs');
    expect([(await probeOf('alpha')).writes, facts]).toEqual([
      false,
      [{ id: 'ids', value: 'text', verdict: 'differs', reason: null }],
    ]);
    expect(rowOf(document, 'beta').because).toBe('ids are numbers or text: text');
    expect(stdout).toContain('2 instances probed, and 1 differs from what is documented.');
  });

  it('reports the same facts as a probe of one instance', async () => {
    await stage.fleet('doctor', '--probe', '--out', 'out', '--only', 'alpha');
    const { stdout } = await runWithin(
      ['doctor', '--probe', '--format', 'json', '--instance', 'alpha', '--base-url', `${stage.url}/alpha`],
      {
        ...{ cwd: stage.folder, skipWaits: true, ...stage.within },
        env: { DOMO_ACCESS_TOKEN: tokenOf('alpha') },
      },
    );
    expect(JSON.parse(stdout)).toEqual(await probeOf('alpha'));
  });

  it('fails only the row of an instance that does not answer', async () => {
    stage.sandboxes.get('alpha')?.setQuirks({ networkBlocked: true });
    const { code } = await stage.fleet('doctor', '--probe', '--out', 'out', '--retries', '0');
    expect([code, statuses(await stage.document('out'))]).toEqual([1, ['alpha failed', 'beta clean']]);
  });

  it('fails the row of an instance that refuses a read, and writes what the others show', async () => {
    const alpha = stage.sandboxes.get('alpha');
    alpha?.edit({ edit: 'move-users', roleId: 4, userIds: [1_345_408_000] });
    const { code, stdout } = await stage.fleet('doctor', '--probe', '--out', 'out');
    const document = await stage.document('out');
    expect([code, statuses(document)]).toEqual([1, ['alpha failed', 'beta clean']]);
    const refused = expect.stringContaining('/api/authorization/v1/roles returned 403');
    expect(rowOf(document, 'alpha')).toMatchObject({
      because: refused,
      problems: [{ code: 'forbidden', message: refused, hint: expect.any(String) }],
    });
    expect(stdout).toContain('2 instances probed, and no known fact differs');
    expect((await probeOf('alpha')).facts.find(({ id }) => id === 'attributes')?.value).toBe('values');
  });

  it('is resumed as a probe', async () => {
    await stage.fleet('doctor', '--probe', '--out', 'out', '--at-once', '1');
    const log = join(stage.folder, 'out/fleet.jsonl');
    const lines = (await readFile(log, 'utf8')).split('\n');
    await writeFile(log, `${lines.slice(0, 2).join('\n')}\n`);
    const { code } = await stage.fleet('doctor', '--resume', 'out');
    expect([code, rowOf(await stage.document('out'), 'beta').document]).toEqual([
      0,
      'instances/beta/probe.json',
    ]);
    await stage.fleet('doctor', '--out', 'plain');
    const { stderr } = await stage.fleet('doctor', '--resume', 'plain', '--probe');
    expect(stderr).toContain('without --probe');
  });

  it('shows the facts on the page', async () => {
    const { stdout } = await stage.fleet('doctor', '--probe', '--out', 'out', '--format', 'html');
    expect(stdout).toContain('Every instance was probed');
    expect(stdout).toContain('authority-count');
  });

  it.each([
    [['--probe', '--yes'], '--yes cannot be combined with fleet doctor'],
    [['--yes'], '--yes cannot be combined with fleet doctor'],
    [['--probe', '--wait-for-lock', '5'], '--wait-for-lock cannot be combined with fleet doctor'],
    [['--state', 'runs'], '--state needs --probe'],
  ])('%j is an error before the first request', async (flags, message) => {
    const { code, stderr } = await stage.fleet('doctor', '--out', 'out', ...flags);
    expect([code, [...stage.seen.keys()]]).toEqual([1, []]);
    expect(stderr).toContain(message);
    if (!flags.includes('--state'))
      expect(stderr).toContain('domo-roles doctor --probe --yes --instance NAME');
  });
});
