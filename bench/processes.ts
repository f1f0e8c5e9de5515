import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { median } from './measure.js';
import type { Measured, Task } from './measure.js';
import type { Order } from './serve.js';
import type { Size } from './world.js';

/** An instance that another process serves. */
export interface Served {
  url: string;
  token: string;
  order(order: Order): Promise<void>;
  close(): Promise<void>;
}

/** Returns the path of a bundled script. */
export const script = (part: string): string => join(import.meta.dirname, `${part}.mjs`);

/** Serves an instance of this size in a separate process. */
export async function serve({ roles, people }: Size): Promise<Served> {
  const child = fork(script('serve'), [String(roles), String(people)]);
  const [address] = (await once(child, 'message')) as [{ url: string; token: string }];
  return {
    ...address,
    order: async (order) => {
      child.send(order);
      await once(child, 'message');
    },
    close: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** Runs a measured script and returns its measurements. Raises if it fails. */
export async function run(part: string, task: Task): Promise<Measured> {
  const child = spawn(process.execPath, [script(part), JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`bench/${part}.ts failed`);
  return JSON.parse(printed) as Measured;
}

/** Path of the built command. */
export const BIN = join('dist', 'bin', 'domo-roles.js');

/** The times of a whole process, in milliseconds. */
export interface ProcessTimes {
  ms: number;
  /** CPU time of all threads. Comparable even if other work runs on the machine. */
  cpuMs: number;
}

/** Measures the wall time of a whole process, in milliseconds. */
export function timeProcess(args: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  return startProcess(args, env).ms;
}

/** Measures the wall time and the CPU time of a whole process. */
export function measureProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ProcessTimes {
  const { ms, usage } = startProcess(['--require', resolve('bench', 'usage.cjs'), ...args], env);
  return { ms, cpuMs: Number(usage) };
}

function startProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): { ms: number; usage: string } {
  const start = performance.now();
  const { status, output } = spawnSync(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return { ms: performance.now() - start, usage: output[3] ?? '' };
}

/** Returns the median of each time. */
export function medianTimes(all: readonly ProcessTimes[]): ProcessTimes {
  return { ms: median(all.map(({ ms }) => ms)), cpuMs: median(all.map(({ cpuMs }) => cpuMs)) };
}
