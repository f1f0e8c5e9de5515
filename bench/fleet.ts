import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureComparison } from './fleet-compare.js';
import { median } from './measure.js';
import type { Measured } from './measure.js';
import { BIN, script, timeProcess } from './processes.js';
import { compared } from './table.js';
import type { Row } from './table.js';
import { benchWorld, writeManifest } from './world.js';

/** The number of measured instances, and the smaller number with which the memory is compared. */
export interface FleetExtent {
  instances: number;
  few: number;
  entries: number;
  rounds: number;
}

const SIZE = { roles: 50, people: 1_000 };
const AT_ONCE = 8;

/**
 * Measures planning a fleet, compared with its floor and with a process per instance, its memory, validating a large
 * inventory, and comparing snapshots.
 */
export async function measureFleet(extent: FleetExtent): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-bench-fleet-'));
  try {
    const { instances, rounds } = extent;
    return [
      ...(await planning(folder, extent)),
      ...(await offline(folder, extent)),
      ...(await measureComparison(folder, { instances, size: SIZE, rounds })),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function planning(folder: string, { instances, few, rounds }: FleetExtent): Promise<Row[]> {
  const served = await serveFleet(instances);
  try {
    const many = await fleetOf(folder, served.names);
    const small = await fleetOf(folder, served.names.slice(0, few));
    const plan: Measured[] = [];
    const floor: Measured[] = [];
    const fewOnly: Measured[] = [];
    for (let round = 0; round < rounds; round += 1) {
      floor.push(await run('fleet-floor', { url: served.url, names: served.names, atOnce: AT_ONCE }));
      plan.push(await run('fleet-plan', planArgs(many, served.url)));
      fewOnly.push(await run('fleet-plan', planArgs(small, served.url)));
    }
    const [whole, least, peakOfFew] = [middle(plan), middle(floor), middle(fewOnly)];
    const perProcess = (await twoAtATime(served, many)) * (instances / PROCESSES);
    const name = `fleet plan of ${instances} instances at ${SIZE.roles}x${SIZE.people}, 20 ms`;
    const time = { group: 'time', unit: 'ms' } as const;
    return [
      compared({ ...time, name: `${name}, against the floor` }, [whole.ms, least.ms], {
        goal: { most: 1.5 },
      }),
      // Wall time depends on other work of the machine, including the server.
      compared(
        { ...time, name: 'CPU time per instance of the same plan, against the floor' },
        [whole.cpuMs / instances, least.cpuMs / instances],
        { goal: null },
      ),
      compared(
        { ...time, name: `${name}, how much faster than a process per instance, two at a time` },
        [whole.ms, perProcess],
        { goal: { least: 4 }, inverse: true },
      ),
      compared(
        { group: 'memory', name: `peak of ${name}, against ${few} instances`, unit: 'MB' },
        [whole.peakBytes / 2 ** 20, peakOfFew.peakBytes / 2 ** 20],
        { goal: { most: 1.3 } },
      ),
    ];
  } finally {
    served.stop();
  }
}

/** Writes an inventory of these names in a separate folder, with a file of tokens and one manifest for all. */
async function fleetOf(folder: string, names: readonly string[]): Promise<string> {
  const own = join(folder, `fleet-${names.length}`);
  await mkdir(own, { recursive: true });
  const manifest = await writeManifest(benchWorld(SIZE), 'usual', own);
  const entries = names.map((name) => `  ${name}: {}`);
  const head = ['apiVersion: domo-roles/v1', 'kind: Fleet', `manifest: ${manifest.slice(own.length + 1)}`];
  await writeFile(join(own, 'fleet.yaml'), [...head, 'instances:', ...entries, ''].join('\n'));
  const tokens = Object.fromEntries(names.map((name) => [name, `token-${name}`]));
  await writeFile(join(own, 'tokens.json'), JSON.stringify(tokens), { mode: 0o600 });
  return own;
}

function planArgs(own: string, url: string): string[] {
  const out = ['--out', join(own, 'out')];
  const target = ['--tokens', join(own, 'tokens.json'), '--base-url', `${url}/{name}`];
  return ['fleet', 'plan', join(own, 'fleet.yaml'), ...target, ...out, '--at-once', String(AT_ONCE)];
}

/** The number of timed processes of the alternative; the total is extrapolated. */
const PROCESSES = 16;

/** The time to plan some instances with one process each, two at a time. */
async function twoAtATime({ url, names }: ServedFleet, own: string): Promise<number> {
  const waiting = names.slice(0, PROCESSES);
  const start = performance.now();
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const args = [BIN, 'plan', join(own, 'usual.yaml'), '--instance', name, '--base-url', `${url}/${name}`];
      const env = { ...process.env, DOMO_ACCESS_TOKEN: `token-${name}` };
      const child = spawn(process.execPath, args, { stdio: 'ignore', env });
      await once(child, 'close');
    }
  };
  await Promise.all([work(), work()]);
  return performance.now() - start;
}

/** Measures `validate` and `list --changed-since` with a large inventory, without a network. */
async function offline(folder: string, { entries, rounds }: FleetExtent): Promise<Row[]> {
  const names = Array.from({ length: entries }, (_, index) => `instance-${index + 1}`);
  const own = join(folder, 'offline');
  await mkdir(own, { recursive: true });
  const base = await writeManifest(benchWorld({ roles: 100, people: 1_000 }), 'usual', own);
  const lines = names.map(
    (name, index) => `  ${name}: { overlay: { policy: { minAdmins: ${1 + (index % 2)} } } }`,
  );
  const head = ['apiVersion: domo-roles/v1', 'kind: Fleet', `manifest: ${base.slice(own.length + 1)}`];
  await writeFile(join(own, 'fleet.yaml'), [...head, 'instances:', ...lines, ''].join('\n'));
  for (const args of [
    ['init', '-q'],
    ['add', '.'],
    [...WHO, 'commit', '-qm', 'a fleet'],
  ])
    spawnSync('git', args, { cwd: own });
  await writeFile(
    join(own, 'fleet.yaml'),
    [...head, 'instances:', ...lines, '  one-more: {}', ''].join('\n'),
  );
  const times = (args: readonly string[]): number =>
    median(Array.from({ length: rounds }, () => timeProcess([BIN, ...args])));
  const all = times(['fleet', 'validate', join(own, 'fleet.yaml')]);
  const one = times(['validate', base]);
  const list = times(['fleet', 'list', join(own, 'fleet.yaml'), '--changed-since', 'HEAD']);
  const time = { group: 'time', unit: 'ms' } as const;
  return [
    compared(
      { ...time, name: `fleet validate of ${entries} entries on a base of 100 roles, against one` },
      [all, one],
      {
        goal: { most: 4 },
      },
    ),
    compared(
      { ...time, name: `fleet list --changed-since in ${entries} entries, against 2 s` },
      [list, 2_000],
      {
        goal: { most: 1 },
      },
    ),
  ];
}

const WHO = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com'];

interface ServedFleet {
  url: string;
  names: readonly string[];
  stop: () => void;
}

async function serveFleet(instances: number): Promise<ServedFleet> {
  const child = fork(script('fleet-serve'), [instances, SIZE.roles, SIZE.people, 20].map(String));
  const [served] = (await once(child, 'message')) as [{ url: string; names: readonly string[] }];
  return { ...served, stop: () => void child.kill() };
}

async function run(part: string, task: unknown): Promise<Measured> {
  const child = spawn(process.execPath, [script(part), JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`bench/${part}.ts failed`);
  return JSON.parse(printed) as Measured;
}

function middle(found: readonly Measured[]): Measured {
  const ms = median(found.map((one) => one.ms));
  return {
    ms,
    cpuMs: median(found.map((one) => one.cpuMs)),
    peakBytes: median(found.map((one) => one.peakBytes)),
  };
}
