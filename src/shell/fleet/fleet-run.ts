import { join, resolve } from 'node:path';
import { parseAllowOf } from '../../fleet/allow-of.js';
import type { FleetCommand, FleetDocument } from '../../fleet/document.js';
import { wholeSelection } from '../../fleet/shard.js';
import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { openState } from '../../journal/folder.js';
import { newRunId } from '../../journal/run-id.js';
import { kindOf } from '../../manifest/files/paths.js';
import { problem } from '../../problem/problem.js';
import { refuseUnknownSharedRules } from '../../reconcile/fleet/allowed-rules.js';
import { entryManifests } from '../../reconcile/fleet/entry-manifest.js';
import { FolderInUse, takeFleetFolder } from '../../reconcile/fleet/folder-lock.js';
import type { FleetFolder, FolderMode } from '../../reconcile/fleet/fleet-folder.js';
import type { FleetRunHeader } from '../../reconcile/fleet/fleet-log.js';
import { headerOf } from '../../reconcile/fleet/fleet-request.js';
import type { FleetPlanningRequest } from '../../reconcile/fleet/fleet-request.js';
import { refuseShardOfApply } from '../../reconcile/fleet/shard-rules.js';
import { snapshotsIn } from '../../reconcile/fleet/snapshots.js';
import { oneLine } from '../../render/format/one-line.js';
import { logTo, requestNumbers } from '../connect.js';
import { runLimits, type RunLimitFlags } from './run-limits.js';
import type { ConnectFlags } from '../connect.js';
import { note, reportUnwritten, reportUnwrittenPath, warn } from '../deliver.js';
import type { Environment } from '../environment.js';
import { readPolicy } from '../input.js';
import { lockWaitMs } from '../run-options.js';
import { refuseDocument } from '../sandbox-folder.js';
import { refuseConnectionFlags } from '../unused-flags.js';
import { FLEET_SANDBOX, addressDigest, resolveAccess } from './access.js';
import type { FleetTargetFlags } from './access.js';
import { storedFlags } from './resumed-flags.js';
import { refuseReports } from './report-conflicts.js';
import { refuseManifestsIn, refuseSharedFolder } from './refuse-shared-folder.js';
import { noteNothing, openFleet, openResumed } from './open-fleet.js';
import type { OpenFleet, SelectionFlags } from './open-fleet.js';
import { allowableNames } from './planned-selection.js';
import { openFleetProgress } from './fleet-progress.js';
import { noteEarlierWrites, warnOfKept } from './kept-results.js';

/** Flags of every command that works through instances. */
export interface FleetRunFlags
  extends
    SelectionFlags,
    FleetTargetFlags,
    RunLimitFlags,
    Omit<ConnectFlags, 'sandbox' | 'baseUrl' | 'instance' | 'tokenFile'> {
  /** Seconds. */
  waitForLock?: number | undefined;
  out?: string | undefined;
  /** The folder of an earlier run. */
  resume?: string | undefined;
  allow?: readonly string[] | undefined;
  reason?: string | undefined;
  impactLimit?: number | undefined;
  snapshots?: string | undefined;
  detailedExitcode?: boolean | undefined;
  onlyExpired?: boolean | undefined;
  allOrNothing?: boolean | undefined;
  /** Rehearse an apply instead of writing. */
  dryRun?: boolean | undefined;
  /** True for a rollback with `--yes`. */
  writes?: boolean | undefined;
}

/** The default folder for documents, relative to the working directory and ignored by git. */
export async function defaultFleetFolder(environment: Environment): Promise<string> {
  await openState(resolve(environment.cwd, '.domo-roles'));
  return join('.domo-roles', 'fleet', newRunId({ now: environment.now(), random: environment.token }));
}

/** The document of a run, and its folder. */
export interface FinishedFleet {
  document: FleetDocument;
  /** Absolute. */
  folder: string;
}

/** Opens a fleet run, does its work, and closes it. */
export async function runFleet(
  { command, flags, environment }: { command: FleetCommand; flags: FleetRunFlags; environment: Environment },
  work: (request: FleetPlanningRequest) => Promise<FleetDocument>,
): Promise<FinishedFleet> {
  environment.keepMemoryFlat?.();
  refuseUnusedFlags(flags);
  await refuseDocument(flags.sandbox ?? '', environment, { flag: '--sandbox' });
  const numbers = runLimits(flags);
  const fleet = await openFleetOf(command, flags, environment);
  const { inventory, entries, selection } = fleet;
  // Flags may name instances of other shards.
  const names = wholeSelection(selection);
  const allowOf = parseAllowOf(flags.allow ?? [], allowableNames(fleet));
  if (command === 'apply' || command === 'dry-run' || flags.writes)
    refuseShardOfApply({ inventory, selection, allOrNothing: flags.allOrNothing ?? false });
  const manifestOf = entryManifests(inventory, { cwd: environment.cwd, policy: flags.policy });
  // Saved plans contain their rules, so no manifest is read.
  if (selection.flags.plans === undefined)
    await refuseUnknownSharedRules(allowOf, { entries: allOf(inventory, names), manifestOf });
  const { snapshotOf, access } = await openSource({ inventory, names }, flags, environment);
  const out = flags.resume ?? flags.out ?? (await defaultFleetFolder(environment));
  const path = resolve(environment.cwd, out);
  await refuseInputs(command, flags, { inventory, environment });
  const files = { inventory, entries, policy: flags.policy, folders: foldersOf(flags, out) };
  await refuseReports(files, environment);
  const header = headerOf({ inventory, selection, runtime: environment }, command);
  const folder = await openRunFolder({ path, header, mode: modeOf(command, flags) }, flags, environment);
  await noteNothing(fleet, environment);
  const onStop = (): void => void note(environment, STOPPING);
  environment.signal.addEventListener('abort', onStop, { once: true });
  const progress = await openFleetProgress(environment, entries.length);
  const request: FleetPlanningRequest = {
    ...numbers,
    runtime: environment,
    requests: requestNumbers(flags, environment.env),
    onRequest: flags.verbose ? (instance, seen) => logTo(environment, instance)(seen) : undefined,
    ...{ inventory, entries, selection, access, folder, allowOf },
    manifestOf,
    reason: flags.reason,
    impactLimit: flags.impactLimit,
    detailedExitcode: flags.detailedExitcode,
    onlyExpired: flags.onlyExpired,
    ...(snapshotOf ? { snapshotOf } : {}),
    roots: [path, environment.cwd, ...(flags.sandbox ? [resolve(environment.cwd, flags.sandbox)] : [])],
    onUnwritten: reportOnce(environment),
    onBegin: progress.begin,
    onRow: progress.end,
  };
  try {
    return { document: await work(request), folder: path };
  } finally {
    progress.stop();
    environment.signal.removeEventListener('abort', onStop);
    await folder.close().catch((error: unknown) => reportUnwritten(environment, oneLine(out), error));
    if ((await kindOf(path)) === 'folder')
      await note(environment, `Documents of this run are in ${oneLine(out)}`);
  }
}

/** Opens the inventory and selection of a run, or of the one that it resumes. */
async function openFleetOf(
  command: FleetCommand,
  flags: FleetRunFlags,
  environment: Environment,
): Promise<OpenFleet> {
  if (flags.resume === undefined) return openFleet(flags, environment);
  return openResumed(flags.resume, { command, addresses: addressDigest(flags, environment), environment });
}

/** Raises `usage` for flags that have no effect beside the others. */
function refuseUnusedFlags(flags: FleetRunFlags): void {
  if (flags.snapshots !== undefined) refuseConnectionFlags(flags, '--snapshots');
}

/** Reports each file that could not be written once: a full disk fails every line of a log. */
function reportOnce(environment: Environment): NonNullable<FleetPlanningRequest['onUnwritten']> {
  const reported = new Set<string>();
  return async (path, error) => {
    if (reported.has(path)) return;
    reported.add(path);
    await reportUnwrittenPath(environment, path, error);
  };
}

/** How a run opens its folder. */
type RunMode = Exclude<FolderMode, 'after'>;

/** A dry run leaves nothing to resume: its plans are made anew. */
function modeOf(command: FleetCommand, { resume }: FleetRunFlags): RunMode {
  if (command === 'dry-run') return 'fresh';
  return resume === undefined ? 'either' : 'resume';
}

/** Locks the folder of a run and writes its header. Waits for the lock as long as the flags allow. */
async function openRunFolder(
  { path, header, mode }: { path: string; header: FleetRunHeader; mode: RunMode },
  flags: FleetRunFlags,
  environment: Environment,
): Promise<FleetFolder> {
  const folder = await takeFleetFolder(
    path,
    {
      ...header,
      options: storedFlags(flags, environment.cwd),
      ...(await policyOf(flags, environment)),
      ...(flags.plansDigest === undefined ? {} : { plans: flags.plansDigest }),
      addresses: addressDigest(flags, environment),
    },
    {
      mode,
      runtime: environment,
      waitForLockMs: lockWaitMs(flags),
      onWarning: (line) => warn(environment, line),
    },
  ).catch((error: unknown) => {
    // What is in the folder was written by a run that goes on, not by an earlier attempt of this one.
    if (error instanceof FolderInUse) environment.ledger.sent = false;
    throw error;
  });
  noteEarlierWrites(folder.earlier, environment);
  await warnOfKept(folder, header.selection, environment);
  return folder;
}

/** The folders of runs that a run reads or writes, by the flag that names them. */
function foldersOf({ snapshots, failedFrom, resume, plans }: FleetRunFlags, out: string) {
  const own = { [resume === undefined ? '--out' : '--resume']: out };
  return { ...own, '--snapshots': snapshots, '--failed-from': failedFrom, 'the plans': plans };
}

/** The digest of the policy file. One that cannot be used is a problem of each instance. */
async function policyOf(
  { policy: name }: FleetRunFlags,
  environment: Environment,
): Promise<Pick<FleetRunHeader, 'policy'>> {
  const policy = await readPolicy(name, environment).catch(() => undefined);
  return policy ? { policy: policy.origin.digest } : {};
}

const STOPPING =
  'stopping: no more instances start, those in progress finish; a second signal stops immediately';

/** Rejects an output folder that is also an input, because it would be cleared, and one in the folder of another run. */
async function refuseInputs(
  command: FleetCommand,
  { snapshots, failedFrom, resume, sandbox, plans, out }: FleetRunFlags,
  { inventory, environment }: { inventory: Inventory; environment: Environment },
): Promise<void> {
  if (resume !== undefined || out === undefined) return;
  const box = sandbox === '' ? FLEET_SANDBOX : sandbox;
  const inputs = { '--snapshots': snapshots, '--failed-from': failedFrom, '--sandbox': box };
  await refuseSharedFolder(out, { ...inputs, 'the run': plans }, environment);
  // An export replaces the manifests of an earlier one, and saved plans are applied without a manifest.
  if (command === 'export' || plans !== undefined) return;
  await refuseManifestsIn(out, inventory, environment);
}

/** Opens the source of live state: snapshots, or the instances themselves. */
export async function openSource(
  { inventory, names }: { inventory: Inventory; names: readonly string[] },
  flags: FleetRunFlags,
  environment: Environment,
): Promise<Pick<FleetPlanningRequest, 'snapshotOf' | 'access'>> {
  if (flags.snapshots !== undefined)
    return {
      snapshotOf: await snapshotsIn(resolve(environment.cwd, flags.snapshots)),
      access: () => OFFLINE,
    };
  const all = inventory.entries.map(({ name }) => name);
  return { access: await resolveAccess({ names: all, selected: names }, flags, environment) };
}

const OFFLINE = { problem: problem('no-target', 'planned offline, against snapshots') };

/** The entries of all shards, to look up rules. */
function allOf({ entries }: Inventory, names: readonly string[]): readonly FleetEntry[] {
  const all = new Set(names);
  return entries.filter(({ name }) => all.has(name));
}
