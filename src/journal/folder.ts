import { lstat, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonText } from '../model/json-text.js';
import { byCodeUnit } from '../model/sort.js';
import type { Snapshot } from '../model/snapshot.js';
import { digestOf } from '../plan/digest.js';
import type { Plan } from '../plan/plan.js';
import { entryLine } from './entry.js';
import type { JournalEntry } from './entry.js';
import { asRunId, newRunId } from './run-id.js';
import type { RunId, RunNaming } from './run-id.js';
import type { ProblemError } from '../problem/problem.js';
import { nullIfAbsent, systemCodeOf } from '../problem/system-error.js';
import {
  assertInPlace,
  removeFile,
  createFolder,
  openNewFile,
  openPrivateFolder,
  unusableFile,
  writeAtomically,
} from './files.js';

/** The path of the folder with runs and locks. Created on the first write. */
export type StateFolder = string;

/** The files of a run's folder. */
export const RUN_FILES = {
  plan: 'plan.json',
  before: 'before.json',
  journal: 'journal.jsonl',
  outcome: 'outcome.json',
} as const;

/** The folder of a run in progress, which is also the journal of its apply. */
export interface RunFolder {
  id: RunId;
  path: string;
  /** Resolves once the entry is on the disk. Adds the digest of the live state to the first entry. */
  append(entry: JournalEntry): Promise<void>;
  /** Writes the live state before the first write. */
  writeBefore(snapshot: Snapshot): Promise<void>;
  /** Writes an outcome document unchanged. */
  writeOutcome(outcome: object): Promise<void>;
  close(): Promise<void>;
  /** Deletes the folder of a run that was refused before its first write. */
  discard(): Promise<void>;
}

/** The folder that holds the runs. */
export function runsFolder(state: StateFolder): string {
  return join(state, 'runs');
}

/**
 * Ids of the runs, oldest first. Any other folder is ignored. Raises `bad-file` for a folder that cannot be read: it may
 * hold an interrupted run.
 */
export async function runIds(state: StateFolder): Promise<RunId[]> {
  const path = runsFolder(state);
  const found = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw unusableFile(path, 'it cannot be read', error);
  });
  return found.flatMap((one) => (one.isDirectory() ? (asRunId(one.name) ?? []) : [])).sort(byCodeUnit);
}

/**
 * Opens the folder of a new run, with its plan and an empty journal. Only the owner can access the folders, and links
 * in the state folder are not followed.
 */
export async function openRun(state: StateFolder, plan: Plan, naming: RunNaming): Promise<RunFolder> {
  await openRuns(state);
  const { id, path } = await createRunFolder(state, naming);
  const files = Object.values(RUN_FILES);
  const journal = await orRemoveRun({ path, files }, async () => {
    await writeAtomically(join(path, RUN_FILES.plan), toText(plan));
    return openNewFile(join(path, RUN_FILES.journal));
  });

  let open = true;
  let before: string | null = null;
  // Entries of concurrent requests are queued and flushed together. After a failure, all later entries fail too.
  let last: Promise<void> = Promise.resolve();
  const waiting: string[] = [];
  const unwritable = (error: unknown): ProblemError =>
    unusableFile(join(path, RUN_FILES.journal), 'it cannot be written', error);
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    await assertInPlace(journal, join(path, RUN_FILES.journal));
    await journal.appendFile(waiting.splice(0).join('')).catch((error: unknown) => {
      throw unwritable(error);
    });
    // Some file systems report a full disk only here.
    await journal.datasync().catch((error: unknown) => {
      throw unwritable(error);
    });
  };
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    await last.catch(() => undefined);
    await journal.close();
  };
  return {
    id,
    path,
    append(entry) {
      waiting.push(entryLine(entry.kind === 'begun' && before !== null ? { ...entry, before } : entry));
      last = last.then(flush);
      return last;
    },
    async writeBefore(snapshot) {
      await writeAtomically(join(path, RUN_FILES.before), toText(snapshot));
      before = digestOf(snapshot);
    },
    writeOutcome: (outcome) => writeAtomically(join(path, RUN_FILES.outcome), toText(outcome)),
    close,
    async discard() {
      await close();
      await removeRun({ path, files });
    },
  };
}

/** The folder of a run, with the names of the files that it may hold. */
interface RunFiles {
  path: string;
  files: readonly string[];
}

/** Begins the record of a run. If that fails, nothing was sent: the folder is deleted, so that retries leave none behind. */
export async function orRemoveRun<T>(run: RunFiles, begin: () => Promise<T>): Promise<T> {
  try {
    return await begin();
  } catch (error) {
    await removeRun(run).catch(() => undefined);
    throw error;
  }
}

async function removeRun({ path, files }: RunFiles): Promise<void> {
  for (const file of files) await removeFile(join(path, file));
  await rmdir(path);
}

/** Creates the state folder, with a `.gitignore`, because runs contain names of people. */
export async function openState(state: StateFolder): Promise<void> {
  await openPrivateFolder(state);
  const ignore = join(state, '.gitignore');
  const found = await lstat(ignore)
    .catch(nullIfAbsent)
    .catch((error: unknown) => {
      throw unusableFile(ignore, 'it cannot be read', error);
    });
  if (found === null) await writeAtomically(ignore, '*\n');
}

/** Creates the state folder and the folder of its runs. */
export async function openRuns(state: StateFolder): Promise<void> {
  await openState(state);
  await openPrivateFolder(runsFolder(state));
}

/** Creates the folder of a run under a unique name. */
export async function createRunFolder(
  state: StateFolder,
  naming: RunNaming,
): Promise<{ id: RunId; path: string }> {
  for (;;) {
    const id = newRunId(naming);
    const path = join(runsFolder(state), id);
    if (await createFolder(path)) return { id, path };
  }
}

function toText(value: unknown): string {
  return jsonText(value);
}
