import pLimit from 'p-limit';
import { blankRow } from '../../fleet/rows.js';
import type { InstanceResult } from '../../fleet/rows.js';
import { isFailure } from '../../fleet/document.js';
import type { FleetRow } from '../../fleet/document.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import type { RequestOptions } from '../connect.js';
import type { Runtime } from '../runtime.js';
import { failedRow } from './failed-row.js';
import { clearProblemsFile, withProblemsFile } from './problems-file.js';
import type { ProblemsFolder } from './problems-file.js';

/** A request, as the library shows it. */
type SeenRequest = Parameters<NonNullable<RequestOptions['onRequest']>>[0];

/** How a run goes over its instances. */
export interface OverInstances {
  runtime: Runtime;
  /** Instances at once. */
  atOnce: number;
  /** Milliseconds that one instance may take; null for no limit. */
  instanceBudgetMs: number | null;
  /** With more failures than this nothing new begins; null for no limit. */
  maxFailures: number | null;
  requests: RequestOptions;
  /** Folders of this machine that documents must not name. */
  roots?: readonly string[] | undefined;
  /** Takes every request with the instance that it went to. */
  onRequest?: ((instance: string, seen: SeenRequest) => void) | undefined;
  /** Keeps what went wrong on an instance. */
  folder?: ProblemsFolder | undefined;
  onBegin?: ((instance: string) => void) | undefined;
  /** Called with each row as it ends. */
  onRow?: ((row: FleetRow) => void | Promise<void>) | undefined;
}

/** What the work on one instance has of its own. */
export interface InstanceContext {
  /** Aborted when the time of this instance is up. A run that is stopped lets it finish. */
  runtime: Runtime;
  /** Counts the requests of this instance. */
  requests: RequestOptions;
  /** Called before the first write: from here on the work is waited for. */
  onBegin: () => void;
  /** Called when a write was sent. */
  onSent: () => void;
}

/** Failures so far, over all waves of a run. */
export interface FailureCount {
  failures: number;
}

/**
 * Does the work for each entry, in a sliding window. One instance never stops the rest: what it raises is its row, and
 * what takes too long is ended. Rows come in the order of the entries.
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

/** Why no more instances start; null where one may. */
export function reasonNotToBegin(
  { runtime, maxFailures }: Pick<OverInstances, 'runtime' | 'maxFailures'>,
  { failures }: FailureCount,
): string | null {
  if (runtime.signal.aborted) return 'the run was stopped';
  if (maxFailures === null || failures <= maxFailures) return null;
  return `more than ${maxFailures} ${maxFailures === 1 ? 'instance' : 'instances'} failed (--max-failures)`;
}

function suspensionText({ reason, until }: { reason: string; until: string | null }): string {
  return until === null ? reason : `${reason} (until ${until})`;
}

/** Runs the work so that nothing of it reaches the other instances: no error, no overrun. */
async function isolated(
  entry: FleetEntry,
  run: OverInstances,
  work: (entry: FleetEntry, context: InstanceContext) => Promise<InstanceResult>,
): Promise<FleetRow> {
  run.onBegin?.(entry.name);
  const start = run.runtime.now();
  const fence = openFence(run);
  const roots = [...(run.roots ?? []), run.runtime.env.HOME ?? ''];
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
    onBegin: () => (begun = true),
    onSent: () => (sent = true),
  };
  await clearProblemsFile(entry.name, run.folder);
  const ended = await Promise.race([
    work(entry, context).catch((error: unknown) => ({ error })),
    // Once writes may be under way they are waited for: requests end by themselves.
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
  return { ...blank, ...result, sent, ms: Math.round(run.runtime.now() - start), requests };
}

/** A promise of its own each time: one for all instances would keep something of each. */
const never = (): Promise<never> => new Promise(() => undefined);

/** Extra time for reads to end by themselves when the budget is over. */
const GRACE_MS = 200;

interface Fence {
  signal: AbortSignal;
  overran: () => boolean;
  /** Resolves when even the grace is over. */
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
