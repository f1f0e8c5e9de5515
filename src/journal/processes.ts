import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { codeOf } from './files.js';

/** Identifies a process, so that a later one with the same number is not taken for it. */
export interface ProcessMark {
  pid: number;
  /** When it started, in the system's format; null where that is unknown. */
  started: string | null;
  host: string;
  /** Changes when the machine restarts; null where that is unknown. */
  boot: string | null;
}

/** What a lock needs to know of processes; an option, so that tests can have dead ones. */
export interface ProcessTable {
  self(): Promise<ProcessMark>;
  /** `elsewhere`: on another machine, so that its state is unknown. */
  stateOf(mark: ProcessMark): Promise<'alive' | 'dead' | 'elsewhere'>;
}

/** The processes of this machine. */
export function machineProcesses(): ProcessTable {
  return {
    async self() {
      return {
        pid: process.pid,
        started: await startOf(process.pid),
        host: hostname(),
        boot: await bootId(),
      };
    },
    async stateOf(mark) {
      if (mark.host !== hostname()) return 'elsewhere';
      const boot = await bootId();
      if (mark.boot !== null && boot !== null && mark.boot !== boot) return 'dead';
      if (!isRunning(mark.pid)) return 'dead';
      const started = await startOf(mark.pid);
      return mark.started !== null && started !== null && mark.started !== started ? 'dead' : 'alive';
    },
  };
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 only checks whether the process exists.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It exists and belongs to another user.
    return codeOf(error) === 'EPERM';
  }
}

async function bootId(): Promise<string | null> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => null);
  return text?.trim() ?? null;
}

/** Linux: field 22 of `stat`, ticks since the machine started (see proc(5)). Elsewhere: what `ps` prints. */
async function startOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The second field is the command's name in brackets and may hold anything, brackets too.
  if (stat !== null) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  if (process.platform === 'win32' || process.platform === 'linux') return null;
  const run = promisify(execFile);
  const printed = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => null);
  return printed?.stdout.trim() || null;
}
