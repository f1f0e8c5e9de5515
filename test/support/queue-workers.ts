import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** Worker processes that are restarted when they end, as by a service manager. */
export interface Workers {
  /** How often each worker was killed, by index. */
  kills: readonly number[];
  /** Everything that the workers and their commands printed. */
  text: () => string;
  /** Ends a worker by SIGKILL, alone or with all its processes. */
  kill: (place: number, what: 'alone' | 'with its command') => void;
  stop: () => Promise<void>;
}

/** Starts this many workers in a folder. */
export function openWorkers(
  count: number,
  { folder, script, env }: { folder: string; script: string; env: Readonly<Record<string, string>> },
): Workers {
  const kills = Array.from({ length: count }, () => 0);
  const running: ChildProcess[] = [];
  let isStopping = false;
  let text = '';
  const start = (place: number): void => {
    // In a separate process group, so that its command can be killed with it.
    const child = spawn(process.execPath, [script], {
      cwd: folder,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    running[place] = child;
    child.on('exit', () => {
      if (!isStopping) start(place);
    });
  };
  for (let place = 0; place < count; place += 1) start(place);
  return {
    kills,
    text: () => text,
    kill: (place, what) => {
      const { pid } = running[place] as ChildProcess;
      if (pid === undefined) return;
      kills[place] = (kills[place] ?? 0) + 1;
      process.kill(what === 'alone' ? pid : -pid, 'SIGKILL');
    },
    stop: async () => {
      isStopping = true;
      const ended = running.map((child) => new Promise((done) => child.on('exit', done)));
      for (const { pid } of running) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
      await Promise.all(ended);
    },
  };
}
