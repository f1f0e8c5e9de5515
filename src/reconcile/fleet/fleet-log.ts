import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { FLEET_FILES } from '../../fleet/document.js';
import type { FleetCommand, FleetDocument, FleetRow, FleetSelection } from '../../fleet/document.js';
import { makeFleetDocument } from '../../fleet/make-document.js';
import { isInPlace, unusableFile } from '../../journal/files.js';
import { readFirstLine, readTextFile } from '../../journal/read-file.js';
import { realPathOrSame } from '../../manifest/files/paths.js';
import { jsonLine } from '../../model/json-text.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { formatMismatch } from '../../problem/other-format.js';
import { checkSaved } from '../../schema/check-saved.js';
import { issueText } from '../../schema/schema.js';

/** Flags that affect the result of a run, other than those that select instances. */
export const RESULT_FLAGS = [
  'sandbox',
  'policy',
  'onlyExpired',
  'snapshots',
  'impactLimit',
  'since',
  'without',
  'compact',
  'split',
  'membersFiles',
  'probe',
  'groupBy',
] as const;

/** Version of the log's format. */
export const LOG_FORMAT = 1;

/** The first line of `fleet.jsonl`, which identifies the run. */
export interface FleetRunHeader {
  event: 'run';
  formatVersion: typeof LOG_FORMAT;
  command: FleetCommand;
  fleet: string;
  inventory: FleetDocument['inventory'];
  selection: FleetSelection;
  /** The flags that `--resume` restores; absent if code started the run. */
  options?: Readonly<Record<string, unknown>>;
  /** `sha256:` of the policy file; left out without one. */
  policy?: string;
  /** `sha256:` of the plans that are applied, or of the apply that is undone; left out without such a folder. */
  plans?: string;
  /** `sha256:` of the addresses of the instances; left out without addresses, or if code started the run. */
  addresses?: string | undefined;
  /** Version of the program. */
  madeBy: string;
  /** ISO 8601, UTC. */
  at: string;
  /** True while the files of the run before are deleted: all other files in the folder are of that run. */
  clearing?: true;
}

/** A line of `fleet.jsonl`: `begin` before an instance's first write, `end` after its work. */
export type FleetLogLine =
  | FleetRunHeader
  | { event: 'begin'; instance: string; at: string }
  | { event: 'end'; row: FleetRow; at: string };

/** The content of a log, the record that survives a kill. */
export interface FleetLog {
  header: FleetRunHeader;
  /** The last row of each instance that ended. */
  ended: ReadonlyMap<string, FleetRow>;
  /** Instances with a `begin` and no `end`, with the number of such attempts. */
  begun: ReadonlyMap<string, number>;
}

/** Appends lines. In a run that writes to instances, each is on disk before the call returns. */
export interface FleetLogWriter {
  append(...lines: readonly FleetLogLine[]): Promise<void>;
  /** Raises `bad-file` if the file was deleted or replaced since it was opened. */
  assertInPlace(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a log for appending; the file is made private to its owner. */
export async function openLog(path: string, { durable }: { durable: boolean }): Promise<FleetLogWriter> {
  const unwritable = (error: unknown): ProblemError => unusableFile(path, 'it cannot be written', error);
  const file = await open(path, 'a+', 0o600).catch((error: unknown) => {
    throw unwritable(error);
  });
  await endTornLine(file).catch(async (error: unknown) => {
    await file.close().catch(() => undefined);
    throw unwritable(error);
  });
  // Serialize lines of instances that end at the same time.
  let last: Promise<unknown> = Promise.resolve();
  const assertInPlace = async (): Promise<void> => {
    if (!(await isInPlace(file, path))) throw filesLost();
  };
  let hasFailed = false;
  const write = async (lines: readonly FleetLogLine[]): Promise<void> => {
    const mayBeTorn = hasFailed;
    hasFailed = true;
    // The system accepts lines for a deleted file, which no one would read.
    await assertInPlace();
    try {
      // A full disk may have cut off the line before.
      if (mayBeTorn) await endTornLine(file);
      await file.appendFile(lines.map(jsonLine).join(''));
      if (durable) await file.sync();
      hasFailed = false;
    } catch (error) {
      throw unwritable(error);
    }
  };
  return {
    append: (...lines) => {
      const next = last.then(() => write(lines));
      last = next.catch(() => undefined);
      return next;
    },
    assertInPlace,
    close: async () => {
      await last;
      await file.close();
    },
  };
}

/** The files of a run were deleted or replaced while it ran, by something else. */
export function filesLost(): ProblemError {
  // The warning about a file that could not be written shows the message alone, so it contains the hint.
  const message =
    'the files of this run were deleted or replaced while it ran: run again, and use --out to write to another folder';
  return new ProblemError(problem('bad-file', message));
}

/** Ends a last line that a kill cut off, so that the next line does not become part of it. */
async function endTornLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  if (size === 0) return;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  if (buffer[0] !== 0x0a) await file.appendFile('\n');
}

/**
 * Was the run in a folder killed while it deleted the files of the run before? The other files in the folder are then not its
 * own.
 */
export async function isClearing(folder: string): Promise<boolean> {
  const line = await readFirstLine(await realPathOrSame(join(folder, FLEET_FILES.log)));
  const [header] = parseLine(line ?? '');
  return header?.event === 'run' && header.clearing === true;
}

/** Reads the log in the folder of a run, and checks it; null if there is none. Raises `bad-file`. */
export async function readCheckedLog(folder: string): Promise<FleetLog | null> {
  const log = await readLog(folder);
  if (log) checkLog(log, join(folder, FLEET_FILES.log));
  return log;
}

/** Reads the log in the folder of a run; null if there is none. Ignores a last line that a kill cut off. */
export async function readLog(folder: string): Promise<FleetLog | null> {
  const text = await readTextFile(join(folder, FLEET_FILES.log));
  if (text === null) return null;
  const lines = text.split('\n').flatMap(parseLine);
  const [header, ...rest] = lines;
  if (header?.event !== 'run') return null;
  const ended = new Map<string, FleetRow>();
  const begun = new Map<string, number>();
  for (const line of rest) {
    if (line.event === 'begin' && typeof line.instance === 'string')
      begun.set(line.instance, (begun.get(line.instance) ?? 0) + 1);
    if (line.event === 'end' && typeof line.row === 'object' && line.row !== null) {
      ended.set(line.row.instance, line.row);
      begun.delete(line.row.instance);
    }
  }
  return { header, ended, begun };
}

/**
 * Checks a log before it is used. Raises `bad-file` if its format is another one or its lines do not match the schema.
 */
export function checkLog({ header, ended }: FleetLog, file: string): void {
  const other = formatMismatch(header.formatVersion ?? LOG_FORMAT, LOG_FORMAT, 'the log of the run');
  if (other) {
    const hint = 'resume it with the version that began it, or start a new run in another folder';
    throw new ProblemError(problem('bad-file', other.message, { where: { file }, hint }));
  }
  const { command, madeBy, at, fleet, inventory, selection } = header;
  const document = {
    ...{ formatVersion: 1, kind: 'fleet', command, madeBy, madeAt: at, fleet, inventory, selection },
    ...{ summary: NOTHING, refusals: [], waves: [], groups: [], rows: [...ended.values()] },
  };
  const [issue] = checkSaved('fleet', document);
  if (!issue) return;
  const message = `the log of the run does not match its schema: ${issueText(issue, 'it')}`;
  const hint = 'start a new run in another folder';
  throw new ProblemError(problem('bad-file', message, { where: { file }, hint }));
}

/** An empty document, to check the rows of a log with the schema of documents. */
const NOTHING = makeFleetDocument({
  ...{ command: 'plan', madeBy: '', madeAt: '', fleet: '', refusals: [], waves: [], rows: [], groups: [] },
  inventory: { file: '', digest: '', instances: 0, minInstances: null, maxInstances: null },
  selection: { flags: {}, digest: '', names: [], shard: null },
  changesAre2: false,
}).summary;

function parseLine(text: string): FleetLogLine[] {
  try {
    const line = JSON.parse(text) as Partial<FleetLogLine> | null;
    return line !== null && typeof line === 'object' && 'event' in line ? [line as FleetLogLine] : [];
  } catch {
    return [];
  }
}
