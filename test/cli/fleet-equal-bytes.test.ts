import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LIST_FORMATS } from '../../src/shell/fleet/formats.js';
import { VALIDATE_FORMATS } from '../../src/shell/formats.js';
import type { SandboxState } from '../../src/sandbox/index.js';
import { BASE, filesBelow, inventoryOf, openFleetStage } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';

/** More instances than may run at once, some of them failing. */
const NAMES = ['alpha', 'beta', 'delta', 'epsilon', 'eta', 'gamma', 'iota', 'kappa', 'theta', 'zeta'];

let stage: FleetStage;
/** The state of every instance before the first write. */
const before = new Map<string, SandboxState | undefined>();

async function reset(): Promise<void> {
  for (const [name, sandbox] of stage.sandboxes) await sandbox.reset(before.get(name));
}

beforeAll(async () => {
  stage = await openFleetStage(NAMES);
  stage.sandboxes.get('beta')?.setQuirks({ networkBlocked: true });
  stage.sandboxes.get('iota')?.edit({ edit: 'create-role', name: 'Fleet Viewer' });
  for (const [name, sandbox] of stage.sandboxes) before.set(name, sandbox.state());
  const entries = Object.fromEntries(NAMES.map((name) => [name, '{}']));
  await stage.write('misspelt.yaml', `${BASE}colour: red\n`);
  await stage.write(
    'fleet.yaml',
    inventoryOf(
      {
        ...entries,
        alpha: '{ labels: { tier: test } }',
        delta: '{ overlay: { roles: { A: { grants: [no.such.grant] } } } }',
        epsilon: '{ overlay: { policy: { requiredAdmins: [no-one@acme.com] } } }',
        gamma: '{ suspended: { reason: ended } }',
        kappa: '{ manifest: misspelt.yaml }',
        lost: '{}',
      },
      'waves: [{ name: first, where: [tier=test], mayFail: 9 }]\n',
    ),
  );
});
afterAll(() => stage.close());

/** Keys whose values may differ between runs of equal input. */
const OF_A_RUN = new Set(['ms', 'requests', 'runId', 'attempts', 'shard']);
/** Text in the form of a time. */
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z/gu;

function withoutRun(text: string): string {
  const value = JSON.parse(text, (key, one: unknown) => (OF_A_RUN.has(key) ? null : one)) as unknown;
  return JSON.stringify(value).replaceAll(TIME, 'time');
}

/** Every document of a run, without the values that may differ. Run files are named by run id. */
async function documentsOf(out: string): Promise<Map<string, string>> {
  const files = await filesBelow(join(stage.folder, out));
  const found = new Map<string, string>();
  for (const [path, { text }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!/^(?:fleet\.json|instances\/[^/]+\/[a-z]+\.(?:json|yaml))$/u.test(path)) continue;
    found.set(path, path.endsWith('.json') ? withoutRun(text) : text);
  }
  return found;
}

/** The lines of its log without the options, sorted. */
async function logOf(out: string): Promise<string[]> {
  const lines = (await readFile(join(stage.folder, out, 'fleet.jsonl'), 'utf8')).trimEnd().split('\n');
  return lines
    .map(withoutRun)
    .filter((line) => !line.includes('"options"'))
    .sort();
}

async function expectEqualReports(out: string): Promise<void> {
  for (const format of ['text', 'json', 'markdown', 'csv', 'junit']) {
    const argv = [out, '--format', format];
    expect(await stage.offline('report', ...argv)).toEqual(await stage.offline('report', ...argv));
  }
}

describe('equal input gives equal bytes', () => {
  it.each([
    ['plan', []],
    ['drift', []],
    ['doctor', []],
    ['export', []],
    ['export', ['--format', 'manifest']],
    ['apply', ['--yes']],
  ])('for %s %j, sequentially or in parallel', async (verb, args) => {
    const runs: Map<string, string>[] = [];
    const logs: string[][] = [];
    for (const atOnce of ['1', '8']) {
      const { code } = await stage.fleet(
        verb,
        '--out',
        'out',
        '--retries',
        '0',
        '--at-once',
        atOnce,
        ...args,
      );
      expect([0, 1, 5]).toContain(code);
      runs.push(await documentsOf('out'));
      logs.push(await logOf('out'));
      if (verb === 'apply') await reset();
    }
    expect(runs[0]?.size).toBeGreaterThan(8);
    expect(runs[1]).toEqual(runs[0]);
    expect(logs[0]?.length).toBeGreaterThan(8);
    expect(logs[1]).toEqual(logs[0]);
    if (verb === 'plan') await expectEqualReports('out');
  });

  it('for plans that are applied from a folder', async () => {
    await stage.fleet('plan', '--out', 'plans', '--retries', '0');
    const runs: Map<string, string>[] = [];
    for (const atOnce of ['1', '8']) {
      await stage.fleet('apply', 'plans', '--yes', '--out', 'out', '--retries', '0', '--at-once', atOnce);
      runs.push(await documentsOf('out'));
      await reset();
    }
    expect(runs[1]).toEqual(runs[0]);
  });

  it.each([
    ...LIST_FORMATS.map((format) => ['list', format]),
    ...VALIDATE_FORMATS.map((format) => ['validate', format]),
  ])('for %s as %s', async (verb, format) => {
    const first = await stage.offline(verb, '--format', format);
    expect(await stage.offline(verb, '--format', format)).toEqual(first);
    expect(first.stdout).toContain(verb === 'list' ? 'kappa' : 'colour');
  });

  it.each(['text', 'json'])('for show as %s', async (format) => {
    const show = () => stage.offline('show', 'epsilon', '--format', format);
    const first = await show();
    expect([first.code, await show()]).toEqual([0, first]);
  });
});
