import { stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { FleetDocument } from '../../fleet/document.js';
import type { InstanceRoles } from '../../fleet/instance-roles.js';
import { isAbsent } from '../../journal/files.js';
import { quotedName } from '../../model/quoted-name.js';
import { usageError } from '../../problem/problem.js';
import { applyFleet } from '../../reconcile/fleet/apply-fleet.js';
import { applyFleetPlans } from '../../reconcile/fleet/apply-plans.js';
import type { SavedFleet } from '../../reconcile/fleet/apply-plans.js';
import type { FleetApplyRequest, FleetPlanningRequest } from '../../reconcile/fleet/fleet-request.js';
import { checkInstanceRoles } from '../../reconcile/saved-documents.js';
import { runTitle } from '../../render/fleet/fleet-facts.js';
import { shellPath } from '../../render/format/shell-word.js';
import { note, warn } from '../deliver.js';
import type { Environment } from '../environment.js';
import { readDocument, readPolicy } from '../input.js';
import { lockWaitMs } from '../run-options.js';
import { refuseUnused } from '../unused-flags.js';
import { runFleet } from './fleet-run.js';
import type { FinishedFleet } from './fleet-run.js';
import type { FleetRunFlags } from './fleet-run.js';
import { isSamePlace } from './refuse-shared-folder.js';
import { readFleetDocument } from './saved-fleet.js';
import { checkRecordedFolder, plansDigest, readRecordedFolder } from './recorded-folder.js';
import { checkRecordedInventory } from './recorded-inventory.js';

/** Flags of a fleet apply. */
export interface FleetApplyFlags extends FleetRunFlags {
  /** With a folder of plans: the current inventory. */
  fleet?: string | undefined;
}

/** Callbacks between planning and the first write. */
type FleetDialog = Pick<FleetApplyRequest, 'onPlanned' | 'confirm'>;

/** The options of a run that writes, reporting on this command's streams. */
export function writingOptions(
  flags: FleetApplyFlags,
  environment: Environment,
): Omit<FleetApplyRequest, keyof FleetPlanningRequest> {
  return {
    allOrNothing: flags.allOrNothing ?? false,
    waitForLockMs: lockWaitMs(flags),
    concurrency: flags.concurrency,
    onWave: (wave) => void note(environment, `wave ${wave}`),
    onSent: () => (environment.ledger.sent = true),
    onWarning: (instance, line) => warn(environment, `${instance}: ${line}`),
  };
}

/** Applies the manifests of an inventory, or the plans in a folder. */
export async function runFleetApply(
  flags: FleetApplyFlags,
  { onPlanned, confirm }: FleetDialog,
  environment: Environment,
): Promise<FinishedFleet> {
  refuseResumedDryRun(flags);
  const writing = writingOptions(flags, environment);
  const saved = await savedFleet(flags, environment);
  if (!saved)
    refuseUnused(flags, ['fleet'], (flag) => ({
      message: `${flag} goes with a folder of plans, and ${quotedName(flags.inventory)} is none`,
      hint: 'specify the inventory alone, without the flag',
    }));
  const policy = saved ? await readPolicy(flags.policy, environment) : undefined;
  const apply = (request: FleetApplyRequest): Promise<FleetDocument> =>
    saved ? applyFleetPlans(request, saved) : applyFleet(request);
  if (saved && flags.fleet === undefined)
    await checkRecordedInventory(saved.document.inventory, NAME_INVENTORY, environment);
  const command = flags.dryRun ? ('dry-run' as const) : ('apply' as const);
  const run = { command, flags: saved ? flagsOf(saved, flags) : flags, environment };
  return runFleet(run, (request) =>
    apply({
      ...request,
      ...writing,
      policy,
      dryRun: flags.dryRun,
      onPlanned,
      confirm,
    }),
  );
}

/** The hint of a command that reads the folder of another run. */
export const NAME_INVENTORY = 'specify the inventory: --fleet FILE';

/** The folder of plans to apply, also if the run is resumed; null to apply manifests. */
async function savedFleet(
  flags: FleetApplyFlags,
  environment: Environment,
): Promise<(SavedFleet & { folder: string }) | null> {
  const { resume } = flags;
  const recorded = resume === undefined ? null : await readRecordedFolder(resume, environment);
  const plans = resume === undefined ? flags.inventory : recorded?.path;
  if (plans === undefined) return null;
  const folder = resolve(environment.cwd, plans);
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory() && resume === undefined) return null;
  await refuseFlags(flags, { folder, environment });
  if (recorded !== null)
    await checkRecordedFolder(
      recorded,
      {
        named: flags.inventory,
        command: `fleet apply DIR --resume ${resume}`,
        readDigest: async () => plansDigest(await readFleetDocument(plans, environment)),
      },
      environment,
    );
  const document = await readFleetDocument(plans, environment);
  if (document.command !== 'plan') {
    throw usageError(`${quotedName(plans)} is the folder of a fleet ${runTitle(document)}, not of plans`, {
      what: 'folder',
      hint:
        document.command === 'dry-run'
          ? 'start the apply as the dry run was started, without --dry-run'
          : `to go on with that run, write fleet ${document.command} --resume ${shellPath(plans)}`,
    });
  }
  const planOf = (instance: string): Promise<unknown> =>
    readDocument(join(plans, 'instances', instance, 'plan.json'), environment);
  const rolesOf = async (instance: string): Promise<InstanceRoles | null> => {
    const file = join(plans, 'instances', instance, 'roles.json');
    if (await isAbsent(resolve(environment.cwd, file))) return null;
    return checkInstanceRoles(await readDocument(file, environment), instance);
  };
  return { document, planOf, rolesOf, folder: relative(environment.cwd, folder).replaceAll(sep, '/') };
}

/** A dry run has nothing to resume: it starts anew. */
function refuseResumedDryRun({ dryRun, resume }: FleetApplyFlags): void {
  if (!dryRun || resume === undefined) return;
  throw usageError('--dry-run cannot be combined with --resume', {
    what: '--dry-run',
    hint: 'leave one of them out: a dry run starts anew, and a resumed apply writes',
  });
}

async function refuseFlags(
  { out, onlyExpired }: FleetApplyFlags,
  { folder, environment }: { folder: string; environment: Environment },
): Promise<void> {
  if (onlyExpired) {
    throw usageError('--only-expired works with manifests, not with saved plans', {
      what: '--only-expired',
      hint: 'make the plans with it: fleet plan --only-expired --out DIR',
    });
  }
  if (out !== undefined && (await isSamePlace(resolve(environment.cwd, out), folder))) {
    throw usageError('--out is the folder of the plans that are applied', {
      what: '--out',
      hint: 'use another folder',
    });
  }
}

/** The flags for the plans' instances and the current inventory. */
function flagsOf(
  { document, folder }: SavedFleet & { folder: string },
  flags: FleetApplyFlags,
): FleetApplyFlags {
  const inventory = flags.fleet ?? document.inventory.file;
  return {
    ...flags,
    inventory,
    planned: document.selection,
    plans: folder,
    plansDigest: plansDigest(document),
  };
}
