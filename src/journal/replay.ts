import type { ChangeId } from '../plan/change-id.js';
import { isCompleted } from './entry.js';
import type { BegunEntry, ChangeStatus, CreateNote, JournalEntry } from './entry.js';
import type { RoleId } from '../model/ids.js';

/** What one or several runs of a plan did with one change. */
export interface ChangeTrace {
  /** A request was sent, or was about to be sent. */
  sent: boolean;
  /** Null if the run stopped before the result was known. */
  status: ChangeStatus | null;
  /** Id of a role that was created; null if the journal does not have it. */
  roleId: RoleId | null;
  create: CreateNote | null;
}

/** The combined content of the journals of one plan. */
export interface Replay {
  /** The first entry of the newest journal; null if nothing was sent. */
  begun: BegunEntry | null;
  /** Roles that were live before the first write of the first run. */
  roleIds: ReadonlySet<RoleId>;
  /** Changes that the journals contain. Nothing was sent for any other change. */
  changes: ReadonlyMap<ChangeId, ChangeTrace>;
  /** Ids of changes that are `done` or `already`, in journal order. */
  done: readonly ChangeId[];
  /** Ids of changes that were sent without a known result. The instance must be read to resolve them. */
  doubtful: readonly ChangeId[];
  /** Ids of all other changes that the journals contain. */
  open: readonly ChangeId[];
  /** The newest run wrote its last entry. */
  finished: boolean;
  /** The newest run was stopped, or died. */
  interrupted: boolean;
}

/** Replays the journal of one run. */
export function replay(entries: readonly JournalEntry[]): Replay {
  return replayAll([entries]);
}

/** Replays the journals of several runs of one plan, oldest first. */
export function replayAll(runs: readonly (readonly JournalEntry[])[]): Replay {
  const changes = new Map<ChangeId, ChangeTrace>();
  const begun = runs.map((entries) => entries.find((entry) => entry.kind === 'begun'));
  for (const entries of runs) for (const entry of entries) applyEntry(changes, entry);

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

function isDone({ status }: ChangeTrace): boolean {
  return isCompleted(status);
}

function isDoubtful(trace: ChangeTrace): boolean {
  return trace.sent && (trace.status === null || trace.status === 'unknown');
}

function applyEntry(changes: Map<ChangeId, ChangeTrace>, entry: JournalEntry): void {
  if (entry.kind === 'begun' || entry.kind === 'finished') return;
  const trace = changes.get(entry.change) ?? emptyTrace();
  changes.set(entry.change, trace);
  switch (entry.kind) {
    case 'about-to-send':
      trace.sent = true;
      // A later run may send a change again that an earlier run had settled.
      trace.status = null;
      trace.create = entry.role ?? trace.create;
      break;
    case 'answered':
      trace.roleId = entry.roleId ?? trace.roleId;
      break;
    case 'confirmed':
      // A skip does not undo a change that an earlier run sent.
      if (entry.status !== 'skipped' || !trace.sent) trace.status = entry.status;
      trace.roleId = entry.roleId ?? trace.roleId;
      break;
  }
}

function emptyTrace(): ChangeTrace {
  return { sent: false, status: null, roleId: null, create: null };
}
