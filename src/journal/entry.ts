import type { ChangeId } from '../plan/change-id.js';
import type { Grant } from '../model/grant.js';
import { jsonLine } from '../model/json-text.js';
import type { OutcomeRunId } from './run-id.js';
import type { RoleId } from '../model/ids.js';

/** Version of the journal's format; a journal of another version is refused. */
export const JOURNAL_FORMAT = 1;

/**
 * The purpose of a request: to make the change itself, or to set the start grants of a new role.
 */
export type SendStep = 'change' | 'start-grants';

/** Every status of a change, in the order of reports. */
export const CHANGE_STATUSES = ['done', 'already', 'failed', 'skipped', 'unknown'] as const;

/**
 * The result of a change, confirmed by reading back. `already`: its effect was live before anything was sent.
 * `skipped`: not sent, because of another change or because the run stopped. `unknown`: sent, but not readable
 * afterwards.
 */
export type ChangeStatus = (typeof CHANGE_STATUSES)[number];

/** Is the effect of a change live according to its status? Null: the run stopped before the result was known. */
export function isCompleted(status: ChangeStatus | null): boolean {
  return status === 'done' || status === 'already';
}

/** A role that is about to be created, with what a later run needs to complete it. */
export interface CreateNote {
  name: string;
  description: string;
  /** The planned start grants. Sorted. */
  start: readonly Grant[];
  /** The grants after the whole plan. Sorted. */
  grants: readonly Grant[];
  /** Id of the last change that writes its grants; null if it keeps its start grants. */
  grantsChange: ChangeId | null;
}

/** First entry of every journal, written before anything is sent. */
export interface BegunEntry {
  v: typeof JOURNAL_FORMAT;
  /** ISO 8601, UTC; in every entry. */
  at: string;
  kind: 'begun';
  runId: OutcomeRunId;
  instance: string;
  /** The digest of the plan (`Plan.digest`), by which a later run of the same plan continues this one. */
  plan: string;
  changes: number;
  /** Ids of the roles that were live before the first write. Sorted. */
  roleIds: readonly RoleId[];
  /** The digest of `before.json`. Absent if that was not written, and in the journals of earlier versions. */
  before?: string;
  /** The run that this one undoes; absent for an apply. */
  undoes?: string;
}

/** Flushed to disk before its request is sent. */
export interface AboutToSendEntry {
  v: typeof JOURNAL_FORMAT;
  at: string;
  kind: 'about-to-send';
  change: ChangeId;
  step: SendStep;
  /** Starts at 1. Only a create is sent again, after a search for its name. */
  attempt: number;
  /** The role of a request that creates one; null otherwise. */
  role: CreateNote | null;
}

/** The response of the server. */
export interface AnsweredEntry {
  v: typeof JOURNAL_FORMAT;
  at: string;
  kind: 'answered';
  change: ChangeId;
  step: SendStep;
  attempt: number;
  said: 'yes' | 'no' | 'nothing';
  status: number | null;
  /** The id of a new role, if the response contains it. */
  roleId: RoleId | null;
}

/** The result of a change, confirmed by reading back. Every change of a completed run has one. */
export interface ConfirmedEntry {
  v: typeof JOURNAL_FORMAT;
  at: string;
  kind: 'confirmed';
  change: ChangeId;
  status: ChangeStatus;
  /** The id of a role that was created; null otherwise. */
  roleId: RoleId | null;
  reason: string | null;
  because: ChangeId | null;
}

/** Last entry: the run ended, with or without failures. */
export interface FinishedEntry {
  v: typeof JOURNAL_FORMAT;
  at: string;
  kind: 'finished';
  /** True if the run was stopped before all changes were sent. */
  interrupted: boolean;
}

/** One line of a journal. Contains no headers, tokens or response bodies, so no secrets. */
export type JournalEntry = BegunEntry | AboutToSendEntry | AnsweredEntry | ConfirmedEntry | FinishedEntry;

/** Formats an entry as one line, with its line end. */
export function entryLine(entry: JournalEntry): string {
  return jsonLine(entry);
}
