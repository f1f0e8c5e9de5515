import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { openSandbox, serveSandbox } from '../../src/sandbox/index.js';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.js';

const BIN = join(import.meta.dirname, '../../dist/bin/domo-roles.js');

/** What a process did. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** A folder of its own, an instance of its own, and the command in between. */
export interface Stage {
  folder: string;
  sandbox: Sandbox;
  url: string;
  /** Runs the command with the instance as its target. */
  run: (...args: string[]) => Promise<Ended>;
  /** Runs it with exactly this environment beside PATH and HOME. */
  runWith: (env: Record<string, string>, ...args: string[]) => Promise<Ended>;
  write: (file: string, text: string) => Promise<void>;
  close: () => Promise<void>;
}

/** Serves a sandbox on a port and gives a folder to work in. The command runs as a process of its own. */
export async function openStage(options: SandboxOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-test-'));
  const sandbox = await openSandbox(options);
  const served = await serveSandbox(sandbox, {});
  const target = {
    DOMO_INSTANCE: 'sandbox-served',
    DOMO_BASE_URL: served.url,
    DOMO_ACCESS_TOKEN: sandbox.token,
  };
  const runWith = async (env: Record<string, string>, ...args: string[]): Promise<Ended> => {
    const ended = await execa(process.execPath, [BIN, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder, ...env },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      stripFinalNewline: false,
      timeout: 60_000,
      cleanup: false,
    });
    return { code: ended.exitCode ?? -1, stdout: ended.stdout, stderr: ended.stderr };
  };
  return {
    folder,
    sandbox,
    url: served.url,
    runWith,
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

/** The one JSON document on stdout. */
export function documentOf<T = Record<string, unknown>>(ended: Ended): T {
  return JSON.parse(ended.stdout) as T;
}
