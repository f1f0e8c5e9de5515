import { cp, lstat, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FleetDocument } from '../../src/fleet/document.js';
import type { FleetLogLine } from '../../src/reconcile/fleet/fleet-log.js';
import { checkSchema } from '../support/check-schema.js';
import { filesBelow, inventoryOf, openFleetStage, rowOf, statuses } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';
import { runWithin } from '../support/in-process.js';
import type { Ended } from '../support/in-process.js';

const stages: FleetStage[] = [];
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});

const NAMES = ['alpha', 'beta', 'delta', 'gamma', 'omega'];

/** Five instances: one is refused, one is unreachable, one is suspended. */
async function open(mixed = true): Promise<FleetStage> {
  const stage = await openFleetStage(NAMES);
  stages.push(stage);
  const waves = 'waves: [{ name: early, where: [stage=early], mayFail: "50%" }]\n';
  const entry = (more = ''): string => `{ labels: { stage: early }${more} }`;
  const refused = ', overlay: { policy: { requiredAdmins: [no-one@acme.com] } }';
  const entries = Object.fromEntries(NAMES.map((name) => [name, entry()]));
  if (mixed) {
    entries.beta = entry(refused);
    entries.gamma = entry(', suspended: { reason: ended }');
    stage.sandboxes.get('omega')?.setQuirks({ networkBlocked: true });
  }
  await stage.write('fleet.yaml', inventoryOf(entries, `${waves}policy: { maxInstances: 5 }\n`));
  return stage;
}

/** Runs a command in three shards, each with its own folder. */
async function inShards(stage: FleetStage, verb: string, ...args: string[]): Promise<number[]> {
  const codes: number[] = [];
  for (const index of [1, 2, 3]) {
    const shard = ['--shard', `${index}/3`, '--out', `s${index}`, '--retries', '0'];
    codes.push((await stage.fleet(verb, ...args, ...shard)).code);
  }
  return codes;
}

const merge = (stage: FleetStage, ...args: string[]): Promise<Ended> =>
  runWithin(['fleet', 'merge', ...args], { cwd: stage.folder });

const report = async (stage: FleetStage, folder: string, format: string): Promise<string> =>
  (await runWithin(['fleet', 'report', folder, '--format', format], { cwd: stage.folder })).stdout;

/** A document without the values that differ between equal runs. */
function comparable({ rows, ...rest }: FleetDocument): string {
  const same = rows.map((row) => ({ ...row, ms: 0, requests: 0, runId: null }));
  return JSON.stringify({ ...rest, madeAt: '', rows: same }, null, 1).replaceAll(PORT, 'PORT');
}

const PORT = /127\.0\.0\.1:\d+/gu;

/** A report without its times. */
const withoutTimes = (text: string): string =>
  text
    .replaceAll(PORT, 'PORT')
    .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+(?: UTC|Z)?/gu, 'TIME')
    .replaceAll(/"(?:ms|requests)": \d+/gu, '')
    .replaceAll(/,[^,]*,\d+,\d+(?=\r?\n)/gu, '')
    .replaceAll(/time="[\d.]+"/gu, '')
    .replaceAll(/"runId": ("[^"]*"|null)/gu, '');

describe('merged shards', () => {
  it.each<[string, string[]]>([
    ['plan', []],
    ['plan', ['--detailed-exitcode']],
    ['drift', []],
    ['doctor', []],
    ['apply', ['--yes', '--wave', 'early']],
  ])('of a fleet %s %j equal one run, reports included', async (verb, args) => {
    const [one, other] = verb === 'apply' ? [await open(), await open()] : [await open()];
    const whole = await one.fleet(verb, ...args, '--out', 'whole', '--retries', '0');
    const stage = other ?? one;
    await inShards(stage, verb, ...args);
    const merged = await merge(stage, 's3', 's1', 's2', '--out', 'merged');
    const document = await stage.document('merged');
    expect(checkSchema('fleet', document)).toEqual([]);
    expect(comparable(document)).toBe(comparable(await one.document('whole')));
    expect([merged.code, merged.stdout.length > 0]).toEqual([whole.code, true]);
    expect(withoutTimes(merged.stdout)).toBe(withoutTimes(whole.stdout));
    // Reports do not depend on the exit code.
    const formats = args.includes('--detailed-exitcode')
      ? []
      : ['text', 'markdown', 'json', 'csv', 'junit', 'html'];
    for (const format of formats) {
      const [a, b] = [await report(one, 'whole', format), await report(stage, 'merged', format)];
      expect(withoutTimes(b)).toBe(withoutTimes(a));
    }
    const files = [...(await filesBelow(join(stage.folder, 'merged'))).keys()].filter(
      (file) => /\.(?:json|yaml)$/u.test(file) && !file.includes('/run/'),
    );
    const expected = [...(await filesBelow(join(one.folder, 'whole'))).keys()].filter(
      (file) => /\.(?:json|yaml)$/u.test(file) && !file.includes('/run/'),
    );
    expect(files.sort()).toEqual(expected.sort());
  });

  it('can be applied, reported and resumed like one run', async () => {
    const stage = await open();
    await inShards(stage, 'plan');
    await merge(stage, 's1', 's2', 's3', '--out', 'plans');
    const applied = await stage.fleet('apply', 'plans', '--yes', '--out', 'applied', '--retries', '0');
    expect(applied.code).toBe(5);
    expect(statuses(await stage.document('applied'))).toEqual([
      ...['alpha done', 'beta refused', 'delta done', 'gamma suspended', 'omega failed'],
    ]);
    stage.sandboxes.get('omega')?.setQuirks({ networkBlocked: false });
    const again = await stage.fleet('plan', '--resume', 'plans');
    expect([again.code, rowOf(await stage.document('plans'), 'omega').status]).toEqual([4, 'changes']);
  });

  it('of an apply can be rolled back like one run', async () => {
    const stage = await open(false);
    const before = NAMES.map((name) => stage.sandboxes.get(name)?.state().roles.length);
    await inShards(stage, 'apply', '--yes');
    await merge(stage, 's1', 's2', 's3', '--out', 'merged');
    const plan = await stage.fleet('rollback', 'merged', '--shard', '1/2', '--out', 'part');
    expect([plan.code, statuses(await stage.document('part')).length]).toEqual([0, 3]);
    const undone = await stage.fleet('rollback', 'merged', '--yes', '--out', 'undone');
    expect([undone.code, statuses(await stage.document('undone'))]).toEqual([
      0,
      NAMES.map((name) => `${name} done`),
    ]);
    expect(NAMES.map((name) => stage.sandboxes.get(name)?.state().roles.length)).toEqual(before);
  });

  it('of plans in several folders cannot be resumed, since there is no single folder', async () => {
    const stage = await open(false);
    for (const index of [1, 2]) {
      await stage.fleet('plan', '--wave', 'early', '--shard', `${index}/2`, '--out', `p${index}`);
      await stage.fleet('apply', `p${index}`, '--yes', '--out', `a${index}`);
    }
    expect((await merge(stage, 'a2', 'a1', '--out', 'merged')).code).toBe(0);
    expect(checkSchema('fleet', await stage.document('merged'))).toEqual([]);
    const again = await stage.fleet('apply', '--yes', '--resume', 'merged');
    expect([again.code, again.stderr.includes('the plans of several folders were applied')]).toEqual([
      1,
      true,
    ]);
  });

  it('contain the runs of all attempts, private to their owner, and no lock', async () => {
    const stage = await open(false);
    stage.sandboxes.get('alpha')?.setFaults([{ name: '500', method: 'PUT', times: 0 }]);
    const apply = ['apply', '--yes', '--shard', '1/3', '--retries', '0', '--out'] as const;
    expect((await stage.fleet(...apply, 'first')).code).toBe(5);
    stage.sandboxes.get('alpha')?.setFaults([]);
    await stage.fleet(...apply, 'second');
    const merged = await merge(stage, 'second', 'first', '--out', 'merged');
    expect(merged.code).toBe(5);
    const document = await stage.document('merged');
    expect(rowOf(document, 'alpha').attempts.map(({ status, sent }) => [status, sent])).toEqual([
      ['incomplete', true],
    ]);
    const files = await filesBelow(join(stage.folder, 'merged'));
    const runs = [...files.keys()].filter((file) => /^instances\/alpha\/run\/runs\/[^/]+$/u.test(file));
    expect(runs).toHaveLength(2);
    expect([...files].filter(([, { mode }]) => (mode & 0o077) !== 0)).toEqual([]);
    const outcome = JSON.parse(files.get('instances/alpha/outcome.json')?.text ?? '{}') as { runId: string };
    expect(outcome.runId).toBe(rowOf(document, 'alpha').runId);
  });
});

describe('shards without the documents of an instance', () => {
  const lose = async (stage: FleetStage): Promise<void> => {
    for (const file of ['plan.json', 'outcome.json', 'drift.json'])
      await rm(join(stage.folder, 's1/instances/alpha', file), { force: true });
  };
  const LOST = 'warning: the documents of alpha are not in the folders of the shards';

  it.each(['plan', 'drift'])(
    'are merged with exit code 1 after a %s, since the run is not whole',
    async (verb) => {
      const stage = await open(false);
      await inShards(stage, verb);
      await lose(stage);
      const { code, stderr, stdout } = await merge(stage, 's1', 's2', 's3', '--out', 'merged');
      expect([code, stderr]).toEqual([1, expect.stringContaining(LOST)]);
      // The report is there all the same.
      expect(stdout).toContain(`Fleet ${verb}: `);
      expect(rowOf(await stage.document('merged'), 'alpha').document).toBeNull();
    },
  );

  it('keep the exit code of an apply, which says what was written', async () => {
    const stage = await open(false);
    await inShards(stage, 'apply', '--yes');
    await lose(stage);
    const { code, stderr } = await merge(stage, 's1', 's2', 's3', '--out', 'merged');
    expect([code, stderr]).toEqual([0, expect.stringContaining(LOST)]);
  });
});

describe('a lost shard', () => {
  it('makes plans exit with 1 and an apply with 5, with its instances as missing', async () => {
    const stage = await open(false);
    await inShards(stage, 'plan');
    const plans = await merge(stage, 's1', 's3', '--out', 'plans');
    expect(plans.code).toBe(1);
    const document = await stage.document('plans');
    expect(statuses(document)).toEqual([
      ...['alpha changes', 'beta missing', 'delta changes', 'gamma changes', 'omega missing'],
    ]);
    expect(rowOf(document, 'beta')).toMatchObject({
      labels: { stage: 'early' },
      because: 'there is no document of shard 2 of 3',
      wave: 'early',
      sent: false,
    });
    await inShards(stage, 'apply', '--yes');
    expect((await merge(stage, 's1', 's3', '--out', 'applied')).code).toBe(5);
    expect(rowOf(await stage.document('applied'), 'omega')).toMatchObject({ status: 'missing', sent: true });
    const again = await stage.fleet('apply', '--yes', '--resume', 'applied');
    expect([again.code, statuses(await stage.document('applied'))]).toEqual([
      0,
      ['alpha done', 'beta clean', 'delta done', 'gamma done', 'omega clean'],
    ]);
  });

  it('is named when the inventory is not available', async () => {
    const stage = await open(false);
    await inShards(stage, 'apply', '--yes', '--wave', 'early');
    await rm(join(stage.folder, 'fleet.yaml'));
    expect((await merge(stage, 's1', 's2', '--out', 'merged')).code).toBe(5);
    const missing = rowOf(await stage.document('merged'), 'delta');
    expect(missing).toMatchObject({ status: 'missing', labels: {}, wave: 'early' });
  });
});

/** Reduces a folder to what a killed run leaves: no document, and the log up to a line. */
async function kill(folder: string, isKept: (line: FleetLogLine) => boolean): Promise<void> {
  await rm(join(folder, 'fleet.json'));
  const log = await readFile(join(folder, 'fleet.jsonl'), 'utf8');
  const lines = log.split('\n').filter((line) => line !== '' && isKept(JSON.parse(line) as FleetLogLine));
  await writeFile(join(folder, 'fleet.jsonl'), `${lines.join('\n')}\n{"event":"end","ro`);
}

describe('a shard that was killed', () => {
  it('is read from its log: started instances are incomplete, the others not started', async () => {
    const stage = await open(false);
    await inShards(stage, 'apply', '--yes');
    await kill(
      join(stage.folder, 's1'),
      (line) => line.event === 'run' || (line.event === 'begin' && line.instance === 'alpha'),
    );
    await kill(join(stage.folder, 's2'), (line) => line.event !== 'end' || line.row.instance !== 'omega');
    const ended = await merge(stage, 's1', 's2', 's3', '--out', 'merged');
    expect(ended.code).toBe(5);
    const document = await stage.document('merged');
    expect(checkSchema('fleet', document)).toEqual([]);
    expect(statuses(document)).toEqual([
      ...['alpha incomplete', 'beta done', 'delta done', 'gamma not-started', 'omega incomplete'],
    ]);
    expect(rowOf(document, 'alpha')).toMatchObject({
      sent: true,
      because: 'the run was interrupted',
      exit: 5,
    });
    expect(document.waves).toMatchObject([{ name: 'early', failures: 2, mayFail: 2, state: 'not-finished' }]);
    expect(document.groups).toMatchObject([
      { status: 'incomplete', instances: ['alpha', 'omega'] },
      { status: 'done', instances: ['beta', 'delta'] },
      { status: 'not-started', instances: ['gamma'] },
    ]);
    // It converges from there.
    expect((await stage.fleet('apply', '--yes', '--resume', 'merged')).code).toBe(0);
  });

  it('lists a suspended instance as suspended, as the whole run would', async () => {
    const stage = await open();
    await stage.fleet('apply', '--yes', '--retries', '0', '--out', 's1');
    let begun = 0;
    await kill(join(stage.folder, 's1'), ({ event }) => (begun += Number(event === 'begin')) === 0);
    expect((await merge(stage, 's1', '--out', 'merged')).code).toBe(1);
    const document = await stage.document('merged');
    expect(statuses(document)).toContain('gamma suspended');
    expect(document.waves).toMatchObject([{ name: 'early', instances: 4 }]);
  });

  it('during drift detection keeps the groups of its results', async () => {
    const stage = await open(false);
    await inShards(stage, 'drift');
    const whole = await merge(stage, 's1', 's2', 's3', '--out', 'whole');
    await kill(join(stage.folder, 's1'), ({ event }) => event !== 'begin');
    const ended = await merge(stage, 's1', 's2', 's3', '--out', 'merged');
    expect(ended.code).toBe(whole.code);
    expect(comparable(await stage.document('merged'))).toBe(comparable(await stage.document('whole')));
  });

  it('and was run again is done, with the first run as an attempt', async () => {
    const stage = await open(false);
    await inShards(stage, 'apply', '--yes');
    await kill(join(stage.folder, 's1'), (line) => line.event !== 'end');
    await stage.fleet('apply', '--yes', '--shard', '1/3', '--out', 'again');
    const ended = await merge(stage, 'again', 's1', 's2', 's3', '--out', 'merged');
    expect(ended.code).toBe(0);
    expect(rowOf(await stage.document('merged'), 'alpha')).toMatchObject({
      status: 'clean',
      attempts: [{ status: 'incomplete', sent: true, because: 'the run was interrupted' }],
    });
  });
});

describe('a shard that was killed and resumed', () => {
  it('lists the killed attempt once if the folder as it was before is given too', async () => {
    const stage = await open(false);
    await inShards(stage, 'apply', '--yes');
    const of = (name: string): string => join(stage.folder, name);
    await kill(of('s1'), (line) => line.event !== 'end' || line.row.instance !== 'alpha');
    await cp(of('s1'), of('before'), { recursive: true });
    expect((await stage.fleet('apply', '--yes', '--resume', 's1')).code).toBe(0);
    expect((await merge(stage, 's1', 's2', 's3', '--out', 'without')).code).toBe(0);
    expect((await merge(stage, 's1', 'before', 's2', 's3', '--out', 'with')).code).toBe(0);
    const rows = (await stage.document('with')).rows;
    expect(rows.map(({ attempts }) => attempts.length)).toEqual([1, 0, 0, 0, 0]);
    expect(rows).toEqual((await stage.document('without')).rows);
  });
});

describe('a shard that was killed before its first log line', () => {
  it.each([
    ['an empty folder', (): null => null],
    ['an empty log', (): string => ''],
    ['a truncated line', (): string => '{"event":"ru'],
  ])('leaves its instances missing: %s', async (_what, log) => {
    const stage = await open(false);
    await inShards(stage, 'plan');
    await rm(join(stage.folder, 's2'), { recursive: true });
    await mkdir(join(stage.folder, 's2/instances'), { recursive: true });
    const text = log();
    if (text !== null) await writeFile(join(stage.folder, 's2/fleet.jsonl'), text);
    const ended = await merge(stage, 's1', 's2', 's3', '--out', 'merged');
    expect([ended.code, ended.stderr.includes('was killed before it wrote anything')]).toEqual([1, true]);
    expect(rowOf(await stage.document('merged'), 'beta').status).toBe('missing');
  });
});

describe('snapshots that were exported in shards', () => {
  it('are read like those of one run', async () => {
    const stage = await open(false);
    await inShards(stage, 'export');
    expect((await merge(stage, 's1', 's2', 's3', '--out', 'snapshots')).code).toBe(0);
    const planned = await stage.offline('plan', '--snapshots', 'snapshots', '--out', 'plan');
    expect([planned.code, statuses(await stage.document('plan'))]).toEqual([
      0,
      NAMES.map((name) => `${name} changes`),
    ]);
  });
});

describe('fleet merge', () => {
  it('refuses a document that is a link to a device, which never ends', async () => {
    const stage = await open(false);
    await mkdir(join(stage.folder, 'device'));
    await symlink('/dev/zero', join(stage.folder, 'device/fleet.json'));
    for (const verb of ['merge', 'report', 'apply']) {
      const ended = await stage.offline(verb, 'device');
      expect([verb, ended.code]).toEqual([verb, 1]);
    }
  });

  it('rejects a missing folder, an empty name and a folder without a fleet run: exit 1', async () => {
    const stage = await open(false);
    await mkdir(join(stage.folder, 'empty'));
    for (const args of [[], [''], ['nowhere'], ['empty'], ['fleet.yaml'], ['.']]) {
      const ended = await merge(stage, ...args, '--out', 'merged');
      expect([args, ended.code, /merge|folder/u.test(ended.stderr)]).toEqual([args, 1, true]);
    }
  });

  it('rejects shards of another inventory, selection or count, and an input folder as --out', async () => {
    const stage = await open(false);
    await inShards(stage, 'plan');
    await stage.fleet('plan', '--shard', '2/4', '--out', 'count');
    await stage.fleet('plan', '--shard', '2/3', '--only', '*a', '--except', 'beta', '--out', 'selection');
    await stage.write('strict.yaml', 'apiVersion: domo-roles/v1\nkind: Policy\npolicy: { minAdmins: 2 }\n');
    await stage.fleet('plan', '--shard', '2/3', '--policy', 'strict.yaml', '--out', 'policy');
    await stage.fleet('plan', '--shard', '2/3', '--only-expired', '--out', 'expired');
    await stage.write('fleet.yaml', inventoryOf(Object.fromEntries(NAMES.map((name) => [name, '{}']))));
    await stage.fleet('plan', '--shard', '2/3', '--out', 'inventory');
    for (const [folder, what] of [
      ['count', 'the number of shards'],
      ['selection', 'the selection'],
      ['policy', 'the policy file (--policy)'],
      ['expired', '--only-expired'],
      ['inventory', 'the inventory'],
    ] as const) {
      const ended = await merge(stage, 's1', folder, '--out', 'merged');
      expect([folder, ended.code, ended.stderr.includes(`they differ in ${what}`)]).toEqual([
        folder,
        1,
        true,
      ]);
    }
    for (const out of ['s1', '.', 's1/instances/deep']) {
      expect((await merge(stage, 's1', 's2', '--out', out)).code).toBe(1);
    }
    expect(statuses(await stage.document('s1'))).toHaveLength(2);
  });

  it('rejects shards with another policy file, wherever it is, or planned offline', async () => {
    const stage = await open(false);
    const policy = (admins: number): string =>
      `apiVersion: domo-roles/v1\nkind: Policy\npolicy: { minAdmins: ${admins} }\n`;
    for (const [file, admins] of [
      ['one.yaml', 1],
      ['moved/one.yaml', 1],
      ['two.yaml', 2],
    ] as const)
      await stage.write(file, policy(admins));
    await stage.fleet('export', '--format', 'snapshot', '--out', 'snaps');
    await stage.fleet('plan', '--shard', '1/2', '--out', 's1', '--policy', 'one.yaml');
    const shard = ['plan', '--shard', '2/2'] as const;
    await stage.fleet(...shard, '--out', 'same', '--policy', 'moved/one.yaml');
    await stage.fleet(...shard, '--out', 'other', '--policy', 'two.yaml');
    await stage.fleet(...shard, '--out', 'none');
    await stage.offline(...shard, '--out', 'offline', '--policy', 'one.yaml', '--snapshots', 'snaps');
    expect((await merge(stage, 's1', 'same', '--out', 'merged')).code).toBe(0);
    for (const [folder, what] of [
      ['other', 'the policy file (--policy)'],
      ['none', 'the policy file (--policy)'],
      ['offline', '--snapshots'],
    ] as const) {
      const { code, stderr } = await merge(stage, 's1', folder, '--out', 'merged');
      expect([folder, code, stderr]).toEqual([folder, 1, expect.stringContaining(`they differ in ${what}`)]);
    }
  });

  it('warns about shards that read different versions of a manifest', async () => {
    const stage = await open(false);
    await stage.fleet('plan', '--shard', '1/2', '--out', 's1');
    await stage.fleet('plan', '--shard', '2/2', '--out', 'same');
    const base = await readFile(join(stage.folder, 'base.yaml'), 'utf8');
    await stage.write('base.yaml', `${base}# another commit\n`);
    await stage.fleet('plan', '--shard', '2/2', '--out', 'later');
    const same = await merge(stage, 's1', 'same', '--out', 'merged');
    expect([same.code, same.stderr.includes('warning')]).toEqual([0, false]);
    const later = await merge(stage, 's1', 'later', '--out', 'merged');
    expect([later.code, later.stderr]).toEqual([
      0,
      expect.stringContaining('warning: the shards read different versions of "base.yaml"'),
    ]);
  });

  it('rejects modified documents and logs', async () => {
    const stage = await open(false);
    await inShards(stage, 'plan');
    const good = await readFile(join(stage.folder, 's1/fleet.json'), 'utf8');
    const log = await readFile(join(stage.folder, 's1/fleet.jsonl'), 'utf8');
    const path = join(stage.folder, 's1/fleet.json');
    for (const bad of [
      good.replaceAll('alpha', '../../../x'),
      good.replaceAll('"alpha"', '"__proto__"'),
      good.replace('instances/alpha/plan.json', 'instances/alpha/../../../../etc/passwd'),
      good.replace('"rows": [', '"rows": [7,'),
      '[]',
      'null',
      '{"kind":"fleet"}',
    ]) {
      await writeFile(path, bad);
      const ended = await merge(stage, 's1', 's2', '--out', 'merged');
      expect([ended.code, ended.stderr.includes('s1')]).toEqual([1, true]);
    }
    await rm(path);
    for (const bad of [
      log.replaceAll('alpha', '../x'),
      `${log.split('\n')[0] ?? ''}\n{"event":"end"}\n{"event":"end","row":{"instance":"alpha"}}\n`,
      '{"event":"run"}\n',
      '{"event":"run","selection":{"names":7},"inventory":null}\n',
    ]) {
      await writeFile(join(stage.folder, 's1/fleet.jsonl'), bad);
      const ended = await merge(stage, 's1', 's2', '--out', 'merged');
      expect([bad, ended.code, ended.stderr.includes('s1')]).toEqual([bad, 1, true]);
    }
  });

  it('does not follow a link out of a folder', async () => {
    const stage = await open(false);
    await inShards(stage, 'plan');
    await stage.write('secret.txt', 'secret');
    const link = join(stage.folder, 's1/instances/alpha/link.json');
    await symlink(join(stage.folder, 'secret.txt'), link);
    await rm(join(stage.folder, 's1/instances/gamma'), { recursive: true });
    await symlink(stage.folder, join(stage.folder, 's1/instances/gamma'));
    const { code, stderr } = await merge(stage, 's1', 's2', 's3', '--out', 'merged');
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('warning: the documents of gamma are not in the folders of the shards'),
    ]);
    const found = await filesBelow(join(stage.folder, 'merged'));
    expect([...found.keys()].filter((file) => file.includes('gamma') || file.includes('link'))).toEqual([]);
    // The merged document names only what is there.
    const { rows } = await stage.document('merged');
    const named = rows.flatMap(({ document }) => document ?? []);
    expect(named).toEqual(['alpha', 'beta', 'delta', 'omega'].map((name) => `instances/${name}/plan.json`));
    expect(named.every((file) => found.has(file))).toBe(true);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  });
});
