import { lstat, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from '../model/snapshot.js';
import type { Plan } from '../plan/plan.js';
import { entryLine } from './entry.js';
import type { JournalEntry } from './entry.js';
import type { ProblemError } from '../problem/problem.js';
import { removeFile, newFolder, openNew, openOwnFolder, unusable, writeWhole } from './files.js';

/** Where runs and locks are kept, as handed in; made when first written to. */
export type StateFolder = string;

/** The files of a run's folder. */
export const RUN_FILES = {
  plan: 'plan.json',
  before: 'before.json',
  journal: 'journal.jsonl',
  outcome: 'outcome.json',
} as const;

/** What makes a run's name: the time in milliseconds since the epoch, and chance. */
export interface RunNaming {
  now: number;
  /** Six or more letters or digits, new at each call. */
  random: () => string;
}

/** The open folder of a run under way. It is an apply's journal. */
export interface RunFolder {
  id: string;
  path: string;
  /** Resolves once the entry is on the disk. */
  append(entry: JournalEntry): Promise<void>;
  /** The live state before the first write. */
  writeBefore(snapshot: Snapshot): Promise<void>;
  /** Any outcome document; the folder does not look into it. */
  writeOutcome(outcome: object): Promise<void>;
  close(): Promise<void>;
  /** Takes the folder away again: for a run that was refused before it wrote anything. */
  discard(): Promise<void>;
}

/** What a run's name looks like: sorted by name they are sorted by time. */
export const RUN_ID = /^\d{8}T\d{9}Z-[0-9a-z]{6,32}$/u;

/** The folder that holds the runs. */
export function runsFolder(state: StateFolder): string {
  return join(state, 'runs');
}

/**
 * Opens the folder of a new run, with its plan in it and an empty journal. Folders are their owner's
 * alone; nothing in the state folder is reached through a link.
 */
export async function openRun(state: StateFolder, plan: Plan, naming: RunNaming): Promise<RunFolder> {
  await ownState(state);
  await openOwnFolder(runsFolder(state));
  const { id, path } = await nameRun(state, naming);
  await writeWhole(join(path, RUN_FILES.plan), toText(plan));
  const journal = await openNew(join(path, RUN_FILES.journal));

  let open = true;
  // Entries of requests in flight at once queue up here, and those that wait for the disk go out together. A
  // failed one fails all that follow.
  let last: Promise<void> = Promise.resolve();
  const waiting: string[] = [];
  const unwritable = (error: unknown): ProblemError =>
    unusable(join(path, RUN_FILES.journal), 'it cannot be written', error);
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    await journal.appendFile(waiting.splice(0).join('')).catch((error: unknown) => {
      throw unwritable(error);
    });
    // Some file systems find out only here that the disk is full.
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
      waiting.push(entryLine(entry));
      last = last.then(flush);
      return last;
    },
    writeBefore: (snapshot) => writeWhole(join(path, RUN_FILES.before), toText(snapshot)),
    writeOutcome: (outcome) => writeWhole(join(path, RUN_FILES.outcome), toText(outcome)),
    close,
    async discard() {
      await close();
      for (const file of Object.values(RUN_FILES)) await removeFile(join(path, file));
      await rmdir(path);
    },
  };
}

/** Makes the state folder, with a file in it that keeps it out of git: it names people. */
export async function ownState(state: StateFolder): Promise<void> {
  await openOwnFolder(state);
  const ignore = join(state, '.gitignore');
  const found = await lstat(ignore).catch(() => null);
  if (found === null) await writeWhole(ignore, '*\n');
}

async function nameRun(
  state: StateFolder,
  { now, random }: RunNaming,
): Promise<{ id: string; path: string }> {
  const time = new Date(now).toISOString().replace(/[-:.]/gu, '');
  for (;;) {
    const id = `${time}-${random()}`;
    if (!RUN_ID.test(id)) throw new TypeError(`not a name for a run: ${id}`);
    const path = join(runsFolder(state), id);
    if (await newFolder(path)) return { id, path };
  }
}

function toText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
