import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FLEET_FILES } from '../../fleet/document.js';
import { displayPath } from '../../manifest/files/paths.js';
import { usageError } from '../../problem/problem.js';
import { readAppliedFleet } from '../../reconcile/fleet/applied-fleet.js';
import { rollBackFleet } from '../../reconcile/fleet/roll-back-fleet.js';
import type { Environment } from '../environment.js';
import { readPolicy } from '../input.js';
import { NAME_INVENTORY, writingOptions } from './fleet-apply.js';
import type { FleetApplyFlags } from './fleet-apply.js';
import { runFleet } from './fleet-run.js';
import type { FinishedFleet } from './fleet-run.js';
import { appliedDigest, checkRecordedFolder, readRecordedFolder } from './recorded-folder.js';
import type { RecordedFolder } from './recorded-folder.js';
import { checkRecordedInventory } from './recorded-inventory.js';
import { isSamePlace } from './refuse-shared-folder.js';

/** Flags of a fleet rollback. */
export interface FleetRollbackFlags extends Omit<FleetApplyFlags, 'inventory'> {
  /** The folder of the apply; absent with `--resume`. */
  folder?: string | undefined;
  yes?: boolean | undefined;
}

/** Plans how to undo the fleet apply in a folder, or undoes it. */
export async function runFleetRollback(
  flags: FleetRollbackFlags,
  environment: Environment,
): Promise<FinishedFleet> {
  const recorded = await folderOf(flags, environment);
  const path = resolve(environment.cwd, recorded.path);
  const folder = displayPath(path, environment.cwd);
  await refuseOut(flags, path, environment);
  const readDigest = async (): Promise<string> => appliedDigest(await readAppliedFleet(path));
  const command = `fleet rollback DIR --resume ${flags.resume ?? ''}`;
  await checkRecordedFolder(recorded, { named: flags.folder, command, readDigest }, environment);
  const applied = await readAppliedFleet(path);
  const inventory = { file: applied.inventory, digest: applied.digest };
  if (flags.fleet === undefined) await checkRecordedInventory(inventory, NAME_INVENTORY, environment);
  const policy = await readPolicy(flags.policy, environment, { purpose: 'rollback' });
  const write = flags.yes ?? false;
  const run = {
    ...flags,
    inventory: flags.fleet ?? applied.inventory,
    planned: applied.selection,
    plans: folder,
    plansDigest: appliedDigest(applied),
    writes: write,
    out:
      flags.out ?? (write && flags.resume === undefined ? await unfinishedOut(path, environment) : undefined),
  };
  const writing = writingOptions(run, environment);
  return runFleet({ command: 'rollback', flags: run, environment }, (request) =>
    rollBackFleet({
      ...request,
      ...writing,
      applied,
      write,
      policy,
    }),
  );
}

/** The given folder, or that of the resumed rollback. */
async function folderOf(
  { folder, resume }: FleetRollbackFlags,
  environment: Environment,
): Promise<RecordedFolder> {
  if (folder !== undefined && resume === undefined) return { path: folder, digest: undefined };
  if (resume === undefined)
    throw usageError('specify the fleet apply to undo', {
      what: 'folder',
      hint: 'specify the folder that it wrote its documents into',
    });
  const recorded = await readRecordedFolder(resume, environment);
  if (recorded !== null) return recorded;
  throw usageError('it is not the folder of a fleet rollback', {
    what: '--resume',
    hint: 'specify the folder of the rollback',
  });
}

async function refuseOut({ out }: FleetRollbackFlags, folder: string, { cwd }: Environment): Promise<void> {
  if (out !== undefined && (await isSamePlace(resolve(cwd, out), folder)))
    throw usageError('--out is the folder of the apply', { what: '--out', hint: 'use another folder' });
}

/**
 * The default output folder, next to the folder of the apply, so that the same command resumes an interrupted rollback.
 * Undefined if a finished rollback is there.
 */
async function unfinishedOut(folder: string, { cwd }: Environment): Promise<string | undefined> {
  const out = displayPath(`${folder}-rollback`, cwd);
  const isFinished = await stat(resolve(cwd, out, FLEET_FILES.document)).catch(() => null);
  return isFinished ? undefined : out;
}
