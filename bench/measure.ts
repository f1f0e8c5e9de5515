/** What one measured process tells. Times are milliseconds, sizes bytes. */
export interface Measured {
  /** From the first request to the result. */
  ms: number;
  /** Of the processor, over all threads. */
  cpuMs: number;
  /** The most that the process ever held. */
  peakBytes: number;
  [more: string]: number;
}

/** What a measured process is given. */
export interface Task {
  url: string;
  token: string;
  manifest: string;
  snapshot: string;
}

/** The task of this process. */
export function task(): Task {
  return JSON.parse(process.argv[2] ?? '{}') as Task;
}

/** Measures the work of this process and prints what it took as one line of JSON. */
export async function measure(work: () => Promise<Readonly<Record<string, number>> | void>): Promise<void> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const more = await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const measured: Measured = {
    ms,
    cpuMs: (user + system) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    ...more,
  };
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}

/** The middle of some numbers; of two in the middle the lower one. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? Number.NaN;
}
