import { readdir } from 'node:fs/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { checkSchema } from '../support/check-schema.js';
import { inventoryOf, openFleetStage, statuses } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';
import { runWithin } from '../support/in-process.js';

let stage: FleetStage | null = null;
afterEach(async () => {
  await stage?.close();
  stage = null;
});

const NAMES = ['alpha', 'beta', 'delta', 'gamma', 'omega'];

async function open(policy = ''): Promise<FleetStage> {
  stage = await openFleetStage(NAMES);
  const entries = Object.fromEntries(
    NAMES.map((name) => [name, `{ labels: { stage: ${name === 'omega' ? 'late' : 'early'} } }`]),
  );
  const waves = 'waves: [{ name: early, where: [stage=early] }, { name: late, where: [stage=late] }]\n';
  await stage.write('fleet.yaml', inventoryOf(entries, `${waves}${policy}`));
  return stage;
}

describe('--shard', () => {
  it('splits the selection of all other flags, and its documents agree on the digest', async () => {
    const { fleet, document } = await open();
    const shards = ['1/2', '2/2'];
    for (const [index, shard] of shards.entries()) {
      const { code } = await fleet('plan', '--except', 'beta', '--shard', shard, '--out', `s${index}`);
      expect(code).toBe(0);
    }
    await fleet('plan', '--except', 'beta', '--out', 'whole');
    const [one, two, whole] = await Promise.all(['s0', 's1', 'whole'].map(document));
    expect(statuses(one!)).toEqual(['alpha changes', 'gamma changes']);
    expect(statuses(two!)).toEqual(['delta changes', 'omega changes']);
    expect([one!.selection.digest, two!.selection.digest]).toEqual(Array(2).fill(whole!.selection.digest));
    expect(two!.selection).toMatchObject({ shard: { index: 2, count: 2 }, names: ['delta', 'omega'] });
    expect(two!.selection.all).toEqual(whole!.selection.names);
    for (const one of [two, whole]) expect(checkSchema('fleet', one)).toEqual([]);
  });

  it.each([
    ['list', ['--format', 'names'], 'beta\nomega\n'],
    ['validate', [], 'fleet.yaml: valid (2 instances)\n'],
    ['drift', ['--out', 'out', '--format', 'json'], '"beta"'],
    ['doctor', ['--out', 'out'], '2 clean'],
    ['export', ['--out', 'out'], '2 instances exported'],
    ['apply', ['--out', 'out', '--yes', '--wave', 'early'], '1 done'],
  ])('works with %s', async (verb, args, output) => {
    const { fleet, folder } = await open();
    const needsTarget = !['list', 'validate'].includes(verb);
    const ended = needsTarget
      ? await fleet(verb, '--shard', '2/3', ...args)
      : await runWithin(['fleet', verb, '--shard', '2/3', ...args], { cwd: folder });
    expect(ended.stdout).toContain(output);
  });

  it('past the end has nothing to do and writes an empty document', async () => {
    const { fleet, document } = await open('policy: { minInstances: 9 }\n');
    const ended = await fleet('plan', '--only', 'a*', '--shard', '3/3', '--out', 'out');
    expect([ended.code, (await document('out')).rows]).toEqual([0, []]);
    expect(ended.stderr).toContain('note: nothing to do: shard 3 of 3 has none of 1 instance');
  });

  it.each<[string, string[], string]>([
    ['an apply of several waves', ['apply', '--yes', '--shard', '9/9'], 'several are selected: early, late'],
    ['an unknown name in --allow', ['plan', '--shard', '9/9', '--allow', 'nope:max-moves=9'], '"nope"'],
    ['a wrong number of instances', ['plan', '--shard', '9/9', '--at-once', '0'], '--at-once'],
    ['a report on its own input', ['plan', '--shard', '9/9', '--report', 'csv=fleet.yaml'], 'fleet.yaml'],
    ['a wrong shard of what failed', ['plan', '--failed-from', 'earlier', '--shard', '9/3'], 'shard'],
  ])('past the end of %s is an error, and nothing else is printed or done', async (_what, args, text) => {
    const { fleet, folder } = await open();
    await fleet('plan', '--out', 'earlier');
    const [verb = '', ...flags] = args;
    const { code, stdout, stderr } = await fleet(verb, ...flags, '--out', 'out');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(text);
    expect(stderr).not.toContain('nothing to do');
    expect(await readdir(folder)).not.toContain('out');
  });

  it.each(['0/3', '4/3', 'auto/0', 'autumn', 'auto', '1', ''])('rejects %j: exit 1', async (shard) => {
    const { fleet } = await open();
    const ended = await fleet('plan', `--shard=${shard}`, '--out', 'out');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/--shard|shard/u);
  });

  it('auto reads the shard from the CI engine and prints it', async () => {
    const { fleetIn, document } = await open();
    const env = { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '3' };
    const ended = await fleetIn({ env }, 'plan', '--shard', 'auto', '--out', 'out');
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('note: shard 1 of 3, from GitLab (CI_NODE_INDEX, CI_NODE_TOTAL)');
    expect(statuses(await document('out'))).toEqual(['alpha changes', 'gamma changes']);
  });

  it('lets --allow name an instance of another shard', async () => {
    const { fleet } = await open();
    const ended = await fleet(
      ...(['plan', '--shard', '1/2', '--out', 'out', '--reason', 'a trial'] as const),
      ...['--allow', 'beta:max-moves=9'],
    );
    expect(ended.code).toBe(0);
  });

  it('does not send credentials of several instances to one address in separate shards', async () => {
    const { folder } = await open();
    const args = ['--base-url', 'http://127.0.0.1:9', '--tokens', 'tokens.json', '--out', 'out'];
    const ended = await runWithin(['fleet', 'plan', '--shard', '1/5', ...args], { cwd: folder });
    expect([ended.code, ended.stderr.includes('{name}')]).toEqual([1, true]);
  });
});

describe('rollback --shard', () => {
  it('accepts a single wave only when it writes', async () => {
    const { fleet, document } = await open();
    await fleet('apply', '--yes', '--out', 'applied');
    const shard = ['rollback', 'applied', '--shard', '2/2', '--out', 'out'] as const;
    expect((await fleet(...shard)).code).toBe(0);
    const several = await fleet(...shard, '--yes');
    expect([several.code, several.stderr.includes('several are selected: early, late')]).toEqual([1, true]);
    expect((await fleet(...shard, '--yes', '--wave', 'early')).code).toBe(0);
    expect(statuses(await document('out'))).toEqual(['beta done', 'gamma done']);
  });
});

describe('apply --shard', () => {
  it('accepts a single wave and rejects --all-or-nothing: exit 1 before any request', async () => {
    const { fleet, seen } = await open();
    const several = await fleet('apply', '--yes', '--shard', '1/2', '--out', 'out');
    expect([several.code, several.stderr.includes('several are selected: early, late')]).toEqual([1, true]);
    const all = await fleet('apply', '--yes', '--wave', 'early', '--all-or-nothing', '--shard', '1/2');
    expect([all.code, all.stderr.includes('--all-or-nothing')]).toEqual([1, true]);
    expect(seen.size).toBe(0);
  });

  it('has a proportional maxInstances, rounded up, and checks minInstances over the whole', async () => {
    const { fleet, document } = await open('policy: { maxInstances: 3 }\n');
    const one = await fleet('apply', '--yes', '--wave', 'early', '--shard', '1/2', '--out', 'one');
    expect(one.code).toBe(0);
    expect(statuses(await document('one'))).toEqual(['alpha done', 'delta done']);
    const two = await fleet('apply', '--yes', '--only', 'beta', '--only', 'gamma', '--shard', '1/1');
    expect(two.code).toBe(0);
    const least = await open('policy: { minInstances: 6 }\n');
    const small = await least.fleet('apply', '--yes', '--wave', 'early', '--shard', '1/2', '--out', 'out');
    expect(small.code).toBe(4);
    expect((await least.document('out')).refusals.map(({ code }) => code)).toEqual(['min-instances']);
  });

  it('is refused above its share, while a plan of the same shard is not', async () => {
    const { fleet, document } = await open('policy: { maxInstances: 2 }\n');
    const args = ['--wave', 'early', '--shard', '2/2', '--out'];
    expect((await fleet('plan', ...args, 'plan')).code).toBe(0);
    expect((await fleet('apply', '--yes', ...args, 'out')).code).toBe(4);
    const { refusals, rows } = await document('out');
    expect(refusals.map(({ message }) => message)).toEqual([
      '2 instances would be changed by shard 2 of 2, at most 1 may be',
    ]);
    expect(rows.map(({ status }) => status)).toEqual(['not-started', 'not-started']);
  });

  it('splits a folder of plans, and applies the plans of a shard', async () => {
    const { fleet, document } = await open();
    await fleet('plan', '--wave', 'early', '--out', 'plans');
    expect((await fleet('apply', 'plans', '--yes', '--shard', '1/2', '--out', 'one')).code).toBe(0);
    const one = await document('one');
    expect(statuses(one)).toEqual(['alpha done', 'delta done']);
    await fleet('plan', '--wave', 'early', '--shard', '2/2', '--out', 'plan2');
    const other = await fleet('apply', 'plan2', '--yes', '--shard', '1/2', '--out', 'other');
    expect([other.code, other.stderr.includes('holds the plans of shard 2 of 2')]).toEqual([1, true]);
    expect((await fleet('apply', 'plan2', '--yes', '--out', 'two')).code).toBe(0);
    const two = await document('two');
    expect(statuses(two)).toEqual(['beta done', 'gamma done']);
    expect(two.selection.shard).toEqual({ index: 2, count: 2 });
    expect(two.selection.digest).toBe(one.selection.digest);
  });

  it('keeps the names of its shard when it is resumed', async () => {
    const { fleet, document, sandboxes } = await open();
    sandboxes.get('beta')?.setQuirks({ networkBlocked: true });
    const args = ['apply', '--yes', '--retries', '0'] as const;
    const first = await fleet(...args, '--wave', 'early', '--shard', '2/2', '--out', 'out');
    expect(first.code).toBe(5);
    sandboxes.get('beta')?.setQuirks({ networkBlocked: false });
    expect((await fleet(...args, '--resume', 'out')).code).toBe(0);
    expect(statuses(await document('out'))).toEqual(['beta done', 'gamma done']);
  });
});
