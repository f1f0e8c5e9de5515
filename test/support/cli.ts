import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { openSandbox, serveSandbox } from '../../src/sandbox/index.js';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.js';
import { BIN } from './built.js';
import { timeWithSkippedWaits, runWithin } from './in-process.js';
import type { Ended, Within } from './in-process.js';

export type { Ended } from './in-process.js';

/** The environment that names the instance of a stage. */
export function targetOf({ url, sandbox }: Pick<Stage, 'url' | 'sandbox'>): Record<string, string> {
  return { DOMO_INSTANCE: 'sandbox-served', DOMO_BASE_URL: url, DOMO_ACCESS_TOKEN: sandbox.token };
}

/** A folder and an instance for a test, with functions that run the command on them. */
export interface Stage {
  folder: string;
  sandbox: Sandbox;
  url: string;
  /** How this stage runs commands within this process. */
  within: Within;
  /** Runs the command within this process, with the instance as its target. Skips waits between tries. */
  run: (...args: string[]) => Promise<Ended>;
  /** The same with its clock at this time, or with this clock. */
  runAt: (now: string | (() => number), ...args: string[]) => Promise<Ended>;
  /** Runs it within this process, with exactly this environment. */
  runWith: (env: Record<string, string>, ...args: string[]) => Promise<Ended>;
  /** Runs the built command as a process, with the instance as its target. */
  spawn: (...args: string[]) => Promise<Ended>;
  /** Runs it as a process with PATH, HOME and exactly this environment. */
  spawnWith: (env: Record<string, string>, ...args: string[]) => Promise<Ended>;
  write: (file: string, text: string) => Promise<void>;
  close: () => Promise<void>;
}

/**
 * Gives a sandbox and a folder to work in. Runs within this process hand their requests to the sandbox, without a
 * socket in between; it is served on a port for all else.
 */
export function openStage(options: SandboxOptions = {}): Promise<Stage> {
  return openOver('call', options);
}

/** The same with a real socket between the command and the sandbox. */
export function openSocketStage(options: SandboxOptions = {}): Promise<Stage> {
  return openOver('socket', options);
}

async function openOver(way: 'call' | 'socket', options: SandboxOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-test-'));
  const sandbox = await openSandbox({ clock: timeWithSkippedWaits, ...options });
  const served = await serveSandbox(sandbox, {});
  const target = targetOf({ url: served.url, sandbox });
  const spawnWith: Stage['spawnWith'] = async (env, ...args) => {
    const ended = await execa(process.execPath, [BIN, ...args], {
      cwd: folder,
      // A newer Node would keep compiled code in the folder, which is also the home folder.
      env: { PATH: process.env.PATH ?? '', HOME: folder, NODE_DISABLE_COMPILE_CACHE: '1', ...env },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      stripFinalNewline: false,
      timeout: 60_000,
      cleanup: false,
    });
    return { code: ended.exitCode ?? -1, stdout: ended.stdout, stderr: ended.stderr };
  };
  const within: Within = {
    cwd: folder,
    skipWaits: true,
    ...(way === 'call' ? { fetchFor: (url) => (url === served.url ? sandbox.fetch : null) } : {}),
  };
  const runWith: Stage['runWith'] = (env, ...args) => runWithin(args, { ...within, env });
  return {
    folder,
    sandbox,
    url: served.url,
    within,
    runWith,
    runAt: (now, ...args) => {
      const clock = typeof now === 'string' ? () => Date.parse(now) : now;
      return runWithin(args, { ...within, env: target, now: clock });
    },
    spawnWith,
    spawn: (...args) => spawnWith(target, ...args),
    run: (...args) => runWith(target, ...args),
    write: async (file, text) => {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    },
    close: async () => {
      await served.close();
      await sandbox.close();
    },
  };
}

/**
 * The same stage whose runs are processes of what was built. They keep the time of this machine, so its instance
 * does too: other tests may have advanced the clock by skipped waits.
 */
export async function openProcessStage(options: SandboxOptions = {}): Promise<Stage> {
  const stage = await openSocketStage({ clock: Date.now, ...options });
  return { ...stage, run: stage.spawn, runWith: stage.spawnWith };
}

/** The JSON document on stdout. */
export function documentOf<T = Record<string, unknown>>(ended: Ended): T {
  return JSON.parse(ended.stdout) as T;
}
