import type { ChangeId } from '../plan/change-id.js';
import type { Grant } from '../model/grant.js';
import type { OutcomeRunId } from './run-id.js';
import type { RoleId } from '../model/ids.js';

/** Version of the journal's format; a journal of another version is refused. */
export const JOURNAL_FORMAT = 1;

/**
 * What a request of a change is for: the change itself, or setting the grants that a role should have started with
 * when it was created.
 */
export type SendStep = 'change' | 'start-grants';

/** How a change ended, as in the outcome. */
export type SettledStatus = 'done' | 'already' | 'failed' | 'skipped' | 'unknown';

/** A role that is about to be created: what a later run needs to complete it. */
export interface CreateNote {
  name: string;
  description: string;
  /** The grants that it starts with by the plan; sorted. */
  start: readonly Grant[];
  /** The grants that it holds after the whole plan; sorted. */
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
  runId: OutcomeRunId;
  instance: string;
  /** The digest of the plan (`Plan.digest`): a later run of the same plan continues this one. */
  plan: string;
  changes: number;
  /** Every role that was live before the first write: a role with another id was created since. Sorted. */
  roleIds: readonly RoleId[];
}

/** Flushed to disk before its request goes out. */
export interface AboutToSendEntry {
  v: typeof JOURNAL_FORMAT;
  at: string;
  kind: 'about-to-send';
  change: ChangeId;
  step: SendStep;
  /** Counts from 1; only a create is ever sent again, after its name was looked for. */
  attempt: number;
  /** For the request that creates a role; null for all others. */
  role: CreateNote | null;
}

/** The response of the server, which proves nothing. */
export interface AnsweredEntry {
  v: typeof JOURNAL_FORMAT;
  at: string;
  kind: 'answered';
  change: ChangeId;
  step: SendStep;
  attempt: number;
  said: 'yes' | 'no' | 'nothing';
  status: number | null;
  /** The id of a role that was created, where the response has it. */
  roleId: RoleId | null;
}

/** How a change ended, by reading back. Every change of a completed run has one. */
export interface ConfirmedEntry {
  v: typeof JOURNAL_FORMAT;
  at: string;
  kind: 'confirmed';
  change: ChangeId;
  status: SettledStatus;
  /** For a role that was created: its id. */
  roleId: RoleId | null;
  reason: string | null;
  because: ChangeId | null;
}

/** Last entry: the run ended, with or without failures. */
export interface FinishedEntry {
  v: typeof JOURNAL_FORMAT;
  at: string;
  kind: 'finished';
  /** True where it was stopped and changes were left. */
  interrupted: boolean;
}

/** One line of a journal. Holds no secret: no header, no token, no answer's body. */
export type JournalEntry = BegunEntry | AboutToSendEntry | AnsweredEntry | ConfirmedEntry | FinishedEntry;

/** An entry as one line, its line end included. */
export function entryLine(entry: JournalEntry): string {
  return `${JSON.stringify(entry)}\n`;
}
