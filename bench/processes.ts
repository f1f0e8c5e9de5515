import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
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

/** A measured script, as it was bundled. */
export const script = (part: string): string => join(import.meta.dirname, `${part}.mjs`);

/** Serves an instance of a size in a process of its own. */
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

/** Runs one of the measured scripts. Raises where it fails, with what it said. */
export async function run(part: string, task: Task): Promise<Measured> {
  const child = spawn(process.execPath, [script(part), JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`bench/${part}.ts failed`);
  return JSON.parse(said) as Measured;
}

/** Where the command is. */
export const BIN = join('dist', 'bin', 'domo-roles.js');

/** Milliseconds of a whole process. */
export function timeProcess(args: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return performance.now() - start;
}
