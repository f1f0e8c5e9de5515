import { isAbsolute, resolve } from 'node:path';
import type { FleetDocument } from '../../fleet/document.js';
import { quotedName } from '../../model/quoted-name.js';
import { digestOf } from '../../plan/digest.js';
import { ProblemError, usageError } from '../../problem/problem.js';
import type { AppliedFleet } from '../../reconcile/fleet/applied-fleet.js';
import { readCheckedLog } from '../../reconcile/fleet/fleet-log.js';
import type { Environment } from '../environment.js';
import { isOwn } from './recorded-inventory.js';

/** The folder that the log of a run names: of the plans that it applies, or of the apply that it undoes. */
export interface RecordedFolder {
  path: string;
  /** The digest of what the folder contained. Absent in the logs of earlier versions. */
  digest: string | undefined;
}

/** Reads the folder that the log of a run names; null if it names none. Raises `usage` if it names several. */
export async function readRecordedFolder(
  resumed: string,
  { cwd }: Environment,
): Promise<RecordedFolder | null> {
  const log = await readCheckedLog(resolve(cwd, resumed));
  const plans = log?.header.selection.flags.plans;
  if (Array.isArray(plans)) {
    throw usageError(`the plans of several folders were applied: ${plans.map(quotedName).join(', ')}`, {
      what: '--resume',
      hint: 'join them with fleet merge, and apply the plans in that folder',
    });
  }
  return typeof plans === 'string' ? { path: plans, digest: log?.header.plans } : null;
}

/** What a recorded folder is compared with. */
interface FolderNow {
  /** The folder on the command line, if there is one. */
  named: string | undefined;
  /** The command with which it is named. */
  command: string;
  /** The digest of what the folder contains now. */
  readDigest: () => Promise<string>;
}

/**
 * Checks the folder that the log of a run names. The log may have been edited, so a folder outside of the working folder and
 * its repository must be named on the command line too, or be the one that the run read. Nothing else of it is shown.
 */
export async function checkRecordedFolder(
  { path, digest }: RecordedFolder,
  { named, command, readDigest }: FolderNow,
  environment: Environment,
): Promise<void> {
  const { cwd } = environment;
  const isNamed = named !== undefined && resolve(cwd, named) === resolve(cwd, path);
  if (isNamed || (await isOwn(path, environment))) {
    if (digest === undefined || digest === (await readDigest())) return;
    throw usageError(`the folder ${quotedName(path)} changed since the run began`, {
      what: '--resume',
      hint: 'start a new run in another folder',
    });
  }
  // Documents never contain absolute paths.
  if (!isAbsolute(path) && digest !== undefined && digest === (await orNull(readDigest()))) return;
  throw usageError(
    `the run names ${quotedName(path)}, which is outside of this folder and its repository, and not what it read`,
    { what: '--resume', hint: `specify the folder, if it is the right one: ${command}` },
  );
}

async function orNull(work: Promise<string>): Promise<string | null> {
  return work.catch((error: unknown) => {
    if (error instanceof ProblemError) return null;
    throw error;
  });
}

/** Identifies saved plans. */
export function plansDigest({ selection, rows }: FleetDocument): string {
  const plans = rows.map(({ instance, status, digest }) => ({ instance, status, digest }));
  return digestOf({ selection: selection.digest, plans });
}

/** Identifies an apply to undo, finished or not. */
export function appliedDigest({ digest, selection }: AppliedFleet): string {
  return digestOf({ inventory: digest, selection: selection.digest, names: selection.names });
}
