import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonLine } from '../model/json-text.js';
import { throwawayRoles } from '../model/throwaway-role.js';
import type { ProbeNote, ThrowawayRole } from '../model/throwaway-role.js';
import { assertInPlace, openPrivateFolder, openNewFile, unusableFile } from './files.js';
import { readTextFile } from './read-file.js';
import { createRunFolder, openState, orRemoveRun, runIds, runsFolder } from './folder.js';
import type { StateFolder } from './folder.js';
import type { RunId, RunNaming } from './run-id.js';

/** The journal of a probe. It has another name than that of an apply, so that the two cannot be confused. */
const PROBE_JOURNAL = 'probe.jsonl';

/** Version of the format of a probe's journal. */
const PROBE_JOURNAL_FORMAT = 1;

/** First entry, written before anything is sent. */
interface ProbeBegun {
  kind: 'begun';
  runId: string;
  instance: string;
  /** The address of the instance, or the folder of the sandbox. */
  address: string;
}

type ProbeEntry = ProbeBegun | ProbeNote | { kind: 'finished' };

/** A line of a probe's journal. */
type ProbeLine = ProbeEntry & { v: number; at: string };

/** The open journal of a probe in progress. */
interface ProbeJournal {
  id: RunId;
  /** Resolves once the entry is on the disk. */
  append(entry: ProbeNote | { kind: 'finished' }): Promise<void>;
  close(): Promise<void>;
}

/** A probe in the folder of runs. */
export interface ProbeRun {
  id: RunId;
  instance: string;
  address: string;
  /** ISO 8601, UTC. */
  begunAt: string;
  finished: boolean;
  roles: readonly ThrowawayRole[];
}

/** Opens the folder of a new probe and writes the first entry. */
export async function openProbeRun(
  state: StateFolder,
  { instance, address }: { instance: string; address: string },
  naming: RunNaming & { time: () => string },
): Promise<ProbeJournal> {
  await openState(state);
  await openPrivateFolder(runsFolder(state));
  const { id, path } = await createRunFolder(state, naming);
  const file = join(path, PROBE_JOURNAL);
  const appendTo = async (journal: FileHandle, entry: ProbeEntry): Promise<void> => {
    const line = { v: PROBE_JOURNAL_FORMAT, at: naming.time(), ...entry };
    await assertInPlace(journal, file);
    try {
      await journal.appendFile(jsonLine(line));
      await journal.datasync();
    } catch (error) {
      throw unusableFile(file, 'it cannot be written', error);
    }
  };
  const journal = await orRemoveRun({ path, files: [PROBE_JOURNAL] }, async () => {
    const opened = await openNewFile(file);
    await appendTo(opened, { kind: 'begun', runId: id, instance, address }).catch(async (error: unknown) => {
      await opened.close().catch(() => undefined);
      throw error;
    });
    return opened;
  });
  return { id, append: (entry) => appendTo(journal, entry), close: () => journal.close() };
}

/** All probes whose journals can be read, oldest first. */
export async function probeRuns(state: StateFolder): Promise<ProbeRun[]> {
  const found = await Promise.all((await runIds(state)).map((id) => readProbeRun(state, id)));
  return found.filter((run) => run !== null);
}

/** Reads one probe; null for another kind of run, or without a valid first entry. */
export async function readProbeRun(state: StateFolder, id: RunId): Promise<ProbeRun | null> {
  const text = await readTextFile(join(runsFolder(state), id, PROBE_JOURNAL));
  if (text === null) return null;
  // An incomplete last line was cut off, and its request was never sent.
  const lines = text.split('\n').slice(0, -1).map(parseLine);
  const [first] = lines;
  if (first?.kind !== 'begun') return null;
  // Roles in unreadable lines are reported and never deleted.
  const notes = lines.flatMap((line) =>
    line === null || line.kind === 'begun' || line.kind === 'finished' ? [] : [line],
  );
  const { instance, address, at } = first;
  const finished = lines.at(-1)?.kind === 'finished';
  return { id, instance, address, begunAt: at, finished, roles: throwawayRoles(notes) };
}

function parseLine(text: string): ProbeLine | null {
  try {
    const line: unknown = JSON.parse(text);
    return isProbeLine(line) ? line : null;
  } catch {
    return null;
  }
}

function isProbeLine(value: unknown): value is ProbeLine {
  if (typeof value !== 'object' || value === null) return false;
  const line = value as Partial<Record<string, unknown>>;
  const isText = (key: string): boolean => typeof line[key] === 'string';
  const isId = Number.isSafeInteger(line['roleId']);
  if (line['v'] !== PROBE_JOURNAL_FORMAT || !isText('at')) return false;
  switch (line['kind']) {
    case 'begun':
      return isText('instance') && isText('address');
    case 'creating':
      return isText('name');
    case 'created':
    case 'renaming':
      return isText('name') && isId;
    default:
      return line['kind'] === 'finished';
  }
}
