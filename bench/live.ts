import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { snapshotToJson } from '../src/live/file.js';
import { readWholeSnapshot } from '../src/reconcile.js';
import { connect } from './connect.js';
import { median } from './measure.js';
import type { Measured, Task } from './measure.js';
import { run, serve } from './processes.js';
import type { Served } from './processes.js';
import { compared } from './table.js';
import type { Row } from './table.js';
import { benchWorld, writeManifest } from './world.js';
import type { Size } from './world.js';

/** How much is measured. */
export interface Extent {
  sizes: readonly Size[];
  latencies: readonly number[];
  /** Each pair is run so often, in turns; the medians are compared. */
  rounds: number;
}

const LARGEST: Size = { roles: 1_000, people: 100_000 };
const told = ({ roles, people }: Size): string => `${roles}x${people}`;
const same = (one: Size, other: Size): boolean => told(one) === told(other);

/** Everything that needs an instance that is served by another process. */
export async function measureLive(extent: Extent, wants: (part: string) => boolean): Promise<Row[]> {
  const rows: Row[] = [];
  const growth: Measured[] = [];
  for (const size of extent.sizes) {
    await onInstance(size, async ({ task, served }) => {
      if (wants('plan')) rows.push(...(await plans(size, { task, served, extent })));
      if (wants('compute')) rows.push(...(await compute(size, task)));
      if (wants('apply') && same(size, extent.sizes.at(-1) ?? size)) {
        rows.push(...(await applies(size, { task, served, extent })));
      }
    });
  }
  if (wants('growth')) {
    const largest = extent.sizes.at(-1) ?? LARGEST;
    const tenth = { roles: Math.ceil(largest.roles / 10), people: Math.ceil(largest.people / 10) };
    for (const size of [tenth, largest]) {
      await onInstance(size, async ({ task }) => {
        growth.push(middle([await run('plan', task), await run('plan', task), await run('plan', task)]));
      });
    }
    const [small, large] = growth as [Measured, Measured];
    const most = { goal: { most: 11 } };
    const name = `plan at ${told(largest)} against a tenth of it`;
    rows.push(compared({ group: 'time', name, unit: 'ms' }, [large.ms, small.ms], most));
    rows.push(compared({ group: 'memory', name, unit: 'MB' }, [mb(large), mb(small)], most));
  }
  return rows;
}

interface Stage {
  task: Task;
  served: Served;
}

async function onInstance(size: Size, work: (stage: Stage) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-bench-'));
  const served = await serve(size);
  try {
    const manifest = await writeManifest(benchWorld(size), folder);
    const task = { ...served, manifest, snapshot: join(folder, 'snapshot.json'), people: size.people };
    const { url, token, ...rest } = task;
    const given: Task = { url, token, manifest: rest.manifest, snapshot: rest.snapshot, people: rest.people };
    const { reader, close } = connect(given);
    await writeFile(
      given.snapshot,
      snapshotToJson(await readWholeSnapshot(reader), { takenAt: '2026-01-01T00:00:00Z' }),
    );
    close();
    await work({ task: given, served });
  } finally {
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function inTurns(rounds: number, task: Task, parts: readonly string[]): Promise<Map<string, Measured>> {
  const found = new Map<string, Measured[]>(parts.map((part) => [part, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const part of parts) found.get(part)?.push(await run(part, task));
  }
  return new Map([...found].map(([part, all]) => [part, middle(all)]));
}

async function plans(size: Size, { task, served, extent }: Stage & { extent: Extent }): Promise<Row[]> {
  const rows: Row[] = [];
  for (const latencyMs of extent.latencies) {
    await served.order({ latencyMs });
    const perRole = latencyMs === 20 && size.roles >= 100;
    const found = await inTurns(extent.rounds, task, ['floor', 'plan', ...(perRole ? ['per-role'] : [])]);
    const of = (part: string): Measured => found.get(part) as Measured;
    const name = `plan at ${told(size)}, ${latencyMs} ms`;
    rows.push(
      compared(
        { group: 'time', name: `${name}, against the floor`, unit: 'ms' },
        [of('plan').ms, of('floor').ms],
        {
          goal: { most: 1.25 },
        },
      ),
    );
    if (latencyMs === 0) {
      rows.push(single('time', `its manifest loaded, at ${told(size)}`, of('plan').loadMs ?? 0, 'ms'));
      rows.push(
        compared(
          { group: 'memory', name: `peak of plan at ${told(size)}, against the floor`, unit: 'MB' },
          [mb(of('plan')), mb(of('floor'))],
          {
            goal: same(size, LARGEST) ? { most: 1.5 } : null,
          },
        ),
      );
    }
    if (perRole) {
      rows.push(
        compared(
          { group: 'time', name: `${name}, how much faster than a per-role client`, unit: 'ms' },
          [of('plan').ms, of('per-role').ms],
          {
            goal: size.roles < 1_000 ? null : { least: size.people >= 100_000 ? 3 : 10 },
            inverse: true,
          },
        ),
      );
    }
  }
  await served.order({ latencyMs: 0 });
  return rows;
}

async function compute(size: Size, task: Task): Promise<Row[]> {
  const { planMs = 0, firstMs = 0, parseMs = 0 } = await run('compute', task);
  const name = `compute at ${told(size)}`;
  const unit = 'ms cpu';
  return [
    compared({ group: 'time', name: `${name}, against JSON.parse`, unit }, [planMs, parseMs], {
      goal: { most: 1 },
    }),
    compared({ group: 'time', name: `${name}, the first time in a process`, unit }, [firstMs, parseMs], {
      goal: null,
    }),
  ];
}

async function applies(size: Size, { task, served, extent }: Stage & { extent: Extent }): Promise<Row[]> {
  const found = new Map<string, Measured[]>([
    ['apply', []],
    ['apply-floor', []],
  ]);
  for (let round = 0; round < extent.rounds; round += 1) {
    for (const [part, all] of found) {
      await served.order({ reset: true });
      all.push(await run(part, task));
    }
  }
  await served.order({ reset: true });
  const [apply, floor] = [...found.values()].map(middle) as [Measured, Measured];
  if (apply.done !== apply.changes) throw new Error('an apply of the bench did not come to its end');
  const name = `apply of ${apply.moved} moves, ${apply.changes} changes at ${told(size)}, against its floor`;
  return [compared({ group: 'time', name, unit: 'ms' }, [apply.ms, floor.ms], { goal: { most: 1.3 } })];
}

/** The median of each figure. */
function middle(all: readonly Measured[]): Measured {
  const keys = Object.keys(all[0] ?? {});
  return Object.fromEntries(
    keys.map((key) => [key, median(all.map((one) => one[key] ?? 0))]),
  ) as unknown as Measured;
}

function mb({ peakBytes }: Measured): number {
  return peakBytes / 2 ** 20;
}

function single(group: Row['group'], name: string, value: number, unit: string): Row {
  return { group, name, value, unit, against: null, ratio: null, goal: null };
}
