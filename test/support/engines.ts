import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cp, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { BIN } from './built.js';
import type { Ended } from './cli.js';
import { openFleetStage, tokenOf } from './fleet-stage.js';
import type { FleetStage } from './fleet-stage.js';
import type { SandboxOptions } from '../../src/sandbox/index.js';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLES = join(ROOT, 'examples');

/** Returns `describe` if an engine is installed. Otherwise prints a line and returns `describe.skip`. */
export function describeWith(engine: string, isThere: boolean, hint: string): typeof describe.skip {
  if (isThere) return describe;
  const line = `${engine} is not installed: ${hint}`;
  if (process.env['DOMO_ROLES_ALL_TESTS'] === '1') throw new Error(line);
  process.stderr.write(`\n*** NOT TESTED: ${line}\n\n`);
  return describe.skip;
}

/** Are all of these commands in PATH? */
export function haveCommands(...names: readonly string[]): boolean {
  return names.every((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0);
}

/** The ids of processes whose command line matches, without the shell that looks them up. */
export function processesLike(pattern: string): number[] {
  const { stdout } = spawnSync('pgrep', ['-f', pattern], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [Number(line)]));
}

/** A free port. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** A copy of an example with the packages that it needs; null if they cannot be installed. */
export async function installExample(name: string): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-engine-'));
  await cp(join(EXAMPLES, name), folder, { recursive: true });
  return install(folder);
}

/** A folder with a package, such as `name@1.2.3`, in its `node_modules`; null if it cannot be installed. */
export async function installPackage(spec: string): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-engine-'));
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  return install(folder, spec);
}

function install(folder: string, ...specs: readonly string[]): string | null {
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--prefer-offline'];
  const ended = spawnSync('npm', ['install', ...quiet, ...specs], { cwd: folder, timeout: 120_000 });
  return ended.status === 0 ? folder : null;
}

/** Many instances, and the built command in PATH with access to all of them. */
export interface EngineStage extends FleetStage {
  /** The complete environment of a process of an engine. */
  env: Readonly<Record<string, string>>;
  /** Runs any command line until it ends. */
  shell: (command: string, env?: Readonly<Record<string, string>>) => Promise<Ended>;
  /** Starts a command line without waiting for it. */
  start: (command: string, env?: Readonly<Record<string, string>>) => Started;
}

/** A process and its result. */
export interface Started {
  child: ChildProcess;
  ended: Promise<Ended>;
}

/** Opens a stage whose commands are processes. Tokens are files of the folder `tokens`. */
export async function openEngineStage(
  names: readonly string[],
  options: Readonly<Record<string, SandboxOptions>> = {},
): Promise<EngineStage> {
  const stage = await openFleetStage(names, options);
  for (const name of names) await stage.write(`tokens/${name}`, tokenOf(name));
  await mkdir(join(stage.folder, 'bin'));
  await symlink(BIN, join(stage.folder, 'bin/domo-roles'));
  const env = {
    PATH: `${join(stage.folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    HOME: stage.folder,
    CI: 'true',
    NO_COLOR: '1',
    DOMO_BASE_URL: `${stage.url}/{name}`,
  };
  const start: EngineStage['start'] = (command, more = {}) => {
    const child = spawn('bash', ['-c', command], {
      cwd: stage.folder,
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { child, ended: ended(child) };
  };
  return { ...stage, env, start, shell: (command, more) => start(command, more).ended };
}

/** The output and exit code of a process. */
function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}

/** Writes an executable file into the stage's PATH. */
export function putCommand(stage: EngineStage, name: string, script: string): Promise<void> {
  return writeFile(join(stage.folder, 'bin', name), script, { mode: 0o755 });
}
