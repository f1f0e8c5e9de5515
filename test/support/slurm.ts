import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './engines.js';

/** A cluster that consists of this machine. */
export interface Slurm {
  /** The environment of its commands. */
  env: Readonly<Record<string, string>>;
  close: () => Promise<void>;
}

/** Starts a controller, a node and their authentication, and waits until the node takes jobs. */
export async function openSlurm(): Promise<Slurm> {
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-slurm-'));
  await chmod(folder, 0o755);
  for (const name of ['state', 'spool', 'munge']) await mkdir(join(folder, name));
  const env = { SLURM_CONF: join(folder, 'slurm.conf') };
  await writeFile(env.SLURM_CONF, await configIn(folder));
  const started: ChildProcess[] = [];
  const start = (command: string, ...args: string[]): void => {
    started.push(spawn(command, args, { env: { ...process.env, ...env }, stdio: 'ignore' }));
  };
  await startMunge(join(folder, 'munge'), start);
  start('slurmctld', '-D', '-c');
  start('slurmd', '-D', '-c');
  const state = (): string =>
    spawnSync('sinfo', ['--noheader', '--format=%t'], { env: { ...process.env, ...env }, encoding: 'utf8' })
      .stdout;
  for (let tries = 0; state().trim() !== 'idle'; tries += 1) {
    if (tries > 200) throw new Error('the node of Slurm is not idle');
    await sleep(100);
  }
  return { env, close: () => end(started.reverse()) };
}

async function end(processes: readonly ChildProcess[]): Promise<void> {
  for (const one of processes) {
    const isEnded = new Promise((done) => one.on('exit', done));
    if (one.exitCode !== null || one.signalCode !== null) continue;
    one.kill('SIGKILL');
    await isEnded;
  }
}

async function startMunge(
  folder: string,
  start: (command: string, ...args: string[]) => void,
): Promise<void> {
  const at = (name: string): string => join(folder, name);
  await writeFile(at('key'), randomBytes(1024), { mode: 0o400 });
  const files = ['key', 'pid', 'log', 'seed'].map((name) => `--${name}-file=${at(name)}`);
  start('munged', '--foreground', '--force', `--socket=${at('socket')}`, ...files);
  for (let tries = 0; spawnSync('munge', ['-n', '-S', at('socket')]).status !== 0; tries += 1) {
    if (tries > 200) throw new Error('munged does not answer');
    await sleep(50);
  }
}

/** A node with more configured processors than it has, so that tasks run concurrently. */
async function configIn(folder: string): Promise<string> {
  const node = hostname().split('.')[0] ?? 'localhost';
  const settings = {
    ClusterName: 'test',
    SlurmctldHost: `${node}(127.0.0.1)`,
    SlurmctldPort: await freePort(),
    SlurmdPort: await freePort(),
    SlurmUser: 'root',
    AuthType: 'auth/munge',
    // A restarted task waits for this time, in seconds.
    AuthInfo: `socket=${folder}/munge/socket,cred_expire=5`,
    KillWait: 2,
    CredType: 'cred/munge',
    StateSaveLocation: `${folder}/state`,
    SlurmdSpoolDir: `${folder}/spool`,
    SlurmctldPidFile: `${folder}/slurmctld.pid`,
    SlurmdPidFile: `${folder}/slurmd.pid`,
    SlurmctldLogFile: `${folder}/slurmctld.log`,
    SlurmdLogFile: `${folder}/slurmd.log`,
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    MpiDefault: 'none',
    SwitchType: 'switch/none',
    ReturnToService: 2,
    SlurmdParameters: 'config_overrides',
    SchedulerParameters: 'sched_min_interval=0,batch_sched_delay=0,sched_interval=1',
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_CPU',
    AccountingStorageType: 'accounting_storage/none',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return [
    ...lines,
    `NodeName=${node} NodeAddr=127.0.0.1 CPUs=10 State=UNKNOWN`,
    `PartitionName=all Nodes=${node} Default=YES MaxTime=INFINITE State=UP`,
    '',
  ].join('\n');
}
