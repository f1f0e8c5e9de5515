import type { AccessRule } from '../model/access-rule.js';
import type { JournalEntry } from '../journal/entry.js';
import type { Replay } from '../journal/replay.js';
import type { RunId } from '../journal/run-id.js';
import type { LiveReader } from '../live/reader.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Plan } from '../plan/plan.js';
import type { ChangeOutcome } from './outcome.js';
import type { LiveWriter } from './writer.js';

/** Where a run records what it does. Resolves once the entry is on the disk and survives a power cut. */
export interface JournalSink {
  append(entry: JournalEntry): Promise<void>;
}

/** The clock of a run: milliseconds since the epoch, and waiting. */
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
  /** The same for a write that the server refused: it may have been done all the same. */
  refusedMs: number;
  /** Waits between two reads grow from the first to the last of these, doubling. */
  firstWaitMs: number;
  maxWaitMs: number;
  /** For how long a create is sent again, each time after its name was looked for. */
  createMs: number;
  /** How long its name is looked for before it is sent again. */
  createConfirmMs: number;
  /** Up to this many roles are confirmed by their own lists, more by the matrix. */
  ownListsUpTo: number;
}

/** The defaults. */
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

/** What an apply reports while it runs, for progress bars. */
export type ApplyProgress =
  | { kind: 'checking' }
  | { kind: 'sending'; change: string }
  /** Sent, and not yet seen. */
  | { kind: 'waiting'; changes: readonly string[] }
  | { kind: 'settled'; change: ChangeOutcome; settled: number; total: number };

/** What an apply takes. */
export interface ApplyOptions {
  plan: Plan;
  /** Refusals that this run allows; by default those that the plan allows. */
  allowed?: Plan['allowed'];
  reader: LiveReader;
  writer: LiveWriter;
  journal: JournalSink;
  clock: Clock;
  /** The name of the run's folder; recorded in journal and outcome. */
  runId: RunId | 'dry-run';
  /** What earlier runs of the same plan did, from their journals: this run continues where they stopped. */
  resume?: Replay | null;
  /** When aborted, nothing more is sent; requests in flight are finished and confirmed. */
  signal?: AbortSignal;
  onProgress?: (progress: ApplyProgress) => void;
  /** Called once, when the first write was sent: from then on the instance may differ. */
  onSent?: () => void;
  /** The rules that `beforeWrite` judges by; those of the plan's own policy unless given. One about people needs them all. */
  rules?: readonly AccessRule[];
  limits?: Partial<ApplyLimits>;
  /** True where reader and writer use a sandbox that was filled from the snapshot. */
  dryRun?: boolean;
  /**
   * Called once with live state, after the comparison with the plan and before the first write: for the guards,
   * and for keeping the snapshot. What it throws stops the run.
   * Not called when there is nothing to send.
   */
  beforeWrite?: (live: Snapshot) => void | Promise<void>;
}
