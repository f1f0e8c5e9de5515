import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FleetTry } from '../../src/fleet/agree.js';
import type { FleetCommand, FleetDocument, FleetRow, RowStatus } from '../../src/fleet/document.js';
import { openGroups } from '../../src/fleet/groups.js';
import { fleetRefusals } from '../../src/fleet/limits.js';
import { makeFleetDocument } from '../../src/fleet/make-document.js';
import { mergeFleets } from '../../src/fleet/merge.js';
import { attemptOf } from '../../src/fleet/merge-row.js';
import { blankRow } from '../../src/fleet/rows.js';
import { inShard, makeSelection } from '../../src/fleet/shard.js';
import type { Shard } from '../../src/fleet/shard.js';
import { judgeWave } from '../../src/fleet/waves.js';
import type { Change } from '../../src/plan/change.js';
import { creation } from '../support/changes.js';
import { fleetRow } from '../support/fleet-rows.js';
import { inputs } from '../support/law.js';

const AT = '2026-01-01T00:00:00Z';
const WAVE = { name: 'canary', mayFail: { percent: 30, floor: 0 } };
const PLANS: readonly (readonly Change[] | null)[] = [
  null,
  [creation('Finance Viewer', ['a.one'])],
  [creation('Finance Viewer', ['a.two'])],
];

const STATUSES: Readonly<Record<'plan' | 'apply' | 'drift', readonly RowStatus[]>> = {
  plan: ['clean', 'changes', 'refused', 'invalid', 'failed', 'not-started', 'suspended'],
  apply: ['clean', 'done', 'incomplete', 'refused', 'invalid', 'failed', 'not-started', 'suspended'],
  drift: ['clean', 'drift', 'invalid', 'failed', 'not-started', 'suspended'],
};

/** One run over some instances, with or without shards. */
interface OneRun {
  command: FleetCommand;
  all: readonly string[];
  shard?: Shard | null;
  rows: readonly FleetRow[];
  plans: Readonly<Record<string, number>>;
  maxInstances?: number | null;
  detailed?: boolean;
}

/** The document of a run, created as runs create it. */
function documentOfRun({ command, all, shard = null, rows, plans, maxInstances = null, detailed }: OneRun) {
  const groups = openGroups();
  for (const row of rows) {
    const plan = PLANS[plans[row.instance] ?? 0];
    if (plan) groups.add(row, plan);
  }
  const inventory = { file: 'fleet.yaml', digest: `sha256:${'0'.repeat(64)}` };
  const limits = { instances: all.length, minInstances: 2, maxInstances };
  return makeFleetDocument({
    ...{ command, madeBy: '1.0.0', madeAt: AT, fleet: 'customers', rows },
    inventory: { ...inventory, ...limits },
    selection: makeSelection({ wave: ['canary'] }, all, shard),
    refusals: command === 'plan' ? fleetRefusals(limits, rows) : [],
    waves: command === 'apply' && rows.length > 0 ? [judgeWave(WAVE, rows)] : [],
    groups: groups.groups(rows),
    changesAre2: detailed ?? false,
  });
}

function tryOfRun(run: OneRun, begunAt = 0, folder = `shards/${run.shard?.index ?? 1}`): FleetTry {
  return { folder, begunAt, isCutOff: false, given: null, document: documentOfRun(run) };
}

const merged = (tries: readonly FleetTry[]): FleetDocument =>
  mergeFleets(tries, {
    madeAt: AT,
    subjectOf: (name) => ({ name, labels: new Map(), wave: 'canary' }),
    waves: [],
  }).document;

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/u);

/** One attempt: its result, whether it sent a write, and its plan. */
type OneTry = readonly [status: RowStatus, sent: boolean, plan: number];

/**
 * The attempts at one instance, in order. An instance that did not start in the last attempt did not start before.
 */
const history = (statuses: readonly RowStatus[]): fc.Arbitrary<readonly OneTry[]> => {
  const plan = fc.nat({ max: PLANS.length - 1 });
  return fc
    .record({
      last: fc.constantFrom(...statuses),
      before: fc.array(fc.tuple(fc.constantFrom(...statuses), fc.boolean(), plan), { maxLength: 2 }),
      plan,
    })
    .map(({ last, before, plan: own }) => {
      const never = last === 'not-started' || last === 'suspended';
      return [...(never ? [] : before), [last, last === 'done', own]];
    });
};

const fleet = fc.constantFrom<'plan' | 'apply' | 'drift'>('plan', 'apply', 'drift').chain((command) =>
  fc.record({
    command: fc.constant(command),
    detailed: fc.constant(command === 'plan').chain((may) => (may ? fc.boolean() : fc.constant(false))),
    count: fc.integer({ min: 1, max: 6 }),
    maxInstances: fc.option(fc.nat({ max: 4 })),
    instances: fc
      .uniqueArray(fc.tuple(name, history(STATUSES[command])), { selector: ([one]) => one, maxLength: 12 })
      .map((list) => new Map(list)),
    seed: fc.integer(),
    lost: fc.nat({ max: 5 }),
  }),
);

type Fleet = typeof fleet extends fc.Arbitrary<infer T> ? T : never;

/** The attempt of an instance this many before its last one; undefined before its first. */
const tryAt = ({ instances }: Fleet, instance: string, back: number): OneTry | undefined =>
  instances.get(instance)?.at(-1 - back);

function rowAt({ command, detailed }: Fleet, instance: string, [status, sent, plan]: OneTry): FleetRow {
  return fleetRow(instance, status, {
    wave: 'canary',
    sent: command === 'apply' && sent,
    because: `${status} ${plan}`,
    exit: status === 'changes' && detailed ? 2 : 0,
    summary: plan === 0 ? null : { created: plan, deleted: 0, moved: 0, grantsAdded: 1, grantsRemoved: 0 },
  });
}

/** A run over some instances, with the attempt of each that is this many before its last one. */
function runAt(
  one: Fleet,
  names: readonly string[],
  { back, shard }: { back: number; shard: Shard | null },
): OneRun {
  const { command, instances, maxInstances, detailed } = one;
  const found = names.flatMap((key) => {
    const at = tryAt(one, key, back);
    return at ? [{ key, at }] : [];
  });
  return {
    ...{ command, shard, maxInstances, detailed, all: [...instances.keys()].sort() },
    rows: found.map(({ key, at }) => rowAt(one, key, at)),
    plans: Object.fromEntries(found.map(({ key, at }) => [key, at[2]])),
  };
}

/** The folders of a fleet in shards. Each shard ran as often as its instance with the most attempts. */
function triesOf(one: Fleet): FleetTry[] {
  const { count, instances } = one;
  return Array.from({ length: count }, (_, at) => ({ index: at + 1, count })).flatMap((shard) => {
    const names = inShard([...instances.keys()], shard);
    const most = Math.max(1, ...names.map((key) => instances.get(key)?.length ?? 0));
    return Array.from({ length: most }, (_, turn) =>
      tryOfRun(runAt(one, names, { back: most - 1 - turn, shard }), turn, `shards/${shard.index}-${turn}`),
    );
  });
}

/** The document of one run without shards, with earlier runs as attempts. */
function wholeOf(one: Fleet): FleetDocument {
  const run = runAt(one, [...one.instances.keys()].sort(), { back: 0, shard: null });
  const rows = run.rows.map((row) => {
    const before = one.instances.get(row.instance)?.slice(0, -1) ?? [];
    return { ...row, attempts: before.flatMap((at) => attemptOf(rowAt(one, row.instance, at))) };
  });
  return documentOfRun({ ...run, rows });
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  return [...list]
    .map((one, at) => [Math.sin(seed + at * 7919), one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);
}

describe('merged documents', () => {
  it('are byte for byte those of one run, in any order, with repeated runs as attempts', () => {
    fc.assert(
      fc.property(fleet, (one) => {
        expect(JSON.stringify(merged(shuffled(triesOf(one), one.seed)))).toBe(JSON.stringify(wholeOf(one)));
      }),
      { numRuns: inputs(150) },
    );
  });

  it('without one shard list its instances as missing: exit 1, or 5 for an apply', () => {
    fc.assert(
      fc.property(fleet, (one) => {
        const all = [...one.instances.keys()].sort();
        const lost = (one.lost % one.count) + 1;
        const left = triesOf(one).filter(({ document }) => document.selection.shard?.index !== lost);
        if (left.length === 0) return;
        const document = merged(left);
        const gone = inShard(all, { index: lost, count: one.count });
        const missing = document.rows.filter(({ status }) => status === 'missing');
        expect(missing.map(({ instance }) => instance)).toEqual(gone);
        expect(document.rows.map(({ instance }) => instance)).toEqual(all);
        if (gone.length > 0) expect(document.summary.exit).toBe(one.command === 'apply' ? 5 : 1);
        for (const { because, sent } of missing) {
          expect(sent).toBe(one.command === 'apply');
          expect(because).toBe(`there is no document of shard ${lost} of ${one.count}`);
        }
      }),
      { numRuns: inputs(60) },
    );
  });
});

describe('the exit code of merged plans', () => {
  it.each([
    [true, 2],
    [false, 0],
  ])('follows --detailed-exitcode: %s', (detailed, exit) => {
    const all = ['acme', 'globex'];
    const tries = [1, 2].map((index) => {
      const changed = fleetRow(all[index - 1] ?? '', 'changes', { exit: detailed ? 2 : 0 });
      const rows = index === 1 ? [changed] : [fleetRow('globex', 'clean')];
      return tryOfRun({ command: 'plan', all, shard: { index, count: 2 }, rows, plans: {}, detailed });
    });
    expect(merged(tries).summary.exit).toBe(exit);
  });
});

describe('an instance without a row', () => {
  const all = ['acme', 'globex', 'initech'];
  const onlyShard1 = (command: FleetCommand, rows: readonly FleetRow[]): FleetDocument =>
    merged([tryOfRun({ command, all, shard: { index: 1, count: 2 }, rows, plans: {} })]);

  it.each<[string, RowStatus, boolean, number]>([
    ['is counted as written to if another shard was undone', 'done', true, 5],
    ['is counted as only planned if another shard has changes that are not made', 'changes', false, 1],
  ])('of a rollback %s', (_, status, sent, exit) => {
    const document = onlyShard1('rollback', [row('acme', status, { sent }), row('initech', 'clean')]);
    expect(document.rows[1]).toMatchObject({ instance: 'globex', status: 'missing', sent });
    expect(document.summary.exit).toBe(exit);
  });

  it('of a rollback is counted as only planned even if one of the shards had nothing to undo', () => {
    const shards = [1, 2].map((index) => {
      const rows = [row(all[index - 1] ?? '', index === 1 ? 'changes' : 'clean')];
      return tryOfRun({ command: 'rollback', all, shard: { index, count: 3 }, rows, plans: {} });
    });
    expect(merged(shards).summary.exit).toBe(1);
  });

  it('says whether the document of its shard is missing, or only its row', () => {
    const document = onlyShard1('plan', [row('acme', 'clean')]);
    expect(document.rows.map(({ because }) => because)).toEqual([
      document.rows[0]?.because,
      'there is no document of shard 2 of 2',
      'no document of a shard has a row for it',
    ]);
  });
});

/** Two shards of an apply over three instances: acme and initech, globex. */
function twoShards(rows: readonly FleetRow[], index: number): OneRun {
  const shard = { index, count: 2 };
  return { command: 'apply', all: ['acme', 'globex', 'initech'], shard, rows, plans: {} };
}

const row = (instance: string, status: RowStatus, rest: Partial<FleetRow> = {}): FleetRow =>
  fleetRow(instance, status, { wave: 'canary', ...rest });

describe('a shard that ran again', () => {
  const first = [row('acme', 'incomplete', { sent: true, runId: 'run-1' }), row('initech', 'not-started')];
  const other = tryOfRun(twoShards([row('globex', 'clean')], 2));

  it('replaces its first run, whose writes still count', () => {
    const again = [row('acme', 'failed'), row('initech', 'done', { sent: true, runId: 'run-2' })];
    const tries = [tryOfRun(twoShards(again, 1), 2, 'b'), other, tryOfRun(twoShards(first, 1), 1, 'a')];
    const document = merged(tries);
    expect(document.rows).toMatchObject([
      {
        instance: 'acme',
        status: 'failed',
        attempts: [{ status: 'incomplete', sent: true, runId: 'run-1' }],
      },
      { instance: 'globex', status: 'clean', attempts: [] },
      { instance: 'initech', status: 'done', attempts: [] },
    ]);
    expect(document.summary.exit).toBe(5);
  });

  it.each(['not-started', 'suspended'] as const)('does not count a first run that was %s', (status) => {
    const before = [row('acme', status), row('initech', 'clean')];
    const again = [row('acme', 'done', { sent: true, runId: 'run-2' }), row('initech', 'clean')];
    const tries = [tryOfRun(twoShards(before, 1), 1, 'a'), tryOfRun(twoShards(again, 1), 2, 'b'), other];
    expect(merged(tries).rows[0]).toMatchObject({ status: 'done', attempts: [] });
  });

  it('without starting anything keeps the row of its first run', () => {
    const again = [row('acme', 'not-started'), row('initech', 'not-started')];
    const tries = [tryOfRun(twoShards(first, 1), 1, 'a'), tryOfRun(twoShards(again, 1), 2, 'b'), other];
    expect(merged(tries).rows[0]).toMatchObject({ status: 'incomplete', attempts: [] });
  });

  it('from the folder of its first run lists that attempt once', () => {
    const attempts = [{ status: 'incomplete' as const, runId: 'run-1', sent: true, because: null }];
    const again = [row('acme', 'done', { sent: true, runId: 'run-2', attempts }), row('initech', 'clean')];
    const kept = [row('acme', 'done', { sent: true, runId: 'run-2', attempts }), row('initech', 'clean')];
    const tries = [
      tryOfRun(twoShards(first, 1), 1, 'a'),
      tryOfRun(twoShards(again, 1), 2, 'b'),
      tryOfRun(twoShards(kept, 1), 3, 'c'),
    ];
    expect(merged([...tries, other]).rows[0]?.attempts).toEqual(attempts);
  });

  it('and is given twice with equal content counts once', () => {
    const tries = [1, 1].map(() => tryOfRun(twoShards([row('acme', 'failed'), row('initech', 'clean')], 1)));
    expect(merged([...tries, other]).rows[0]?.attempts).toEqual([]);
  });
});

describe('documents that do not belong to one run are rejected', () => {
  const one = tryOfRun(twoShards([row('acme', 'clean'), row('initech', 'clean')], 1));
  const two = tryOfRun(twoShards([row('globex', 'clean')], 2));

  it.each<[string, (document: FleetDocument) => Partial<FleetDocument>]>([
    ['the inventory', ({ inventory }) => ({ inventory: { ...inventory, digest: 'sha256:1' } })],
    ['the command', () => ({ command: 'drift' })],
    ['the version of domo-roles', () => ({ madeBy: '2.0.0' })],
    ['the fleet', () => ({ fleet: 'partners' })],
    ['the selection', () => ({ rows: [], selection: makeSelection({}, ['a', 'b'], { index: 2, count: 2 }) })],
    [
      'what is exported',
      ({ selection }) => ({ selection: { ...selection, flags: { exported: 'snapshot' } } }),
    ],
    [
      'the number of shards',
      ({ selection }) => ({ selection: { ...selection, shard: { index: 2, count: 3 } } }),
    ],
  ])('such as those of another %s', (what, change) => {
    const other = { ...two, document: { ...two.document, ...change(two.document) } };
    expect(() => merged([one, other])).toThrow(`they differ in ${what}`);
  });

  it.each([
    ['policy', 'sha256:1', 'sha256:2', 'the policy file (--policy)'],
    ['policy', 'sha256:1', undefined, 'the policy file (--policy)'],
    ['onlyExpired', true, undefined, '--only-expired'],
    ['snapshots', true, false, '--snapshots'],
    ['since', 3, 7, '--since'],
    ['without', ['members'], ['grants'], '--without'],
    ['compact', true, undefined, '--compact'],
    ['split', true, undefined, '--split'],
    ['membersFiles', true, undefined, '--members-files'],
    ['probe', true, undefined, '--probe'],
    ['groupBy', 'owner', undefined, '--group-by'],
    ['impactLimit', 3, 7, '--impact-limit'],
    ['sandbox', 'box', undefined, '--sandbox'],
  ])('such as those of another %s: %j and %j', (flag, a, b, what) => {
    const other = { ...two, given: { [flag]: b } };
    expect(() => merged([{ ...one, given: { [flag]: a } }, other])).toThrow(`they differ in ${what}`);
    expect(() => merged([{ ...one, given: { [flag]: b } }, other])).not.toThrow();
    // One of the documents does not contain it.
    expect(() => merged([one, other])).not.toThrow();
  });

  it('but not shards with a folder each for their embedded instances', () => {
    const [a, b] = [one, two].map((found, at) => ({ ...found, given: { sandbox: `box-${at}` } }));
    expect(() => merged([a!, b!])).not.toThrow();
  });

  it('such as two shards with the same instance, which the error names', () => {
    const { document } = two;
    const rows = [...document.rows, row('acme', 'clean')];
    const selection = { ...document.selection, names: ['acme', 'globex'] };
    const other = { ...two, document: { ...document, rows, selection } };
    expect(() => merged([other, one])).toThrow('acme is in shard 1 (shards/1) and in shard 2 (shards/2)');
  });

  it.each<[string, (document: FleetDocument) => Partial<FleetDocument>]>([
    ['the digest', ({ selection }) => ({ selection: { ...selection, digest: 'sha256:1' } })],
    ['its names', ({ selection }) => ({ selection: { ...selection, names: ['globex', 'other'] } })],
    ['two rows', ({ rows }) => ({ rows: [...rows, ...rows] })],
    ['not selected', ({ rows }) => ({ rows: [...rows, row('other', 'clean')] })],
    ['no such shard', ({ selection }) => ({ selection: { ...selection, shard: { index: 3, count: 2 } } })],
    ['outside of', ({ rows }) => ({ rows: [{ ...rows[0]!, document: 'instances/acme/plan.json' }] })],
    ['outside of', ({ rows }) => ({ rows: [{ ...rows[0]!, document: 'instances/globex/../../x.json' }] })],
    ['outside of', ({ rows }) => ({ rows: [{ ...rows[0]!, document: 'instances/globex/plan.json.sh' }] })],
  ])('such as an inconsistent document: %s', (message, change) => {
    const other = { ...two, document: { ...two.document, ...change(two.document) } };
    expect(() => merged([one, other])).toThrow(message);
  });

  it('such as no documents at all', () => {
    expect(() => merged([])).toThrow('there is nothing to merge');
  });
});

describe('limits of an apply in shards', () => {
  const refusedRun = (rows: readonly FleetRow[], index: number, maxInstances: number): FleetTry => {
    const run = twoShards(rows, index);
    const one = tryOfRun({ ...run, maxInstances });
    const planned = rows.map(({ instance }) => ({ instance, status: 'changes' as const }));
    const limits = { instances: 3, minInstances: null, maxInstances };
    const refusals = fleetRefusals(limits, planned, run.shard ?? null);
    return { ...one, document: { ...one.document, refusals, waves: [] } };
  };
  const halted = (names: readonly string[]): FleetRow[] => names.map((one) => row(one, 'not-started'));

  it('apply to the whole when all shards were refused for them', () => {
    const tries = [refusedRun(halted(['acme', 'initech']), 1, 0), refusedRun(halted(['globex']), 2, 0)];
    const { refusals, waves, summary } = merged(tries);
    expect(refusals).toMatchObject([
      {
        code: 'max-instances',
        figure: 3,
        limit: 0,
        message: expect.stringMatching(/^3 instances would be changed, at most 0 may be$/u),
      },
    ]);
    expect([waves, summary.exit]).toEqual([[], 4]);
  });

  it('include no wave that one run would not have reached', () => {
    const clean = tryOfRun({ ...twoShards([row('globex', 'clean')], 2), maxInstances: 1 });
    const document = merged([refusedRun(halted(['acme', 'initech']), 1, 1), clean]);
    expect(clean.document.waves).toHaveLength(1);
    expect([document.waves, document.refusals.map(({ figure, limit }) => [figure, limit])]).toEqual([
      [],
      [[2, 1]],
    ]);
  });

  it('of one shard are listed next to the results of the others', () => {
    const wrote = tryOfRun({ ...twoShards([row('globex', 'done', { sent: true })], 2), maxInstances: 2 });
    const { refusals, summary, waves } = merged([refusedRun(halted(['acme', 'initech']), 1, 2), wrote]);
    expect(waves).toMatchObject([{ name: 'canary', state: 'not-finished', instances: 3 }]);
    expect(refusals.map(({ message }) => message)).toEqual([
      '2 instances would be changed by shard 1 of 2, at most 1 may be',
    ]);
    expect(summary.exit).toBe(5);
  });
});

describe('limits of an apply whose first run wrote', () => {
  it('are listed as the last run of each shard was refused for them', () => {
    const all = ['acme', 'globex'];
    const limits = { instances: 2, minInstances: null, maxInstances: 1 };
    const changed = all.map((instance) => ({ instance, status: 'changes' as const }));
    const first = tryOfRun({
      ...{ command: 'apply', all, plans: {}, maxInstances: 1 },
      rows: [row('acme', 'incomplete', { sent: true, runId: 'run-1' }), row('globex', 'not-started')],
    });
    const again = tryOfRun(
      {
        ...{ command: 'apply', all, plans: {}, maxInstances: 1 },
        rows: [row('acme', 'failed'), row('globex', 'not-started')],
      },
      1,
    );
    const refusals = fleetRefusals(limits, changed);
    const document = merged([first, { ...again, document: { ...again.document, refusals, waves: [] } }]);
    expect(document.refusals).toEqual(refusals);
    expect(document.waves).toMatchObject([{ name: 'canary', instances: 2 }]);
    expect(document.summary.exit).toBe(5);
  });
});

describe('the waves of a merged run', () => {
  const known = [
    { name: 'canary', mayFail: { count: 0 } },
    { name: 'rest', mayFail: { count: 1 } },
  ];

  it.each<[FleetCommand, string[]]>([
    ['apply', ['canary', 'rest']],
    ['rollback', ['rest', 'canary']],
  ])('of %s are in the order in which it goes', (command, order) => {
    const rows = [row('acme', 'failed', { wave: 'rest' }), row('globex', 'done', { sent: true })];
    const run = tryOfRun({ command, all: ['acme', 'globex'], rows, plans: {} });
    const waves = known
      .toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
      .map((rule) =>
        judgeWave(
          rule,
          rows.filter(({ wave }) => wave === rule.name),
        ),
      );
    for (const found of [waves, waves.toReversed()]) {
      const { document } = mergeFleets([{ ...run, document: { ...run.document, waves: found } }], {
        madeAt: AT,
        subjectOf: (one) => ({ name: one, labels: new Map(), wave: 'canary' }),
        waves: known,
      });
      expect(document.waves).toEqual(waves);
    }
  });
});

describe('a wave in shards', () => {
  it('is judged by its failures over all shards', () => {
    const all = ['a', 'b', 'c', 'd'];
    const run = (index: number, rows: readonly FleetRow[]): FleetTry =>
      tryOfRun({ command: 'apply', all, shard: { index, count: 2 }, rows, plans: {} });
    const tries = [
      run(1, [row('a', 'failed'), row('c', 'clean')]),
      run(2, [row('b', 'clean'), row('d', 'clean')]),
    ];
    expect(tries[0]?.document.waves).toMatchObject([{ state: 'failed', mayFail: 0, limit: '30%' }]);
    // 30% of four.
    expect(merged(tries).waves).toMatchObject([{ state: 'done', failures: 1, mayFail: 1, instances: 4 }]);
  });

  it('that was interrupted in every shard is judged by the inventory', () => {
    const cut = { ...tryOfRun(twoShards([], 1)), isCutOff: true };
    const rows = [row('acme', 'incomplete', { sent: true }), row('initech', 'not-started')];
    const document = {
      ...cut.document,
      rows: rows.map((one) => ({
        ...blankRow({ name: one.instance, labels: new Map(), wave: 'canary' }, one.status),
        sent: one.sent,
      })),
    };
    const { document: made } = mergeFleets([{ ...cut, document }], {
      ...{ madeAt: AT, waves: [{ name: 'first', mayFail: { count: 0 } }, WAVE] },
      subjectOf: (one) => ({ name: one, labels: new Map(), wave: 'canary' }),
    });
    expect(made.waves.map(({ name: wave, state, failures }) => `${wave} ${state} ${failures}`)).toEqual([
      'canary failed 2',
    ]);
  });
});
