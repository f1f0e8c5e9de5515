import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BIN, measureProcess, medianTimes, serve } from './processes.js';
import type { ProcessTimes } from './processes.js';
import { compared } from './table.js';
import type { Row } from './table.js';
import { benchWorld, writeManifest } from './world.js';
import type { Size } from './world.js';

/** A command to measure: its name and its arguments. */
type Line = readonly [name: string, words: readonly string[]];

const SIZES: readonly Size[] = [
  { roles: 10, people: 100 },
  { roles: 100, people: 5_000 },
];

/** Compares whole processes with those of another build, alternately: nothing may be slower. */
export async function measureAgainstBuild(folder: string, rounds: number): Promise<Row[]> {
  const before = join(resolve(folder), BIN);
  const rows = startRows(before, rounds);
  for (const size of SIZES) rows.push(...(await instanceRows(before, size, rounds)));
  return rows;
}

function startRows(before: string, rounds: number): Row[] {
  const lines: Line[] = [
    ['--version', ['--version']],
    ['--help', ['--help']],
    ['plan --help', ['plan', '--help']],
    ['validate examples/quickstart', ['validate', 'examples/quickstart']],
  ];
  return lines.flatMap(([name, words]) => {
    const times: [ProcessTimes[], ProcessTimes[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      times[0].push(measureProcess([BIN, ...words]));
      times[1].push(measureProcess([before, ...words]));
    }
    return rowsOf(name, times);
  });
}

async function instanceRows(before: string, size: Size, rounds: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-bench-'));
  const served = await serve(size);
  try {
    const manifest = await writeManifest(benchWorld(size), 'usual', folder);
    const target = ['--base-url', served.url, '--instance', 'bench'];
    const env = { DOMO_ACCESS_TOKEN: served.token, XDG_STATE_HOME: join(folder, 'state') };
    const lines: Line[] = [
      ['plan', ['plan', manifest, ...target]],
      ['apply', ['apply', manifest, '--yes', ...target, '--state', join(folder, 'runs')]],
    ];
    const rows: Row[] = [];
    for (const [name, words] of lines) {
      const times: [ProcessTimes[], ProcessTimes[]] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        for (const [index, bin] of [BIN, before].entries()) {
          await served.order({ reset: true });
          times[index]?.push(measureProcess([bin, ...words], env));
        }
      }
      rows.push(...rowsOf(`${name} at ${size.roles}x${size.people}, 0 ms`, times));
    }
    return rows;
  } finally {
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rows of wall time and CPU time. Only CPU time has a goal, because other work on the machine affects wall time. */
function rowsOf(name: string, [now, before]: readonly [ProcessTimes[], ProcessTimes[]]): Row[] {
  const one = medianTimes(now);
  const other = medianTimes(before);
  const row = { group: 'start-up', unit: 'ms' } as const;
  return [
    compared({ ...row, name: `${name}, against the other build` }, [one.ms, other.ms], { goal: null }),
    compared({ ...row, name: `${name}, CPU time` }, [one.cpuMs, other.cpuMs], { goal: { most: 1 } }),
  ];
}
