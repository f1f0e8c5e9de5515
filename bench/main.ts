import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { measureLive } from './live.js';
import { measureAgainstBuild } from './before.js';
import type { Extent } from './live.js';
import { measureFleet } from './fleet.js';
import { measureMerge } from './fleet-merge.js';
import { measureManifests } from './manifest.js';
import { measurePages } from './pages.js';
import { countRequests, SHAPES, sum } from './shapes.js';
import { measureSize, measureStartup } from './startup.js';
import { compared, isMet, tableText } from './table.js';
import type { Row } from './table.js';

const PARTS = [
  'requests',
  'startup',
  'size',
  'plan',
  'compute',
  'apply',
  'growth',
  'fleet',
  'manifest',
  'pages',
] as const;

const QUICK: Extent = {
  sizes: [
    { roles: 10, people: 100 },
    { roles: 100, people: 5_000 },
  ],
  latencies: [0, 20],
  rounds: 3,
};
const WHOLE: Extent = {
  sizes: [
    { roles: 10, people: 100 },
    { roles: 100, people: 5_000 },
    { roles: 1_000, people: 5_000 },
    { roles: 1_000, people: 100_000 },
  ],
  latencies: [0, 20, 100],
  rounds: 5,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    before: { type: 'string' },
    out: { type: 'string', default: 'bench/results.json' },
  },
});
const unknown = values.only.find((part) => !PARTS.some((known) => known === part));
if (unknown !== undefined) throw new Error(`--only takes ${PARTS.join(', ')}; not ${unknown}`);
const base = values.quick ? QUICK : WHOLE;
const extent = { ...base, rounds: Number(values.rounds ?? base.rounds) };
const wants = (part: string): boolean => values.only.length === 0 || values.only.includes(part);

const ran = {
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpus: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  memoryMB: Math.round(totalmem() / 2 ** 20),
  at: new Date().toISOString(),
};
const rows: Row[] = [];
if (wants('requests')) rows.push(...(await requests()));
if (wants('startup')) rows.push(...measureStartup(values.quick ? 11 : 31));
if (wants('size')) rows.push(...measureSize());
if (values.before !== undefined)
  rows.push(...(await measureAgainstBuild(values.before, values.quick ? 5 : 21)));
rows.push(...(await measureLive(extent, wants)));
if (wants('manifest')) rows.push(...(await measureManifests(values.quick ? 100 : 1_000, extent.rounds)));
if (wants('fleet')) {
  const fleet = values.quick ? { instances: 40, entries: 200 } : { instances: 500, entries: 1_000 };
  rows.push(...(await measureFleet({ ...fleet, few: 20, rounds: Math.min(3, extent.rounds) })));
  rows.push(...(await measureMerge(extent.rounds)));
}
if (wants('pages')) {
  const [plan, fleet] = values.quick
    ? [
        { roles: 100, people: 5_000 },
        { instances: 100, roles: 30 },
      ]
    : [
        { roles: 1_000, people: 100_000 },
        { instances: 1_000, roles: 100 },
      ];
  rows.push(...(await measurePages({ plan, fleet, rounds: extent.rounds })));
}

process.stdout.write(
  `Node ${ran.node}, ${ran.cpus}, ${ran.platform}, ${ran.memoryMB} MB\n\n${tableText(rows)}\n`,
);
await writeFile(
  values.out,
  `${JSON.stringify({ ran, rows: rows.map((row) => ({ ...row, met: isMet(row) })) }, null, 2)}\n`,
);

async function requests(): Promise<Row[]> {
  const found: Row[] = [];
  const unit = 'requests';
  for (const shape of SHAPES) {
    const { plan, apply } = await countRequests(shape);
    for (const [kind, { sent, least }] of Object.entries({ plan, ...(apply ? { apply } : {}) })) {
      if (sum(least) === 0) continue;
      const name = `${kind}: ${shape.name}`;
      found.push(
        compared({ group: 'requests', name, unit }, [sent.length, sum(least)], { goal: { most: 1 } }),
      );
    }
  }
  return found;
}
