import type { AccessRule } from '../model/access-rule.js';
import type { JournalEntry } from '../journal/entry.js';
import type { Replay } from '../journal/replay.js';
import type { RunId } from '../journal/run-id.js';
import type { LiveReader } from '../live/reader.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Plan } from '../plan/plan.js';
import type { ChangeOutcome } from './outcome.js';
import type { LiveWriter } from './writer.js';

/** The journal of a run. `append` resolves once the entry is on the disk and survives a power failure. */
export interface JournalSink {
  append(entry: JournalEntry): Promise<void>;
}

/** The clock of a run. Times in milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Ends early, without an error, when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Limits of an apply. Times in milliseconds. */
export interface ApplyLimits {
  /** Requests in flight at once. */
  concurrency: number;
  /** How long a write may take to become visible before it counts as failed. */
  confirmMs: number;
  /** The same for a write that the server refused: it may still have succeeded. */
  refusedMs: number;
  /** The wait between two reads doubles from `firstWaitMs` to `maxWaitMs`. */
  firstWaitMs: number;
  maxWaitMs: number;
  /** How long a create is retried, each time after a search for its name. */
  createMs: number;
  /** How long to search for the name before the next attempt. */
  createConfirmMs: number;
  /** Maximum number of roles that are confirmed by their own lists; more are confirmed by the matrix. */
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

/** Progress of an apply. */
export type ApplyProgress =
  | { kind: 'checking' }
  | { kind: 'sending'; change: string }
  /** Sent, and not yet visible. */
  | { kind: 'waiting'; changes: readonly string[] }
  | { kind: 'settled'; change: ChangeOutcome; settled: number; total: number };

/** Options of `applyPlan`. */
export interface ApplyOptions {
  plan: Plan;
  /** Refusals that this run allows. Default: those that the plan allows. */
  allowed?: Plan['allowed'];
  reader: LiveReader;
  writer: LiveWriter;
  journal: JournalSink;
  clock: Clock;
  /** The name of the run's folder; recorded in journal and outcome. */
  runId: RunId | 'dry-run';
  /** The journals of earlier runs of the same plan, which this run continues. */
  resume?: Replay | null;
  /** After an abort nothing more is sent; requests in flight are completed and confirmed. */
  signal?: AbortSignal;
  /** After an abort, no write waits to be sent again. Default: `signal`. */
  stopWaiting?: AbortSignal | undefined;
  onProgress?: (progress: ApplyProgress) => void;
  /** Called once, after the first write was sent. */
  onSent?: () => void;
  /**
   * The rules that `beforeWrite` checks. Default: the rules of the plan's policy. A rule about people needs all people.
   */
  rules?: readonly AccessRule[];
  limits?: Partial<ApplyLimits>;
  /** True if reader and writer use a sandbox that was filled from the snapshot. */
  dryRun?: boolean;
  /**
   * Called once with live state before the first write, to check guards and to keep the snapshot. An error stops the
   * run. Not called if there is nothing to send.
   */
  beforeWrite?: (live: Snapshot) => void | Promise<void>;
}
