import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { snapshotToJson } from '../src/live/snapshot-file.js';
import { readWholeSnapshot } from '../src/reconcile/read-live-state.js';
import { connect } from './connect.js';
import { median } from './measure.js';
import type { Measured, Task } from './measure.js';
import { BIN, measureProcess, medianTimes, run, script, serve } from './processes.js';
import type { ProcessTimes, Served } from './processes.js';
import { compared } from './table.js';
import type { Row } from './table.js';
import { benchWorld, writeManifest } from './world.js';
import type { Size, Workload } from './world.js';

/** The extent of the measurement. */
export interface Extent {
  sizes: readonly Size[];
  latencies: readonly number[];
  /** Runs of each pair, alternately; the medians are compared. */
  rounds: number;
}

const WORKLOADS: readonly Workload[] = ['usual', 'large'];
const WORDS: Readonly<Record<Workload, string>> = { usual: 'a usual change', large: 'a large change' };

/** The most that a plan may take, times the floor. */
const MOST: Readonly<Record<Workload, number>> = { usual: 1.25, large: 1.5 };
const SMALLEST: Size = { roles: 10, people: 100 };
const LARGEST: Size = { roles: 1_000, people: 100_000 };
const sizeText = ({ roles, people }: Size): string => `${roles}x${people}`;
const isSameSize = (one: Size, other: Size): boolean => sizeText(one) === sizeText(other);

/** Measures everything that needs an instance served by another process. */
export async function measureLive(extent: Extent, wants: (part: string) => boolean): Promise<Row[]> {
  const rows: Row[] = [];
  const growth: Measured[] = [];
  for (const size of extent.sizes) {
    await onInstance(size, async (stage) => {
      if (wants('plan')) rows.push(...(await plans(size, { ...stage, extent })));
      if (wants('compute')) rows.push(...(await compute(size, stage)));
      if (wants('apply') && isSameSize(size, extent.sizes.at(-1) ?? size)) {
        rows.push(...(await applies(size, { ...stage, extent })));
      }
    });
  }
  if (wants('growth')) {
    const largest = extent.sizes.at(-1) ?? LARGEST;
    const tenth = { roles: Math.ceil(largest.roles / 10), people: Math.ceil(largest.people / 10) };
    for (const size of [tenth, largest]) {
      await onInstance(size, async ({ tasks: { large: task } }) => {
        growth.push(middle([await run('plan', task), await run('plan', task), await run('plan', task)]));
      });
    }
    const [small, large] = growth as [Measured, Measured];
    const most = { goal: { most: 11 } };
    const name = `plan at ${sizeText(largest)} against a tenth of it`;
    rows.push(compared({ group: 'time', name, unit: 'ms' }, [large.ms, small.ms], most));
    rows.push(compared({ group: 'memory', name, unit: 'MB' }, [mb(large), mb(small)], most));
  }
  return rows;
}

interface Stage {
  tasks: Readonly<Record<Workload, Task>>;
  served: Served;
}

async function onInstance(size: Size, work: (stage: Stage) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-bench-'));
  const served = await serve(size);
  try {
    const { url, token } = served;
    const snapshot = join(folder, 'snapshot.json');
    const world = benchWorld(size);
    const usual = { url, token, snapshot, manifest: await writeManifest(world, 'usual', folder) };
    const large = { ...usual, manifest: await writeManifest(world, 'large', folder) };
    const { reader, close } = connect(usual);
    const text = snapshotToJson(await readWholeSnapshot(reader), { takenAt: '2026-01-01T00:00:00Z' });
    await writeFile(snapshot, text);
    close();
    await work({ tasks: { usual, large }, served });
  } finally {
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs scripts alternately, and returns the median of each. */
async function inTurns(
  rounds: number,
  parts: Readonly<Record<string, readonly [script: string, task: Task]>>,
): Promise<(part: string) => Measured> {
  const found = new Map<string, Measured[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [part, [script, task]] of Object.entries(parts)) {
      found.set(part, [...(found.get(part) ?? []), await run(script, task)]);
    }
  }
  return (part) => middle(found.get(part) ?? []);
}

async function plans(size: Size, { tasks, served, extent }: Stage & { extent: Extent }): Promise<Row[]> {
  const rows: Row[] = [];
  const { usual } = tasks;
  for (const latencyMs of extent.latencies) {
    await served.order({ latencyMs });
    const perRole = latencyMs === 20 && size.roles >= 100;
    const of = await inTurns(extent.rounds, {
      floor: ['floor', usual],
      usual: ['plan', usual],
      large: ['plan', tasks.large],
      ...(perRole ? { 'per-role': ['per-role', usual] } : {}),
    });
    for (const workload of WORKLOADS) {
      const name = `plan at ${sizeText(size)}, ${latencyMs} ms, ${WORDS[workload]}`;
      const found = of(workload);
      const time = { group: 'time', unit: 'ms' } as const;
      rows.push(
        compared({ ...time, name: `${name}, against the floor` }, [found.ms, of('floor').ms], {
          goal: { most: MOST[workload] },
        }),
      );
      if (perRole) {
        const least = size.people >= 100_000 ? 3 : 10;
        rows.push(
          compared(
            { ...time, name: `${name}, how much faster than role by role` },
            [found.ms, of('per-role').ms],
            {
              goal: size.roles < 1_000 ? null : { least },
              inverse: true,
            },
          ),
        );
      }
      if (latencyMs !== 0) continue;
      rows.push(
        compared(
          { group: 'memory', name: `peak of ${name}, against the floor`, unit: 'MB' },
          [mb(found), mb(of('floor'))],
          { goal: isSameSize(size, LARGEST) ? { most: 1.5 } : null },
        ),
      );
    }
    if (latencyMs === 20 || (latencyMs === 0 && isSameSize(size, SMALLEST)))
      rows.push(...wholeCommand({ size, latencyMs }, usual, extent.rounds));
    if (latencyMs === 0)
      rows.push(single('time', `its manifest loaded, at ${sizeText(size)}`, of('usual').loadMs ?? 0, 'ms'));
  }
  await served.order({ latencyMs: 0 });
  return rows;
}

/** Measures with the compile cache, which keeps compiled code between processes (Node 22.1 and later). */
const MOST_OF_FLOOR = 'enableCompileCache' in nodeModule ? 1.6 : 2;

/** Measures the whole command `plan`: Node, start-up, the manifest and the requests. */
function wholeCommand(
  { size, latencyMs }: { size: Size; latencyMs: number },
  { url, token, manifest }: Task,
  rounds: number,
): Row[] {
  const args = [BIN, 'plan', manifest, '--base-url', url, '--instance', 'bench'];
  const floor = [script('floor'), JSON.stringify({ url, token })];
  const isSmallest = isSameSize(size, SMALLEST);
  const times: [ProcessTimes[], ProcessTimes[]] = [[], []];
  for (let round = 0; round < (isSmallest ? 4 * rounds : rounds); round += 1) {
    times[0].push(measureProcess(args, { DOMO_ACCESS_TOKEN: token }));
    times[1].push(measureProcess(floor));
  }
  const [found, least] = times.map(medianTimes) as [ProcessTimes, ProcessTimes];
  const name = `the whole command \`plan\` at ${sizeText(size)}, ${latencyMs} ms`;
  const row = { group: 'time', unit: 'ms' } as const;
  const goal = isSmallest && latencyMs === 0 ? { most: MOST_OF_FLOOR } : null;
  return [
    compared({ ...row, name: `${name}, against the floor's process` }, [found.ms, least.ms], { goal }),
    compared({ ...row, name: `${name}, CPU time` }, [found.cpuMs, least.cpuMs], { goal }),
  ];
}

async function compute(size: Size, { tasks }: Stage): Promise<Row[]> {
  const rows: Row[] = [];
  for (const workload of WORKLOADS) {
    const { planMs = 0, firstMs = 0, parseMs = 0 } = await run('compute', tasks[workload]);
    const name = `compute at ${sizeText(size)}, ${WORDS[workload]}`;
    const row = { group: 'time', unit: 'ms' } as const;
    rows.push(
      compared({ ...row, name: `${name}, against JSON.parse` }, [planMs, parseMs], { goal: { most: 1 } }),
      compared({ ...row, name: `${name}, the first time in a process` }, [firstMs, parseMs], { goal: null }),
    );
  }
  return rows;
}

async function applies(size: Size, { tasks, served, extent }: Stage & { extent: Extent }): Promise<Row[]> {
  const found = new Map<string, Measured[]>([
    ['apply', []],
    ['apply-floor', []],
  ]);
  for (let round = 0; round < extent.rounds; round += 1) {
    for (const [part, all] of found) {
      await served.order({ reset: true });
      all.push(await run(part, tasks.large));
    }
  }
  await served.order({ reset: true });
  const [apply, floor] = [...found.values()].map(middle) as [Measured, Measured];
  if (apply.done !== apply.changes) throw new Error('an apply of the bench did not come to its end');
  const name = `apply of ${apply.moved} moves, ${apply.changes} changes at ${sizeText(size)}, against its floor`;
  return [compared({ group: 'time', name, unit: 'ms' }, [apply.ms, floor.ms], { goal: { most: 1.3 } })];
}

/** Returns the median of each measurement. */
function middle(all: readonly Measured[]): Measured {
  const keys = Object.keys(all[0] ?? {});
  return Object.fromEntries(keys.map((key) => [key, median(all.map((one) => one[key] ?? 0))])) as Measured;
}

function mb({ peakBytes }: Measured): number {
  return peakBytes / 2 ** 20;
}

function single(group: Row['group'], name: string, value: number, unit: string): Row {
  return { group, name, value, unit, against: null, ratio: null, goal: null };
}
