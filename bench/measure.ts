/** The measurements of one process. Times are milliseconds, sizes bytes. */
export interface Measured {
  /** From the first request to the result. */
  ms: number;
  /** CPU time of all threads. */
  cpuMs: number;
  /** Peak memory of the process. */
  peakBytes: number;
  [more: string]: number;
}

/** The input of a measured process. */
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

/** Measures work in this process and prints the measurements as one line of JSON. */
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

/** Returns the median; the lower one of two. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? Number.NaN;
}
