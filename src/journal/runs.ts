import { join } from 'node:path';
import { firstDuplicate } from '../plan/change-id.js';
import { folderWord } from '../problem/folder-word.js';
import { problem, ProblemError } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import type { BegunEntry, JournalEntry } from './entry.js';
import { unusableFile } from './files.js';
import { readFirstLine, readTextFile } from './read-file.js';
import { RUN_FILES, runIds, runsFolder } from './folder.js';
import type { StateFolder } from './folder.js';
import { makesSameChanges } from './same-changes.js';
import type { PlanIdentity } from './same-changes.js';
import { readProbeRun } from './probe-run.js';
import type { ProbeRun } from './probe-run.js';
import { readEntries } from './read-entries.js';
import { replay, replayAll } from './replay.js';
import type { Replay } from './replay.js';
import { asRunId } from './run-id.js';
import type { RunId } from './run-id.js';

/** The state of a run. `interrupted`: it was stopped, or died. */
type RunState = 'nothing-written' | 'interrupted' | 'finished';

/** A run in a list. */
export interface RunInfo {
  id: RunId;
  /** A probe makes no lasting changes, so it is neither resumed nor rolled back. */
  kind: 'apply' | 'rollback' | 'probe';
  /** The run that a rollback undoes; null for the other kinds. */
  undoes: string | null;
  /** Null if nothing was written, or if the journal cannot be read. */
  instance: string | null;
  /** The time of the first entry. ISO 8601, UTC. */
  begunAt: string | null;
  /** The plan's digest. */
  plan: string | null;
  state: RunState;
  /** The number of changes in the plan, and how many of them are done or doubtful. */
  changes: number;
  done: number;
  doubtful: number;
  /** Why the run cannot be read; null otherwise. */
  problem: Problem | null;
}

/** The content of a run's folder. Documents are not validated. */
export interface StoredRun {
  id: RunId;
  path: string;
  plan: unknown;
  /** Live state before the first write; null if nothing was written. */
  before: unknown;
  /** Null if the run was interrupted. */
  outcome: unknown;
  entries: readonly JournalEntry[];
  replay: Replay;
}

/** Lists all runs, newest first. An unreadable run is listed with its problem. */
export async function listRuns(state: StateFolder): Promise<RunInfo[]> {
  const infos: RunInfo[] = [];
  for (const id of (await runIds(state)).reverse()) {
    try {
      const probe = await readProbeRun(state, id);
      infos.push(probe ? probeInfo(probe) : infoOf(id, replay(await entriesOf(state, id)), null));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      infos.push(infoOf(id, null, error.problems[0] ?? null));
    }
  }
  return infos;
}

/** Reads one run by an id from the user. Raises `no-such-run` or `bad-file`. */
export async function readRun(state: StateFolder, given: string): Promise<StoredRun> {
  const id = asRunId(given);
  if (id === null || !(await runIds(state)).includes(id)) {
    throw new ProblemError(
      problem('no-such-run', `there is no run ${JSON.stringify(given)}`, {
        where: { file: runsFolder(state) },
        hint: `domo-roles runs --state ${folderWord(state)} lists them`,
      }),
    );
  }
  const path = join(runsFolder(state), id);
  const entries = await entriesOf(state, id);
  return {
    id,
    path,
    plan: await readPlan(state, id),
    before: await readJson(join(path, RUN_FILES.before)),
    outcome: await readJson(join(path, RUN_FILES.outcome)),
    entries,
    replay: replay(entries),
  };
}

/**
 * Replays all earlier runs of this plan, for an apply that continues them; null if there are none. Raises `bad-file`
 * for an unreadable journal of this plan, because without it a change could be made twice.
 */
export async function readResume(state: StateFolder, plan: PlanIdentity): Promise<Replay | null> {
  const runs: JournalEntry[][] = [];
  for (const id of await runIds(state)) {
    const begun = await readFirstEntry(state, id);
    if (begun?.instance === plan.instance && (await isRunOf(plan, { state, id, begun })))
      runs.push(await entriesOf(state, id));
  }
  return runs.length > 0 ? replayAll(runs) : null;
}

interface BegunRun {
  state: StateFolder;
  id: RunId;
  begun: BegunEntry;
}

/**
 * Is this a run of the same plan? Plans from one manifest may have different digests and still make the same changes.
 */
async function isRunOf(plan: PlanIdentity, { state, id, begun }: BegunRun): Promise<boolean> {
  if (begun.plan === plan.digest) return true;
  if (begun.changes !== plan.changes.length) return false;
  const past = await readJson(join(runsFolder(state), id, RUN_FILES.plan)).catch(() => null);
  return makesSameChanges(past, plan);
}

/** Reads the first entry of a journal; null if there is none or it is invalid. */
export async function readFirstEntry(state: StateFolder, id: RunId): Promise<BegunEntry | null> {
  const path = join(runsFolder(state), id, RUN_FILES.journal);
  const line = await readFirstLine(path);
  if (line === null) return null;
  try {
    const [entry] = readEntries(`${line}\n`, path);
    return entry?.kind === 'begun' ? entry : null;
  } catch {
    return null;
  }
}

/** Reads the journal's entries; empty if nothing was written. */
export async function entriesOf(state: StateFolder, id: RunId): Promise<JournalEntry[]> {
  const path = join(runsFolder(state), id, RUN_FILES.journal);
  return readEntries((await readTextFile(path)) ?? '', path);
}

/**
 * Reads the plan of a run; null if it was not written. Raises `bad-file` if two of its changes have the same id,
 * because the journal refers to changes by id.
 */
export async function readPlan(state: StateFolder, id: RunId): Promise<unknown> {
  const path = join(runsFolder(state), id, RUN_FILES.plan);
  const plan = await readJson(path);
  const changes = (plan as { changes?: unknown } | null)?.changes;
  const list = Array.isArray(changes) ? (changes as ({ id?: unknown } | null)[]) : [];
  const twice = firstDuplicate(list.flatMap((change) => (typeof change?.id === 'string' ? [change.id] : [])));
  if (twice !== null)
    throw unusableFile(path, `two of its changes have the id ${JSON.stringify(twice)}`, null);
  return plan;
}

/** Reads a document of a run; null if it was not written. */
async function readJson(path: string): Promise<unknown> {
  const text = await readTextFile(path);
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw unusableFile(path, 'it is not JSON', cause);
  }
}

function probeInfo({ id, instance, begunAt, finished }: ProbeRun): RunInfo {
  const state = finished ? 'finished' : 'interrupted';
  return { ...infoOf(id, null, null), kind: 'probe', instance, begunAt, state };
}

function infoOf(id: RunId, found: Replay | null, unreadable: Problem | null): RunInfo {
  const begun = found?.begun ?? null;
  const undoes = begun?.undoes ?? null;
  const settled = begun === null && unreadable === null ? 'nothing-written' : 'interrupted';
  return {
    id,
    kind: undoes === null ? 'apply' : 'rollback',
    undoes,
    instance: begun?.instance ?? null,
    begunAt: begun?.at ?? null,
    plan: begun?.plan ?? null,
    state: begun !== null && found?.interrupted === false ? 'finished' : settled,
    changes: begun?.changes ?? 0,
    done: found?.done.length ?? 0,
    doubtful: found?.doubtful.length ?? 0,
    problem: unreadable,
  };
}
