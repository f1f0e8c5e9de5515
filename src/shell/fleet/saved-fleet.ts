import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { FLEET_FILES } from '../../fleet/document.js';
import type { FleetCommand, FleetDocument } from '../../fleet/document.js';
import { readDocumentText } from '../../journal/read-file.js';
import { kindOf } from '../../manifest/files/paths.js';
import { parsedOrNull } from '../../model/json-text.js';
import { quotedName } from '../../model/quoted-name.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { isClearing, readCheckedLog } from '../../reconcile/fleet/fleet-log.js';
import type { FleetLog } from '../../reconcile/fleet/fleet-log.js';
import { shellPath } from '../../render/format/shell-word.js';
import type { Environment } from '../environment.js';
import { noteInputs } from '../ledger.js';
import { hintOfSystem, nullIfAbsent, systemCodeOf } from '../../problem/system-error.js';

/** Reads a fleet document: the file, or the `fleet.json` of a folder. */
export async function readFleetDocument(path: string, environment: Environment): Promise<FleetDocument> {
  const file = resolve(environment.cwd, path);
  const isFolder = (await kindOf(file)) === 'folder';
  const document = isFolder ? join(file, FLEET_FILES.document) : file;
  const cleared = isFolder && (await isClearing(file)) ? await readCheckedLog(file) : null;
  if (cleared) throw cutOff(path, cleared);
  const text = await readDocumentText(document).catch(async (cause: unknown) => {
    if (cause instanceof ProblemError) throw cause;
    const code = systemCodeOf(cause) ?? 'unknown';
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    const log = isMissing ? await cutOffRun(path, environment) : null;
    if (log) throw cutOff(path, log);
    const message = `${isMissing ? 'there is no fleet document' : 'it cannot be read'} (${code})`;
    throw badDocument(path, message, hintOfSystem(cause));
  });
  await noteInputs(environment, [path]);
  const { checkFleet } = await import('../../reconcile/saved-documents.js');
  return checkFleet(parsedOrNull(text), path);
}

/** The folder of a fleet document, given the folder or the file. */
export async function folderOfFleet(path: string, environment: Environment): Promise<string> {
  const named = resolve(environment.cwd, path);
  const found = await stat(named).catch(() => null);
  return found?.isFile() ? dirname(named) : named;
}

function badDocument(
  file: string,
  message: string,
  hint = 'a fleet run writes fleet.json into its folder',
): ProblemError {
  return new ProblemError(
    problem('bad-file', `${quotedName(file)}: ${message}`, {
      where: { file },
      hint,
    }),
  );
}

/** The hint for a run that did not end. */
export function howToContinue(command: FleetCommand, folder: string): string {
  return command === 'dry-run'
    ? 'start the dry run again: fleet apply --dry-run'
    : `resume it with fleet ${command} --resume ${shellPath(folder)}`;
}

function cutOff(folder: string, { header: { command } }: FleetLog): ProblemError {
  return new ProblemError(
    problem('bad-file', `the run in ${quotedName(folder)} was interrupted: it has no fleet document yet`, {
      where: { file: folder },
      hint: howToContinue(command, folder),
    }),
  );
}

/** The log of an interrupted run, which has no document; null otherwise. */
export async function cutOffRun(folder: string, { cwd }: Environment): Promise<FleetLog | null> {
  const path = resolve(cwd, folder);
  if ((await kindOf(path)) === 'folder' && (await isClearing(path))) return readCheckedLog(path);
  const isFinished = await stat(join(path, FLEET_FILES.document)).catch(nullIfAbsent);
  return isFinished ? null : readCheckedLog(path);
}
