import type { ChangeId } from '../plan/change-id.js';
import type { BegunEntry, CreateNote, JournalEntry, SettledStatus } from './entry.js';
import type { RoleId } from '../model/ids.js';

/** What one run, or several runs of one plan, did to one change. */
export interface ChangeTrace {
  /** Its request was about to go out, or went out, at least once. */
  sent: boolean;
  /** The grants that a new role should have started with were about to be set, or were set. */
  startSent: boolean;
  /** The last request has no response in the journal. */
  unanswered: boolean;
  /** Null: the run stopped before it was known. */
  status: SettledStatus | null;
  /** Id of a role that was created, where the journal has it. */
  roleId: RoleId | null;
  create: CreateNote | null;
}

/** What the journals of one plan record, taken together. */
export interface Replay {
  /** The first entry; of several journals, the newest one's. Null: nothing was sent. */
  begun: BegunEntry | null;
  /** Roles that were live before the first write of the first run. */
  roleIds: ReadonlySet<RoleId>;
  /** Changes that a journal names; all others were never touched. */
  changes: ReadonlyMap<ChangeId, ChangeTrace>;
  /** Ids of changes that are `done` or `already`, in the journal's order. */
  done: readonly ChangeId[];
  /** Sent, without a known result: only reading the instance settles these. */
  doubtful: readonly ChangeId[];
  /** All others that the journal names. */
  open: readonly ChangeId[];
  /** The (newest) run wrote its last entry. */
  finished: boolean;
  /** The (newest) run was stopped from outside, or died. */
  interrupted: boolean;
}

/** What the entries of one run record. */
export function replay(entries: readonly JournalEntry[]): Replay {
  return replayAll([entries]);
}

/** What the entries of several runs of one plan record together, oldest run first. */
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
      // A later run sends again what an earlier one had settled.
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
