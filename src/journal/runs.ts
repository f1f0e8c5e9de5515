import { join } from 'node:path';
import { firstDuplicate } from '../plan/change-id.js';
import { problem, ProblemError } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import type { BegunEntry, JournalEntry } from './entry.js';
import { readFirstLine, readWhole, unusable } from './files.js';
import { RUN_FILES, runIds, runsFolder } from './folder.js';
import type { StateFolder } from './folder.js';
import { isSameWork } from './same-work.js';
import type { PlanIdentity } from './same-work.js';
import { readProbeRun } from './probe-run.js';
import type { ProbeRun } from './probe-run.js';
import { readEntries } from './read-entries.js';
import { replay, replayAll } from './replay.js';
import type { Replay } from './replay.js';
import { asRunId } from './run-id.js';
import type { RunId } from './run-id.js';

/** The state of a run: it wrote nothing, it died or was stopped, or it ended by itself. */
export type RunState = 'nothing-written' | 'interrupted' | 'finished';

/** A run as lists show it. */
export interface RunInfo {
  id: RunId;
  /** A probe changes nothing that stays: it is neither resumed nor rolled back. */
  kind: 'apply' | 'probe';
  /** Null where nothing was written, or the journal cannot be read. */
  instance: string | null;
  /** ISO 8601, UTC: the time of the journal's first entry. */
  begunAt: string | null;
  /** The plan's digest. */
  plan: string | null;
  state: RunState;
  /** Changes of the plan, and how many of them are done or in doubt by the journal. */
  changes: number;
  done: number;
  doubtful: number;
  /** Why it cannot be read; null for all others. */
  problem: Problem | null;
}

/** The contents of a run's folder. Documents as they were written; their readers check them. */
export interface StoredRun {
  id: RunId;
  path: string;
  plan: unknown;
  /** Live state before the first write; null where nothing was written. */
  before: unknown;
  /** Null where the run did not end by itself. */
  outcome: unknown;
  entries: readonly JournalEntry[];
  replay: Replay;
}

/** All runs, newest first. A run that cannot be read is listed with its problem. */
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

/** All of one run, by the id that a user gave. Raises `no-such-run` or `bad-file`. */
export async function readRun(state: StateFolder, given: string): Promise<StoredRun> {
  const id = asRunId(given);
  if (id === null || !(await runIds(state)).includes(id)) {
    throw new ProblemError(
      problem('no-such-run', `there is no run ${JSON.stringify(given)}`, {
        where: { file: runsFolder(state) },
        hint: 'domo-roles runs lists them',
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
 * What all earlier runs of this plan did, for an apply that continues them; null where there was none. A journal
 * of this plan that cannot be read is an error: without it something might be done twice.
 */
export async function resumeOf(state: StateFolder, plan: PlanIdentity): Promise<Replay | null> {
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

/** A run of the same file has the same digest. A run from the manifest may have another one, and do the same. */
async function isRunOf(plan: PlanIdentity, { state, id, begun }: BegunRun): Promise<boolean> {
  if (begun.plan === plan.digest) return true;
  if (begun.changes !== plan.changes.length) return false;
  const past = await readJson(join(runsFolder(state), id, RUN_FILES.plan)).catch(() => null);
  return isSameWork(past, plan);
}

/** The first entry alone; null where there is none that can be read. */
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

/** The journal's entries; none where nothing was written. */
export async function entriesOf(state: StateFolder, id: RunId): Promise<JournalEntry[]> {
  const path = join(runsFolder(state), id, RUN_FILES.journal);
  return readEntries((await readWhole(path)) ?? '', path);
}

/**
 * The plan of a run; null where it was not written. Raises `bad-file` where two of its changes have one id,
 * since the journal names changes by their ids.
 */
export async function readPlan(state: StateFolder, id: RunId): Promise<unknown> {
  const path = join(runsFolder(state), id, RUN_FILES.plan);
  const plan = await readJson(path);
  const changes = (plan as { changes?: unknown } | null)?.changes;
  const list = Array.isArray(changes) ? (changes as ({ id?: unknown } | null)[]) : [];
  const twice = firstDuplicate(list.flatMap((change) => (typeof change?.id === 'string' ? [change.id] : [])));
  if (twice !== null) throw unusable(path, `two of its changes have the id ${JSON.stringify(twice)}`, null);
  return plan;
}

/** A document of a run; null where it was not written. */
async function readJson(path: string): Promise<unknown> {
  const text = await readWhole(path);
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw unusable(path, 'it is not JSON', cause);
  }
}

function probeInfo({ id, instance, begunAt, finished }: ProbeRun): RunInfo {
  const state = finished ? 'finished' : 'interrupted';
  return { ...infoOf(id, null, null), kind: 'probe', instance, begunAt, state };
}

function infoOf(id: RunId, found: Replay | null, unreadable: Problem | null): RunInfo {
  const begun = found?.begun ?? null;
  const settled = begun === null && unreadable === null ? 'nothing-written' : 'interrupted';
  return {
    id,
    kind: 'apply',
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
