import pLimit from 'p-limit';
import { blankRow } from '../../fleet/rows.js';
import type { InstanceResult } from '../../fleet/rows.js';
import { isFailure } from '../../fleet/document.js';
import type { FleetRow } from '../../fleet/document.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import { userPaths, userRoots } from '../../journal/lock-folder.js';
import type { RequestOptions } from '../connect.js';
import type { Runtime } from '../runtime.js';
import { failedRow } from './failed-row.js';
import { clearProblemsFile, withProblemsFile } from './problems-file.js';
import type { ProblemsFolder } from './problems-file.js';

/** A request with its instance. */
type SeenRequest = Parameters<NonNullable<RequestOptions['onRequest']>>[0];

/** Options of working through instances. */
export interface OverInstances {
  runtime: Runtime;
  /** Concurrent instances. */
  atOnce: number;
  /** Time limit per instance, in milliseconds; null for none. */
  instanceBudgetMs: number | null;
  /** After more failures than this, no further instance starts; null for no limit. */
  maxFailures: number | null;
  requests: RequestOptions;
  /** Folders of this machine, removed from paths in documents. */
  roots?: readonly string[] | undefined;
  /** Called after every request, with its instance. */
  onRequest?: ((instance: string, seen: SeenRequest) => void) | undefined;
  /** Stores the problems of an instance. */
  folder?: ProblemsFolder | undefined;
  onBegin?: ((instance: string) => void) | undefined;
  /** Called with each finished row. */
  onRow?: ((row: FleetRow) => void | Promise<void>) | undefined;
}

/** The context of the work on one instance. */
export interface InstanceContext {
  /** Aborted when the time limit of this instance is reached. Stopping the run does not abort it. */
  runtime: Runtime;
  /** Called after each request of this instance. */
  requests: RequestOptions;
  /** Folders of this machine: documents name files relative to them. */
  roots: readonly string[];
  /** Must be called before the first write. From then on, the run waits for the work even beyond its time limit. */
  onBegin: () => void;
  /** Must be called when a write is sent. */
  onSent: () => void;
}

/** The number of failures so far, over all waves of a run. */
export interface FailureCount {
  failures: number;
}

/**
 * Does the work for each entry, in a sliding window. An instance never stops the others: an error or an exceeded time
 * limit becomes its row. Rows are in the order of the entries.
 */
export async function overInstances(
  entries: readonly FleetEntry[],
  { count, ...run }: OverInstances & { count: FailureCount },
  work: (entry: FleetEntry, context: InstanceContext) => Promise<InstanceResult>,
): Promise<FleetRow[]> {
  const window = pLimit(run.atOnce);
  const one = async (entry: FleetEntry): Promise<FleetRow> => {
    const halted = reasonNotToBegin(run, count);
    const row =
      entry.suspended !== null
        ? blankRow(entry, 'suspended', suspensionText(entry.suspended))
        : halted !== null
          ? blankRow(entry, 'not-started', halted)
          : await isolated(entry, run, work);
    if (isFailure(row)) count.failures += 1;
    await run.onRow?.(row);
    return row;
  };
  return Promise.all(entries.map((entry) => window(() => one(entry))));
}

/** The reason why no further instance starts; null if one may. */
export function reasonNotToBegin(
  { runtime, maxFailures }: Pick<OverInstances, 'runtime' | 'maxFailures'>,
  { failures }: FailureCount,
): string | null {
  if (runtime.signal.aborted) return 'the run was stopped';
  if (maxFailures === null || failures <= maxFailures) return null;
  return `more than ${maxFailures} ${maxFailures === 1 ? 'instance' : 'instances'} failed (--max-failures)`;
}

/** Why an instance is left out, and until when. */
export function suspensionText({ reason, until }: { reason: string; until: string | null }): string {
  return until === null ? reason : `${reason} (until ${until})`;
}

/** Runs the work isolated from other instances: errors and exceeded time limits become its result. */
async function isolated(
  entry: FleetEntry,
  run: OverInstances,
  work: (entry: FleetEntry, context: InstanceContext) => Promise<InstanceResult>,
): Promise<FleetRow> {
  run.onBegin?.(entry.name);
  const start = run.runtime.now();
  const fence = openFence(run);
  const roots = [...(run.roots ?? []), ...userRoots(userPaths(run.runtime.env))];
  let requests = 0;
  let [begun, sent] = [false, false];
  const context: InstanceContext = {
    runtime: { ...run.runtime, signal: fence.signal },
    requests: {
      ...run.requests,
      onRequest: (seen) => {
        requests += 1;
        run.requests.onRequest?.(seen);
        run.onRequest?.(entry.name, seen);
      },
    },
    roots,
    onBegin: () => (begun = true),
    onSent: () => (sent = true),
  };
  await clearProblemsFile(entry.name, run.folder);
  const ended = await Promise.race([
    work(entry, context).catch((error: unknown) => ({ error })),
    // After the first write, wait for the work: every request has its own timeout.
    fence.overrun.then(() => (begun ? never() : { error: null })),
  ]).finally(fence.close);
  const result =
    'error' in ended
      ? await withProblemsFile(
          entry.name,
          failedRow(ended.error, { isSent: sent, overran: fence.overran(), roots }),
          run.folder,
        )
      : ended;
  const blank = blankRow(entry, result.status);
  return { ...blank, ...result, sent, ms: elapsed(run.runtime, start), requests };
}

/** Milliseconds since a time; 0 if the clock of this machine was set back. */
function elapsed({ now }: Pick<Runtime, 'now'>, start: number): number {
  return Math.max(0, Math.round(now() - start));
}

/** A new promise each time: a shared one would accumulate handlers of all instances. */
const never = (): Promise<never> => new Promise(() => undefined);

/** Milliseconds for reads to stop by themselves after the time limit. */
const GRACE_MS = 200;

interface Fence {
  signal: AbortSignal;
  overran: () => boolean;
  /** Resolves after the time limit and the grace period. */
  overrun: Promise<null>;
  close: () => void;
}

function openFence({ instanceBudgetMs }: OverInstances): Fence {
  const budget = new AbortController();
  if (instanceBudgetMs === null) {
    return { signal: budget.signal, overran: () => false, overrun: never(), close: () => undefined };
  }
  let late: NodeJS.Timeout | undefined;
  let resolve: (value: null) => void = () => undefined;
  const overrun = new Promise<null>((done) => (resolve = done));
  const timer = setTimeout(() => {
    budget.abort();
    late = setTimeout(() => resolve(null), GRACE_MS);
  }, instanceBudgetMs);
  return {
    signal: budget.signal,
    overran: () => budget.signal.aborted,
    overrun,
    close: () => {
      clearTimeout(timer);
      clearTimeout(late);
    },
  };
}
