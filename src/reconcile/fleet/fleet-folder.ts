import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Attempt, FleetDocument, FleetRow } from '../../fleet/document.js';
import { isWriting } from '../../fleet/exit.js';
import { attemptOf } from '../../fleet/merge-row.js';
import {
  makeFolders,
  openOwnFolder,
  readWhole,
  removeFile,
  unusable,
  writeWhole,
} from '../../journal/files.js';
import { quotedName } from '../../model/names.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { RESULT_FLAGS, checkLog, openLog, readLog } from './fleet-log.js';
import type { FleetLog, FleetLogWriter, FleetRunHeader } from './fleet-log.js';

/** The files of a fleet's folder. */
const FILES = { document: 'fleet.json', log: 'fleet.jsonl', instances: 'instances' } as const;

/** The documents that a run leaves per instance. */
export type InstanceFile =
  | 'plan.json'
  | 'drift.json'
  | 'outcome.json'
  | 'problems.json'
  | 'roles.json'
  | 'doctor.json'
  | 'snapshot.json'
  | 'manifest.yaml';

/** The folder of a run in progress. All of it is private to its owner. */
export interface FleetFolder {
  path: string;
  /** What an earlier run of the same selection left here; null for a run that starts anew. */
  earlier: FleetLog | null;
  /** Writes an instance's document, a text or its bytes as they are. Returns its path relative to the folder, with forward slashes. */
  writeInstance(instance: string, file: InstanceFile, document: unknown): Promise<string>;
  /** Null if there is none, or a power cut left a part of it. */
  readInstance(instance: string, file: InstanceFile): Promise<unknown>;
  removeInstance(instance: string, file: InstanceFile): Promise<void>;
  /** The state folder of an instance's runs; absolute. Made when it is first asked for. */
  stateOf(instance: string): Promise<string>;
  /** To be called before an instance's first write. */
  begin(instance: string, at: string): Promise<void>;
  end(row: FleetRow, at: string): Promise<void>;
  /** Many at once. */
  endAll(rows: readonly FleetRow[], at: string): Promise<void>;
  /** Writes `fleet.json`, all of it or nothing. */
  finish(document: FleetDocument): Promise<void>;
  close(): Promise<void>;
}

/** How a folder is opened. `fresh` clears an earlier run, `resume` continues it, `either` decides by its log. */
export type FolderMode = 'fresh' | 'resume' | 'either';

/**
 * Opens the folder of a run: an empty one, or one of its own. An unfinished run of the same selection is taken up;
 * anything else of its own is cleared.
 *
 * @throws ProblemError where the folder holds anything else, or cannot be written.
 */
export async function openFleetFolder(
  path: string,
  header: FleetRunHeader,
  mode: FolderMode = 'either',
): Promise<FleetFolder> {
  await makeFolders(dirname(path)).catch((error: unknown) => {
    throw unusable(path, 'the folder cannot be created', error);
  });
  await openOwnFolder(path);
  const log = await readLog(join(path, FILES.log));
  await refuseForeign(path, log !== null);
  for (const name of (await readdir(path)).filter((one) => HALF_WRITTEN.test(one)))
    await remove(join(path, name));
  if (mode === 'resume' && log !== null) checkLog(log);
  const earlier =
    log !== null && mode !== 'fresh' && (mode === 'resume' || (await isSameRun(path, log, header)))
      ? log
      : null;
  // What only read can be done again; what wrote must survive a power cut.
  const durable = isWriting(header.command);
  if (earlier === null) await begin(path, { header, durable });
  else await remove(join(path, FILES.document));
  await openOwnFolder(join(path, FILES.instances));
  const writer = await openLog(join(path, FILES.log), { durable });
  return folderAt(path, earlier, { log: writer, durable });
}

function folderAt(
  path: string,
  earlier: FleetLog | null,
  { log, durable }: { log: FleetLogWriter; durable: boolean },
): FleetFolder {
  /** Folders of instances that are open. */
  const opened = new Set<string>();
  const folderOf = async (instance: string): Promise<string> => {
    const folder = join(path, FILES.instances, instance);
    if (!opened.has(instance)) await openOwnFolder(folder);
    opened.add(instance);
    return folder;
  };
  return {
    path,
    earlier,
    writeInstance: async (instance, file, document) => {
      const isText = typeof document === 'string' || document instanceof Uint8Array;
      const text = isText ? document : documentText(document);
      await writeWhole(join(await folderOf(instance), file), text, { durable });
      return `${FILES.instances}/${instance}/${file}`;
    },
    readInstance: async (instance, file) => {
      const text = await readWhole(join(path, FILES.instances, instance, file));
      return text === null ? null : parsedOrNull(text);
    },
    removeInstance: (instance, file) => removeFile(join(path, FILES.instances, instance, file)),
    stateOf: async (instance) => join(await folderOf(instance), 'run'),
    begin: (instance, at) => log.append({ event: 'begin', instance, at }),
    end: (row, at) => log.append({ event: 'end', row, at }),
    endAll: (rows, at) => log.append(...rows.map((row) => ({ event: 'end' as const, row, at }))),
    finish: (document) => writeWhole(join(path, FILES.document), documentText(document)),
    close: () => log.close(),
  };
}

/** A document as its file holds it, as bytes: they do not count for the heap while they wait for the disk. */
export function documentBytes(document: unknown): Uint8Array {
  return Buffer.from(documentText(document));
}

function documentText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** An unfinished run of the same command, inventory and selection. A finished one has its document. */
async function isSameRun(path: string, log: FleetLog, wanted: FleetRunHeader): Promise<boolean> {
  if ((await readWhole(join(path, FILES.document))) !== null) return false;
  checkLog(log);
  const key = ({ command, inventory, selection, options = {} }: FleetRunHeader): string =>
    JSON.stringify([
      ...RESULT_FLAGS.map((flag) => options[flag] ?? null),
      ...[command, inventory.digest, selection.digest, selection.names, selection.shard],
      ...[selection.flags.plans ?? null, selection.flags.exported ?? null],
    ]);
  return key(log.header) === key(wanted);
}

async function refuseForeign(path: string, isOwn: boolean): Promise<void> {
  const names = await readdir(path);
  const known: readonly string[] = Object.values(FILES);
  const foreign = names.find((name) => !HALF_WRITTEN.test(name) && !(isOwn && known.includes(name)));
  if (foreign === undefined) return;
  throw new ProblemError(
    problem('usage', `the folder holds ${quotedName(foreign)}, which no fleet run wrote`, {
      where: { what: '--out' },
      hint: 'name an empty folder, or one that a fleet run wrote',
    }),
  );
}

/** What a kill leaves of a document or a log that was not yet in its place. */
const HALF_WRITTEN = /^fleet\.jsonl?\.[0-9a-f-]{36}\.tmp$/u;

/**
 * Begins a run anew. A kill in the middle leaves a folder that can be used: the log is there as a whole or not at all, and
 * the document of a finished run goes last, so that the run is not taken for an unfinished one.
 */
async function begin(
  path: string,
  { header, durable }: { header: FleetRunHeader; durable: boolean },
): Promise<void> {
  await remove(join(path, FILES.instances));
  await writeWhole(join(path, FILES.log), `${JSON.stringify(header)}\n`, { durable });
  await remove(join(path, FILES.document));
}

async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch((error: unknown) => {
    throw unusable(path, 'it cannot be deleted', error);
  });
}

/** The earlier attempts at an instance, by a log: the last begun is the row, those before it stand beside it. */
export function attemptsOf(log: FleetLog | null, instance: string): Attempt[] {
  const row = log?.ended.get(instance);
  const earlier = row ? [...row.attempts, ...attemptOf(row)] : [];
  const cutOff = log?.begun.get(instance) ?? 0;
  return [...earlier, ...Array.from({ length: cutOff }, () => CUT_OFF)];
}

/** Begun and not ended: a write may have been sent. */
export const CUT_OFF: Attempt = {
  status: 'incomplete',
  runId: null,
  sent: true,
  because: 'the run was interrupted',
};
