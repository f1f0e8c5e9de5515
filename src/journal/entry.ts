import type { ChangeId } from '../plan/change-id.js';
import type { Grant } from '../model/grant.js';

/** Version of the journal's form; a journal of another one is refused. */
export const JOURNAL_FORMAT = 1;

/**
 * What a request of a change is for: the change itself, or giving a role that was just made the grants
 * it should have started with.
 */
export type SendStep = 'change' | 'start-grants';

/** How a change ended, as the outcome says it. */
export type SettledStatus = 'done' | 'already' | 'failed' | 'skipped' | 'unknown';

/** A role that is about to be made: all that a later run must know in order not to leave it half made. */
export interface CreateNote {
  name: string;
  description: string;
  /** What it starts with by the plan; sorted. */
  start: readonly Grant[];
  /** What it holds when the plan is through; sorted. */
  grants: readonly Grant[];
  /** Id of the last change that writes its grants; null where it only keeps its start. */
  grantsChange: ChangeId | null;
}

/** First entry of every journal: written before anything is sent. */
export interface BegunEntry {
  v: typeof JOURNAL_FORMAT;
  /** ISO 8601, UTC; in every entry. */
  at: string;
  kind: 'begun';
  runId: string;
  instance: string;
  /** The digest of the plan (`Plan.digest`): what a run may take up again. */
  plan: string;
  changes: number;
  /** Every role that was live before the first write: what bears a new id was made since. Sorted. */
  roleIds: readonly number[];
}

/** Flushed to disk before its request goes out. */
export interface AboutToSendEntry {
  v: typeof JOURNAL_FORMAT;
  at: string;
  kind: 'about-to-send';
  change: ChangeId;
  step: SendStep;
  /** Counts from 1; only a create is ever sent again, after looking. */
  attempt: number;
  /** For the request that makes a role; null for all others. */
  role: CreateNote | null;
}

/** What the instance said to it: no proof of anything. */
export interface AnsweredEntry {
  v: typeof JOURNAL_FORMAT;
  at: string;
  kind: 'answered';
  change: ChangeId;
  step: SendStep;
  attempt: number;
  said: 'yes' | 'no' | 'nothing';
  status: number | null;
  /** The id of a role that was made, where the answer names it. */
  roleId: number | null;
}

/** How a change ended, by reading back. Every change of a run that came to its end has one. */
export interface ConfirmedEntry {
  v: typeof JOURNAL_FORMAT;
  at: string;
  kind: 'confirmed';
  change: ChangeId;
  status: SettledStatus;
  /** For a role that was made: its id. */
  roleId: number | null;
  reason: string | null;
  because: ChangeId | null;
}

/** Last entry: the run came to its end, whatever that was. */
export interface FinishedEntry {
  v: typeof JOURNAL_FORMAT;
  at: string;
  kind: 'finished';
  /** True when somebody stopped it and changes were left. */
  interrupted: boolean;
}

/** One line of a journal. Holds no secret: no header, no token, no answer's body. */
export type JournalEntry = BegunEntry | AboutToSendEntry | AnsweredEntry | ConfirmedEntry | FinishedEntry;

/** An entry as one line, its line end included. */
export function entryLine(entry: JournalEntry): string {
  return `${JSON.stringify(entry)}\n`;
}
