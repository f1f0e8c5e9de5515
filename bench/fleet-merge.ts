import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FleetRow } from '../src/fleet/document.js';
import { makeFleetDocument } from '../src/fleet/make-document.js';
import { blankRow } from '../src/fleet/rows.js';
import { makeSelection } from '../src/fleet/shard.js';
import { median } from './measure.js';
import { BIN, timeProcess } from './processes.js';
import { compared } from './table.js';
import type { Row } from './table.js';

/** The number of shards to merge, and of instances in each. */
const EXTENT = { shards: 50, rows: 20 };

/** Approximate size of a plan file with a small change. */
const PLAN_BYTES = 8_000;

/** Measures merging the folders of many shards, compared with a wait that people do not notice. */
export async function measureMerge(rounds: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-bench-merge-'));
  try {
    const shards: string[] = [];
    for (let index = 1; index <= EXTENT.shards; index += 1) shards.push(await shardIn(folder, index));
    const out = join(folder, 'merged');
    const times = Array.from({ length: rounds }, () =>
      timeProcess([BIN, 'fleet', 'merge', ...shards, '--out', out]),
    );
    const name = `fleet merge of ${EXTENT.shards} shards of ${EXTENT.rows} instances, against 2 s`;
    const goal = { most: 1 };
    return [compared({ group: 'time', unit: 'ms', name }, [median(times), 2_000], { goal })];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the folder of a shard whose instances are all clean. */
async function shardIn(folder: string, index: number): Promise<string> {
  const path = join(folder, `shard-${index}`);
  const all = Array.from(
    { length: EXTENT.shards * EXTENT.rows },
    (_, at) => `i${String(at).padStart(5, '0')}`,
  );
  const selection = makeSelection({}, all, { index, count: EXTENT.shards });
  const rows = selection.names.map((name): FleetRow => ({
    ...blankRow({ name, labels: new Map([['tier', 'production']]), wave: 'rest' }, 'clean'),
    document: `instances/${name}/plan.json`,
  }));
  const digest = `sha256:${'0'.repeat(64)}`;
  const document = makeFleetDocument({
    ...{
      command: 'plan',
      madeBy: '0.0.0',
      madeAt: new Date().toISOString(),
      fleet: 'bench',
      selection,
      rows,
    },
    inventory: { file: 'fleet.yaml', digest, instances: all.length, minInstances: null, maxInstances: null },
    ...{ refusals: [], waves: [], groups: [], changesAre2: false },
  });
  for (const name of selection.names) {
    await mkdir(join(path, 'instances', name), { recursive: true });
    await writeFile(join(path, 'instances', name, 'plan.json'), JSON.stringify('x'.repeat(PLAN_BYTES)));
  }
  await writeFile(join(path, 'fleet.json'), JSON.stringify(document));
  return path;
}
