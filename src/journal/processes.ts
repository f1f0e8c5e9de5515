import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { systemCodeOf } from '../problem/system-error.js';

/** Identifies a process, even if a later process has the same id. */
export interface ProcessMark {
  pid: number;
  /** Start time in the system's format; null if unknown. */
  started: string | null;
  host: string;
  /** Changes when the machine restarts; null if unknown. */
  boot: string | null;
}

/** What a lock needs to know about processes. */
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
    return systemCodeOf(error) === 'EPERM';
  }
}

async function bootId(): Promise<string | null> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => null);
  return text?.trim() ?? null;
}

/**
 * Start time of a process. Linux: field 22 of `stat`, in ticks since boot (see proc(5)). Otherwise: the output of `ps`.
 */
async function startOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The second field is the command name in brackets, which may itself contain brackets.
  if (stat !== null) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  if (process.platform === 'win32' || process.platform === 'linux') return null;
  const run = promisify(execFile);
  const printed = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => null);
  return printed?.stdout.trim() || null;
}
