import type { ChangeId } from '../plan/change-id.js';
import type { BegunEntry, CreateNote, JournalEntry, SettledStatus } from './entry.js';
import { readEntries } from './read-entries.js';

/** What one run, or several runs of one plan, did to one change. */
export interface ChangeTrace {
  /** Its request was about to go out, or went out, at least once. */
  sent: boolean;
  /** The grants a new role should have started with were about to be set, or were set. */
  startSent: boolean;
  /** The last request has no answer in the journal, or none that says anything. */
  unanswered: boolean;
  /** Null: the run stopped before it was known. */
  status: SettledStatus | null;
  /** Id of a role that was made, where the journal knows it. */
  roleId: number | null;
  create: CreateNote | null;
}

/** What journals prove, and what they leave open. */
export interface Replay {
  /** The first entry; of several journals, the newest one's. Null: nothing was sent. */
  begun: BegunEntry | null;
  /** Roles that were live before the first write of the first run. */
  roleIds: ReadonlySet<number>;
  /** Changes that a journal names; all others were never touched. */
  changes: ReadonlyMap<ChangeId, ChangeTrace>;
  /** Ids of changes: `done` or `already`. Sorted as the journal names them. */
  done: readonly ChangeId[];
  /** Sent, and not known what became of it: only looking settles these. */
  doubtful: readonly ChangeId[];
  /** Named, and neither done nor doubtful. */
  open: readonly ChangeId[];
  /** The (newest) run wrote its last entry. */
  finished: boolean;
  /** The (newest) run was stopped from outside, or died. */
  interrupted: boolean;
}

/**
 * Reads a journal's text. A last line that was cut off in writing is left out: its request never went out.
 * Raises `ProblemError` with `bad-file` for anything else that is no journal.
 */
export function replayText(text: string, where: string): Replay {
  return replay(readEntries(text, where));
}

/** What the entries of one run say. */
export function replay(entries: readonly JournalEntry[]): Replay {
  return replayAll([entries]);
}

/** What the entries of several runs of one plan say together, oldest run first. */
export function replayAll(runs: readonly (readonly JournalEntry[])[]): Replay {
  const changes = new Map<ChangeId, ChangeTrace>();
  const begun = runs.map((entries) => entries.find((entry) => entry.kind === 'begun'));
  for (const entries of runs) for (const entry of entries) note(changes, entry);

  const pick = (wanted: (trace: ChangeTrace) => boolean): ChangeId[] =>
    [...changes].filter(([, trace]) => wanted(trace)).map(([id]) => id);
  const last = runs.at(-1)?.find((entry) => entry.kind === 'finished');
  const newest = begun.at(-1) ?? null;
  return {
    begun: newest,
    roleIds: new Set(begun.find((entry) => entry !== undefined)?.roleIds ?? []),
    changes,
    done: pick(isDone),
    doubtful: pick(isDoubtful),
    open: pick((trace) => !isDone(trace) && !isDoubtful(trace)),
    finished: last !== undefined,
    interrupted: newest !== null && (last === undefined || last.interrupted),
  };
}

function isDone(trace: ChangeTrace): boolean {
  return trace.status === 'done' || trace.status === 'already';
}

function isDoubtful(trace: ChangeTrace): boolean {
  return trace.sent && (trace.status === null || trace.status === 'unknown');
}

function note(changes: Map<ChangeId, ChangeTrace>, entry: JournalEntry): void {
  if (entry.kind === 'begun' || entry.kind === 'finished') return;
  const trace = changes.get(entry.change) ?? untouched();
  changes.set(entry.change, trace);
  switch (entry.kind) {
    case 'about-to-send':
      trace.sent = true;
      trace.startSent ||= entry.step === 'start-grants';
      trace.unanswered = true;
      // A later run opens again what an earlier one had settled.
      trace.status = null;
      trace.create = entry.role ?? trace.create;
      break;
    case 'answered':
      trace.unanswered = entry.said === 'nothing';
      trace.roleId = entry.roleId ?? trace.roleId;
      break;
    case 'confirmed':
      // A later run that skipped a change has not undone what an earlier one had sent.
      if (entry.status !== 'skipped' || !trace.sent) trace.status = entry.status;
      trace.roleId = entry.roleId ?? trace.roleId;
      break;
  }
}

function untouched(): ChangeTrace {
  return { sent: false, startSent: false, unanswered: false, status: null, roleId: null, create: null };
}
