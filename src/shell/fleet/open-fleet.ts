import { resolve } from 'node:path';
import { isToRepeat } from '../../fleet/document.js';
import type { FleetCommand, FleetSelection } from '../../fleet/document.js';
import { makeSelection, wholeSelection } from '../../fleet/shard.js';
import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { loadInventory, type LoadedInventory } from '../../inventory/load-inventory.js';
import { selectEntries, selectNames, unknownNegatedLabels } from '../../inventory/select.js';
import { quotedName } from '../../model/quoted-name.js';
import { usageError, type ProblemError } from '../../problem/problem.js';
import { InvalidManifest } from '../../reconcile/errors.js';
import { readCheckedLog } from '../../reconcile/fleet/fleet-log.js';
import type { FleetLog, FleetRunHeader } from '../../reconcile/fleet/fleet-log.js';
import { timeOf } from '../../reconcile/runtime.js';
import { runTitle } from '../../render/fleet/fleet-facts.js';
import { oneLine } from '../../render/format/one-line.js';
import { shellPath } from '../../render/format/shell-word.js';
import { note } from '../deliver.js';
import { noteInputs } from '../ledger.js';
import { missingNames, narrowPlannedSelection, pastTheEnd, selectsNothing } from './planned-selection.js';
import { checkRecordedInventory } from './recorded-inventory.js';
import { noteEarlierWrites } from './kept-results.js';
import { relativePath } from './resumed-flags.js';
import { onlyChanged } from './changed-since.js';
import type { ExportedFormat } from './formats.js';
import type { ChangedSinceFlags, PrintNote } from './changed-since.js';
import { printProblems } from '../output.js';
import type { Environment } from '../environment.js';
import { cutOffRun, howToContinue, readFleetDocument } from './saved-fleet.js';
import { shardOf } from './shard.js';

/** Flags that choose instances. */
export interface SelectionFlags extends ChangedSinceFlags {
  inventory: string;
  only?: readonly string[] | undefined;
  except?: readonly string[] | undefined;
  where?: readonly string[] | undefined;
  wave?: readonly string[] | undefined;
  failedFrom?: string | undefined;
  /** `i/n`, or `auto`. */
  shard?: string | undefined;
  /** The selection of saved plans; instances outside of it are left out. */
  planned?: FleetSelection | undefined;
  /** The folder of these plans, relative to the working directory. */
  plans?: string | undefined;
  /** Identifies what that folder contains. */
  plansDigest?: string | undefined;
  /** True for a dry run of an apply. */
  dryRun?: boolean | undefined;
  /** The exported format. Default: snapshots. */
  exported?: ExportedFormat | undefined;
}

/** An inventory and the selected entries. */
export interface OpenFleet {
  inventory: Inventory;
  /** Sorted by name. */
  entries: readonly FleetEntry[];
  selection: FleetSelection;
  /** The names before `--failed-from` and `--changed-since`, which may leave none; left out for a resumed run. */
  chosen?: readonly string[];
  /** Names that are only in the revision of `--changed-since`. */
  disappeared?: readonly string[];
  /** Why nothing is selected. Shown once no error of usage can follow. */
  nothing?: readonly string[];
}

/**
 * Reads an inventory, prints its warnings, and selects. Raises every problem of the inventory at once. The caller prints why
 * nothing is selected.
 */
export async function openFleet(flags: SelectionFlags, environment: Environment): Promise<OpenFleet> {
  const inventory = await readInventory(flags.inventory, environment);
  return selectFleet(inventory, flags, { environment, print: (line) => note(environment, line) });
}

/** Prints why nothing is selected. */
export async function noteNothing({ nothing = [] }: OpenFleet, environment: Environment): Promise<void> {
  for (const line of nothing) await note(environment, `note: ${line}`);
}

/** Selects entries of an inventory. `print` is given notes for people. */
export async function selectFleet(
  inventory: Inventory,
  flags: SelectionFlags,
  { environment, print }: { environment: Environment; print: PrintNote },
): Promise<OpenFleet> {
  const waves = [...new Set([...inventory.waves.map(({ name }) => name), 'rest'])];
  const allGone = missingNames(inventory, flags.planned);
  const chosen = selectEntries(inventory.entries, flags, { waves, gone: allGone });
  for (const label of unknownNegatedLabels(inventory.entries, flags.where ?? []))
    await print(`note: no instance of the fleet has the label ${quotedName(label)}, so its term matches all`);
  const chosenGone = selectNames(allGone, flags);
  const failed = flags.failedFrom === undefined ? null : await failedIn(flags.failedFrom, flags, environment);
  await noteDisappeared([...(failed ?? [])], { inventory, flags, print });
  if (selectsNothing({ entries: chosen, gone: chosenGone }, flags.planned)) throw selectedNothing();
  const chosenNames = [...chosen.map(({ name }) => name), ...chosenGone];
  const entries = failed === null ? chosen : chosen.filter(({ name }) => failed.has(name));
  const gone = failed === null ? chosenGone : chosenGone.filter((name) => failed.has(name));
  const nothing: string[] = [];
  if (failed !== null && selectsNothing({ entries, gone }, flags.planned))
    nothing.push('nothing to do: no selected instance failed');
  const { cwd } = environment;
  const changed = await onlyChanged({ inventory, entries }, flags, { cwd, print });
  const { entries: left, disappeared } = changed;
  if (changed.nothing !== null) nothing.push(changed.nothing);
  const shard = await shardOf(flags.shard, environment);
  const names = [...left.map(({ name }) => name), ...gone];
  const given = flagsOf(flags, cwd);
  const selection = flags.planned
    ? narrowPlannedSelection({ names, shard, flags: given }, flags.planned)
    : makeSelection(given, names, shard);
  if (wholeSelection(selection).length > 0 && selection.names.length === 0)
    nothing.push(`nothing to do: ${pastTheEnd(selection)}`);
  const own = new Set(selection.names);
  return {
    ...{ inventory, entries: left.filter(({ name }) => own.has(name)), selection },
    ...{ chosen: chosenNames, disappeared, nothing },
  };
}

/** Prints which selected names failed and are no longer in the inventory. Those of saved plans are refused instead. */
async function noteDisappeared(
  failed: readonly string[],
  { inventory, flags, print }: { inventory: Inventory; flags: SelectionFlags; print: PrintNote },
): Promise<void> {
  const known = new Set([
    ...inventory.entries.map(({ name }) => name),
    ...missingNames(inventory, flags.planned),
  ]);
  const disappeared = selectNames(failed, flags).filter((name) => !known.has(name));
  if (disappeared.length === 0) return;
  const list = disappeared.map(oneLine).join(', ');
  await print(`note: failed, no longer in the inventory, and left as they are: ${list}`);
}

/** What a resumed run must have in common with the earlier one. */
interface ResumedRun {
  command: FleetCommand;
  /** Identifies the addresses of the instances. */
  addresses: string | undefined;
  environment: Environment;
}

/**
 * Opens the inventory and selection of an earlier run. Raises `usage` if the run was of another command or with other
 * addresses, or the inventory has changed since.
 */
export async function openResumed(
  folder: string,
  { command, addresses, environment }: ResumedRun,
): Promise<OpenFleet> {
  const log = await readCheckedLog(resolve(environment.cwd, folder));
  if (!log) {
    throw usageError(`${quotedName(folder)} is not the folder of a fleet run`, {
      what: '--resume',
      hint: 'specify the folder that a fleet run wrote its documents into',
    });
  }
  const { header } = log;
  if (header.command !== command) {
    throw usageError(
      `the run in ${quotedName(folder)} is a fleet ${runTitle(header)}, not a fleet ${command}`,
      {
        what: '--resume',
        hint: howToContinue(header.command, folder),
      },
    );
  }
  const hint = `start a new run with --failed-from ${shellPath(folder)}`;
  await checkRecordedInventory(header.inventory, hint, environment);
  const inventory = await readInventory(header.inventory.file, environment);
  if (inventory.digest !== header.inventory.digest) {
    throw usageError('the inventory has changed since the run began', {
      what: '--resume',
      hint,
    });
  }
  refuseOtherAddresses(header, addresses);
  noteEarlierWrites(log, environment);
  const names = new Set(header.selection.names);
  const entries = inventory.entries.filter(({ name }) => names.has(name));
  return { inventory, entries, selection: header.selection };
}

/** What a run completed at other addresses must not count as completed at these. Logs of earlier versions have no digest. */
function refuseOtherAddresses({ addresses }: FleetRunHeader, own: string | undefined): void {
  if (addresses === undefined || addresses === own) return;
  throw usageError('the run was started with other addresses of the instances', {
    what: '--resume',
    hint: 'use --base-url (or DOMO_BASE_URL) as in that run, or start a new run in another folder',
  });
}

/** Reads and checks an inventory, records its files as inputs of this run, and prints its warnings. */
export async function readInventory(file: string, environment: Environment): Promise<Inventory> {
  const found = await loadNoted(file, environment);
  const { inventory, problems, sources } = found;
  if (!inventory)
    throw new InvalidManifest(problems, { files: found.files.map(({ path }) => path), sources });
  await printProblems(environment, problems, sources);
  return inventory;
}

/** Loads an inventory, and records its files as inputs of this run. */
export async function loadNoted(file: string, environment: Environment): Promise<LoadedInventory> {
  const found = await loadInventory(file, { cwd: environment.cwd, now: timeOf(environment) });
  await noteInputs(
    environment,
    found.files.map(({ path }) => path),
  );
  return found;
}

const FLAGS = ['only', 'except', 'where', 'wave', 'changedSince', 'failedFrom', 'plans', 'exported'] as const;

function flagsOf(flags: SelectionFlags, cwd: string): FleetSelection['flags'] {
  const given = FLAGS.flatMap((flag) => {
    const value = flag === 'failedFrom' ? flags[flag] && relativePath(flags[flag], cwd) : flags[flag];
    return value === undefined ? [] : [[flag, value] as const];
  });
  return Object.fromEntries(given);
}

/** The names that failed or were not started in an earlier run, even if it was interrupted before it wrote a document. */
async function failedIn(
  file: string,
  { dryRun = false }: Pick<SelectionFlags, 'dryRun'>,
  environment: Environment,
): Promise<ReadonlySet<string>> {
  const log = await cutOffRun(file, environment);
  if (log?.header.command === 'dry-run' && !dryRun) throw onlyRehearsed(file);
  if (log) return new Set(log.header.selection.names.filter((name) => isLeft(log, name)));
  const document = await readFleetDocument(file, environment);
  if (document.command === 'dry-run' && !dryRun) throw onlyRehearsed(file);
  const left = document.rows.filter(isToRepeat);
  return new Set(left.map(({ instance }) => instance));
}

/** The error for a dry run in place of a run: its other instances were not applied either. */
function onlyRehearsed(file: string): ProblemError {
  return usageError(`the run in ${quotedName(file)} is a dry run, which applied nothing`, {
    what: '--failed-from',
    hint: 'select the instances with --only, or repeat the dry run with --dry-run --failed-from',
  });
}

/** Did an instance fail, or not start, or start and not end? */
function isLeft({ ended, begun }: FleetLog, name: string): boolean {
  const row = ended.get(name);
  return row === undefined || begun.has(name) || isToRepeat(row);
}

function selectedNothing(): ProblemError {
  return usageError('no instance of the fleet was selected', {
    hint: 'loosen --only, --except, --where or --wave; fleet list prints what they select',
  });
}
