import type { JournalEntry } from '../journal/entry.js';
import type { Replay } from '../journal/replay.js';
import type { LiveReader } from '../live/reader.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Plan } from '../plan/plan.js';
import type { ChangeOutcome } from './outcome.js';
import type { LiveWriter } from './writer.js';

/** Where a run writes down what it does. Resolves only once the entry would survive the machine's death. */
export interface JournalSink {
  append(entry: JournalEntry): Promise<void>;
}

/** Time, handed in: milliseconds since the epoch, and waiting. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** How hard an apply tries. Times in milliseconds. */
export interface ApplyLimits {
  /** Requests in flight at once. */
  concurrency: number;
  /** How long a write may take to be seen before it counts as not done. */
  confirmMs: number;
  /** The same for a write that the instance refused: it may have been done all the same. */
  refusedMs: number;
  /** Waits between two looks grow from the first to the last of these, doubling. */
  firstWaitMs: number;
  maxWaitMs: number;
  /** How long a create is sent again and again, each time after looking for the name. */
  createMs: number;
  /** How long its name is looked for before it is sent again. */
  createConfirmMs: number;
  /** Up to so many roles are confirmed by their own lists, more by the matrix. */
  ownListsUpTo: number;
}

/** What holds where the caller says nothing. */
export const DEFAULT_LIMITS: ApplyLimits = {
  concurrency: 4,
  confirmMs: 30_000,
  refusedMs: 6_000,
  firstWaitMs: 250,
  maxWaitMs: 4_000,
  createMs: 180_000,
  createConfirmMs: 4_000,
  ownListsUpTo: 3,
};

/** What an apply tells while it runs, for progress bars. */
export type ApplyProgress =
  | { kind: 'checking' }
  | { kind: 'sending'; change: string }
  /** Sent, and not yet seen. */
  | { kind: 'waiting'; changes: readonly string[] }
  | { kind: 'settled'; change: ChangeOutcome; settled: number; total: number };

/** All that an apply is given. */
export interface ApplyOptions {
  plan: Plan;
  /** What this run's flags let pass; those of the plan where nothing is given. */
  allowed?: Plan['allowed'];
  reader: LiveReader;
  writer: LiveWriter;
  journal: JournalSink;
  clock: Clock;
  /** The run folder's name; stands in journal and outcome. */
  runId: string;
  /** What earlier runs of the same plan did, from their journals; they are taken up where they stopped. */
  resume?: Replay | null;
  /** Aborted: nothing more is sent, what is in flight is finished and confirmed. */
  signal?: AbortSignal;
  onProgress?: (progress: ApplyProgress) => void;
  /** Called once, when the first write was sent: from then on the instance may differ. */
  onSent?: () => void;
  limits?: Partial<ApplyLimits>;
  /** True when reader and writer stand on a sandbox filled from the snapshot. */
  dryRun?: boolean;
  /**
   * Called once, with live state as read a moment ago, after the comparison with the fingerprints and
   * before the first write: for the guards, and for keeping the snapshot. What it throws stops the run.
   * Not called when there is nothing to send.
   */
  beforeWrite?: (fresh: Snapshot) => void | Promise<void>;
}
