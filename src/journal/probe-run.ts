import { join } from 'node:path';
import { throwawayRoles } from '../model/throwaway-role.js';
import type { ProbeNote, ThrowawayRole } from '../model/throwaway-role.js';
import { openOwnFolder, openNew, readWhole, unusable } from './files.js';
import { makeRunFolder, openState, runIds, runsFolder } from './folder.js';
import type { StateFolder } from './folder.js';
import type { RunId, RunNaming } from './run-id.js';

/** The journal of a probe: another file than that of an apply, so that nothing takes one for the other. */
export const PROBE_JOURNAL = 'probe.jsonl';

/** Version of the form of a probe's journal. */
const PROBE_JOURNAL_FORMAT = 1;

/** First entry: before anything is sent. */
interface ProbeBegun {
  kind: 'begun';
  runId: string;
  instance: string;
  /** What is written to: the instance's address, or the sandbox's folder. */
  address: string;
}

type ProbeEntry = ProbeBegun | ProbeNote | { kind: 'finished' };

/** A line of a probe's journal. */
type ProbeLine = ProbeEntry & { v: number; at: string };

/** The open journal of a probe under way. */
export interface ProbeJournal {
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

/** Opens the folder of a probe, with its first entry in it. */
export async function openProbeRun(
  state: StateFolder,
  { instance, address }: { instance: string; address: string },
  naming: RunNaming & { time: () => string },
): Promise<ProbeJournal> {
  await openState(state);
  await openOwnFolder(runsFolder(state));
  const { id, path } = await makeRunFolder(state, naming);
  const file = join(path, PROBE_JOURNAL);
  const journal = await openNew(file);
  const append = async (entry: ProbeEntry): Promise<void> => {
    const line = { v: PROBE_JOURNAL_FORMAT, at: naming.time(), ...entry };
    try {
      await journal.appendFile(`${JSON.stringify(line)}\n`);
      await journal.datasync();
    } catch (error) {
      throw unusable(file, 'it cannot be written', error);
    }
  };
  await append({ kind: 'begun', runId: id, instance, address });
  return { id, append, close: () => journal.close() };
}

/** All probes whose journals can be read, oldest first. */
export async function probeRuns(state: StateFolder): Promise<ProbeRun[]> {
  const found = await Promise.all((await runIds(state)).map((id) => readProbeRun(state, id)));
  return found.filter((run) => run !== null);
}

/** One probe; null for a run of another kind, and for a journal that is not a probe's. */
export async function readProbeRun(state: StateFolder, id: RunId): Promise<ProbeRun | null> {
  const text = await readWhole(join(runsFolder(state), id, PROBE_JOURNAL));
  if (text === null) return null;
  // A last line without its end was cut off in writing: what it notes was never sent.
  const lines = text.split('\n').slice(0, -1).map(lineIn);
  const [first] = lines;
  if (first?.kind !== 'begun') return null;
  // Names in unreadable lines have no owner: their roles are reported and never deleted.
  const notes = lines.flatMap((line) =>
    line === null || line.kind === 'begun' || line.kind === 'finished' ? [] : [line],
  );
  const { instance, address, at } = first;
  const finished = lines.at(-1)?.kind === 'finished';
  return { id, instance, address, begunAt: at, finished, roles: throwawayRoles(notes) };
}

function lineIn(text: string): ProbeLine | null {
  try {
    const line = JSON.parse(text) as Partial<Record<string, unknown>> | null;
    return line?.['v'] === PROBE_JOURNAL_FORMAT && isEntry(line) ? (line as unknown as ProbeLine) : null;
  } catch {
    return null;
  }
}

function isEntry(line: Partial<Record<string, unknown>>): boolean {
  const isText = (key: string): boolean => typeof line[key] === 'string';
  const isId = Number.isSafeInteger(line['roleId']);
  if (!isText('at')) return false;
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
