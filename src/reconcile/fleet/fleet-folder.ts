import { readdir, rm } from 'node:fs/promises';
import { jsonLine, jsonText, parsedOrNull } from '../../model/json-text.js';
import { dirname, join } from 'node:path';
import { FLEET_FILES, INSTANCE_FILES } from '../../fleet/document.js';
import type { Attempt, FleetDocument, FleetRow } from '../../fleet/document.js';
import type { InstanceFile } from '../../fleet/document.js';
import { isWriting } from '../../fleet/exit.js';
import { attemptOf } from '../../fleet/merge-row.js';
import {
  createFolders,
  isAbsent,
  openPrivateFolder,
  removeFile,
  targetOfHalfWritten,
  unusableFile,
  writeAtomically,
} from '../../journal/files.js';
import { readTextFile } from '../../journal/read-file.js';
import { quotedName } from '../../model/quoted-name.js';
import { usageError } from '../../problem/problem.js';
import { RESULT_FLAGS, checkLog, openLog, readLog } from './fleet-log.js';
import type { FleetLog, FleetLogLine, FleetLogWriter, FleetRunHeader } from './fleet-log.js';

/** The folder of a run in progress, readable only by its owner. */
export interface FleetFolder {
  path: string;
  /** The log of an earlier run of the same selection in this folder; null for a new run. */
  earlier: FleetLog | null;
  /**
   * Writes an instance's document: a value as JSON, text or bytes unchanged. Returns its path relative to the folder,
   * with forward slashes.
   */
  writeInstance(instance: string, file: InstanceFile, document: unknown): Promise<string>;
  /** Reads an instance's document; null if it is missing, or incomplete after a power failure. */
  readInstance(instance: string, file: InstanceFile): Promise<unknown>;
  removeInstance(instance: string, file: InstanceFile): Promise<void>;
  /** The absolute path of an instance's state folder, created on first use. */
  stateOf(instance: string): Promise<string>;
  /** Must be called before an instance's first write. */
  begin(instance: string, at: string): Promise<void>;
  /** Records a row. One that cannot be written is kept for `endLeft`. */
  end(row: FleetRow, at: string): Promise<void>;
  /** Writes the rows that could not be written before; raises `bad-file` if that fails again. */
  endLeft(): Promise<void>;
  /** Records many rows at once. */
  endAll(rows: readonly FleetRow[], at: string): Promise<void>;
  /** The instances whose document, named in their row, is no longer there. */
  missingDocuments(rows: readonly FleetRow[]): Promise<ReadonlySet<string>>;
  /** Writes `fleet.json` atomically, but not without its log: the run would look complete. */
  finish(document: FleetDocument): Promise<void>;
  close(): Promise<void>;
}

/**
 * How a folder is opened. `fresh` clears an earlier run, `resume` continues it, `either` decides by its log. `after`
 * does so too, and continues a finished run as well: it is the one that this run waited for.
 */
export type FolderMode = 'fresh' | 'resume' | 'either' | 'after';

/**
 * Opens the folder of a run: empty, or from an earlier fleet run. An unfinished run of the same selection is resumed;
 * any other earlier run is cleared.
 *
 * @throws ProblemError if the folder contains anything else, or cannot be written.
 */
export async function openFleetFolder(
  path: string,
  header: FleetRunHeader,
  mode: FolderMode = 'either',
): Promise<FleetFolder> {
  await createFolders(dirname(path), 0o700).catch((error: unknown) => {
    throw unusableFile(path, 'the folder cannot be created', error);
  });
  await openPrivateFolder(path);
  const log = await readLog(path);
  await refuseForeign(path, log !== null);
  await removeAll(path, (name) => isHalfOf(OWN_FILES, name));
  if (mode === 'resume' && log !== null) checkLog(log, join(path, FLEET_FILES.log));
  const isContinued =
    log !== null && mode !== 'fresh' && (mode === 'resume' || (await isSameRun(path, log, { header, mode })));
  const earlier = isContinued && !log.header.clearing ? log : null;
  // Reads can be repeated after a power failure; records of writes must survive it.
  const durable = isWriting(header.command);
  if (earlier === null) await begin(path, { header, durable, isTaken: log !== null });
  else await continueRun(path, earlier);
  await openPrivateFolder(join(path, FLEET_FILES.instances));
  const writer = await openLog(join(path, FLEET_FILES.log), { durable });
  return folderAt(path, earlier, { log: writer, durable });
}

function folderAt(
  path: string,
  earlier: FleetLog | null,
  { log, durable }: { log: FleetLogWriter; durable: boolean },
): FleetFolder {
  /** Folders of instances, each opened once: temporary files of a killed run are deleted before the first of this run. */
  const opened = new Map<string, Promise<string>>();
  const open = async (instance: string): Promise<string> => {
    const folder = join(path, FLEET_FILES.instances, instance);
    await openPrivateFolder(folder);
    if (earlier !== null) await removeAll(folder, (name) => isHalfOf(INSTANCE_FILES, name));
    return folder;
  };
  const folderOf = (instance: string): Promise<string> => {
    const folder = opened.get(instance) ?? open(instance);
    opened.set(instance, folder);
    folder.catch(() => opened.delete(instance));
    return folder;
  };
  /** Rows whose line could not be written, for example on a full disk. */
  const left = new Map<string, FleetLogLine>();
  return {
    path,
    earlier,
    writeInstance: async (instance, file, document) => {
      const isText = typeof document === 'string' || document instanceof Uint8Array;
      const text = isText ? document : jsonText(document);
      await writeAtomically(join(await folderOf(instance), file), text, { durable });
      return `${FLEET_FILES.instances}/${instance}/${file}`;
    },
    readInstance: async (instance, file) => {
      const text = await readTextFile(join(path, FLEET_FILES.instances, instance, file));
      return text === null ? null : parsedOrNull(text);
    },
    removeInstance: (instance, file) => removeFile(join(path, FLEET_FILES.instances, instance, file)),
    stateOf: async (instance) => join(await folderOf(instance), 'run'),
    begin: (instance, at) => log.append({ event: 'begin', instance, at }),
    end: async (row, at) => {
      const line: FleetLogLine = { event: 'end', row, at };
      left.delete(row.instance);
      await log.append(line).catch(() => left.set(row.instance, line));
    },
    endLeft: async () => {
      if (left.size > 0) await log.append(...left.values());
      left.clear();
    },
    endAll: (rows, at) => log.append(...rows.map((row) => ({ event: 'end' as const, row, at }))),
    missingDocuments: (rows) => missingDocuments(path, rows),
    finish: async (document) => {
      await log.assertInPlace();
      await writeAtomically(join(path, FLEET_FILES.document), jsonText(document));
    },
    close: () => log.close(),
  };
}

async function missingDocuments(path: string, rows: readonly FleetRow[]): Promise<ReadonlySet<string>> {
  const missing = new Set<string>();
  for (const { instance, document } of rows)
    if (document !== null && (await isAbsent(join(path, document)))) missing.add(instance);
  return missing;
}

/** A document as the bytes of its file: unlike text, bytes that wait for the disk do not occupy the heap. */
export function documentBytes(document: unknown): Uint8Array {
  return Buffer.from(jsonText(document));
}

/** Is this an unfinished run of the same command, inventory and selection? A finished one has a document. */
async function isSameRun(
  path: string,
  log: FleetLog,
  { header: wanted, mode }: { header: FleetRunHeader; mode: FolderMode },
): Promise<boolean> {
  if (mode !== 'after' && (await readTextFile(join(path, FLEET_FILES.document))) !== null) return false;
  checkLog(log, join(path, FLEET_FILES.log));
  // Logs of earlier versions do not contain the digests.
  if ((log.header.plans ?? wanted.plans) !== wanted.plans) return false;
  if ((log.header.addresses ?? wanted.addresses) !== wanted.addresses) return false;
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
  const foreign = names.find((name) => !isHalfOf(OWN_FILES, name) && !(isOwn && OWN_FILES.includes(name)));
  if (foreign === undefined) return;
  throw usageError(`the folder contains ${quotedName(foreign)}, which no fleet run wrote`, {
    what: '--out',
    hint: 'use an empty folder, or one that a fleet run wrote',
  });
}

const OWN_FILES: readonly string[] = Object.values(FLEET_FILES);

/** Is this a temporary file of one of these files, which a kill may leave behind? */
function isHalfOf(files: readonly string[], name: string): boolean {
  const target = targetOfHalfWritten(name);
  return target !== null && files.includes(target);
}

async function removeAll(folder: string, isUnwanted: (name: string) => boolean): Promise<void> {
  for (const name of (await readdir(folder)).filter(isUnwanted)) await remove(join(folder, name));
}

/**
 * Starts a new run. The log of the old run is replaced first, atomically: if that fails, the old run stays as it is. Until the
 * files of the old run are deleted, the new log marks them, so that no reader takes them for files of the new run.
 */
async function begin(
  path: string,
  { header, durable, isTaken }: { header: FleetRunHeader; durable: boolean; isTaken: boolean },
): Promise<void> {
  const log = join(path, FLEET_FILES.log);
  if (isTaken) {
    await writeAtomically(log, jsonLine({ ...header, clearing: true }), { durable });
    await remove(join(path, FLEET_FILES.document));
    await remove(join(path, FLEET_FILES.instances));
  }
  await writeAtomically(log, jsonLine(header), { durable });
}

/** Continues a run. One without any attempt may have been cut off while it was started, with files of an older run left. */
async function continueRun(path: string, { ended, begun }: FleetLog): Promise<void> {
  await remove(join(path, FLEET_FILES.document));
  if (ended.size === 0 && begun.size === 0) await remove(join(path, FLEET_FILES.instances));
}

async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch((error: unknown) => {
    throw unusableFile(path, 'it cannot be deleted', error);
  });
}

/** The earlier attempts at an instance according to a log. */
export function attemptsOf(log: FleetLog | null, instance: string): Attempt[] {
  const row = log?.ended.get(instance);
  const earlier = row ? [...row.attempts, ...attemptOf(row)] : [];
  const cutOff = log?.begun.get(instance) ?? 0;
  return [...earlier, ...Array.from({ length: cutOff }, () => INTERRUPTED_ATTEMPT)];
}

/** An attempt that began and did not end: a write may have been sent. */
export const INTERRUPTED_ATTEMPT: Attempt = {
  status: 'incomplete',
  runId: null,
  sent: true,
  because: 'the run was interrupted',
};
