import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { FLEET_FILES, isToRepeat } from '../../fleet/document.js';
import type { FleetCommand, FleetDocument, FleetSelection } from '../../fleet/document.js';
import { makeSelection, wholeSelection } from '../../fleet/shard.js';
import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { loadInventory } from '../../inventory/load-inventory.js';
import { selectEntries, selectNames } from '../../inventory/select.js';
import { parsedOrNull } from '../../model/json-text.js';
import { quotedName } from '../../model/names.js';
import { ProblemError, problem, usageError } from '../../problem/problem.js';
import { InvalidManifest } from '../../reconcile/errors.js';
import { readCheckedLog } from '../../reconcile/fleet/fleet-log.js';
import type { FleetLog } from '../../reconcile/fleet/fleet-log.js';
import { timeOf } from '../../reconcile/runtime.js';
import { runTitle } from '../../render/fleet/fleet-facts.js';
import { shellPath } from '../../render/format/shell-word.js';
import { note } from '../deliver.js';
import { noteInputs } from '../ledger.js';
import { missingNames, selectsNothing, narrowPlannedSelection } from './planned-selection.js';
import { checkRecordedInventory } from './recorded-inventory.js';
import { relativePath } from './resumed-flags.js';
import { onlyChanged } from './changed-since.js';
import type { ChangedSinceFlags } from './changed-since.js';
import { printProblems } from '../output.js';
import type { Environment } from '../environment.js';
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
  exported?: 'manifest' | undefined;
}

/** Options of reading an inventory. */
export interface InventoryOptions {
  /** Print its warnings on stderr? False for commands that report problems themselves. */
  printWarnings?: boolean;
}

/** An inventory and the selected entries. */
export interface OpenFleet {
  inventory: Inventory;
  /** Sorted by name. */
  entries: readonly FleetEntry[];
  selection: FleetSelection;
  /** Names that are only in the revision of `--changed-since`. */
  disappeared?: readonly string[];
}

/** Reads an inventory, prints its warnings, and selects. Raises every problem of the inventory at once. */
export async function openFleet(
  flags: SelectionFlags,
  environment: Environment,
  options: InventoryOptions = {},
): Promise<OpenFleet> {
  const inventory = await readInventory(flags.inventory, environment, options);
  const waves = [...new Set([...inventory.waves.map(({ name }) => name), 'rest'])];
  const allGone = missingNames(inventory, flags.planned);
  const chosen = selectEntries(inventory.entries, flags, { waves, gone: allGone });
  const chosenGone = selectNames(allGone, flags);
  const failed = flags.failedFrom === undefined ? null : await failedIn(flags.failedFrom, flags, environment);
  if (selectsNothing({ entries: chosen, gone: chosenGone }, flags.planned)) throw selectedNothing();
  const entries = failed === null ? chosen : chosen.filter(({ name }) => failed.has(name));
  const gone = failed === null ? chosenGone : chosenGone.filter((name) => failed.has(name));
  if (failed !== null && selectsNothing({ entries, gone }, flags.planned))
    await note(environment, 'note: nothing to do: no selected instance failed');
  const { entries: left, disappeared } = await onlyChanged({ inventory, entries }, flags, environment);
  const shard = await shardOf(flags.shard, environment);
  const names = [...left.map(({ name }) => name), ...gone];
  const given = flagsOf(flags, environment.cwd);
  const selection = flags.planned
    ? narrowPlannedSelection({ names, shard, flags: given }, flags.planned)
    : makeSelection(given, names, shard);
  if (wholeSelection(selection).length > 0 && selection.names.length === 0)
    await note(environment, `note: nothing to do: ${pastTheEnd(selection)}`);
  const own = new Set(selection.names);
  return { inventory, entries: left.filter(({ name }) => own.has(name)), selection, disappeared };
}

function pastTheEnd({ shard, all = [] }: FleetSelection): string {
  const count = `${all.length} ${all.length === 1 ? 'instance' : 'instances'}`;
  return `shard ${shard?.index} of ${shard?.count} has none of ${count}`;
}

/**
 * Opens the inventory and selection of an earlier run. Raises `usage` if the run was of another command, or the inventory
 * has changed since.
 */
export async function openResumed(
  folder: string,
  { command, environment }: { command: FleetCommand; environment: Environment },
): Promise<OpenFleet> {
  const log = await readCheckedLog(resolve(environment.cwd, folder));
  if (!log) {
    throw usageError(`${quotedName(folder)} is not the folder of a fleet run`, {
      what: '--resume',
      hint: 'name the folder that a fleet run wrote its documents into',
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
  const names = new Set(header.selection.names);
  const entries = inventory.entries.filter(({ name }) => names.has(name));
  return { inventory, entries, selection: header.selection };
}

/** Reads and checks an inventory, and records its files as inputs of this run. */
export async function readInventory(
  file: string,
  environment: Environment,
  { printWarnings = true }: InventoryOptions = {},
): Promise<Inventory> {
  const found = await loadInventory(file, { cwd: environment.cwd, now: timeOf(environment) });
  const files = found.files.map(({ path }) => path);
  await noteInputs(environment, files);
  if (!found.inventory) throw new InvalidManifest(found.problems, { files, sources: found.sources });
  if (printWarnings) await printProblems(environment, found.problems, found.sources);
  return found.inventory;
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

/** The log of an interrupted run, which has no document; null otherwise. */
async function cutOffRun(folder: string, { cwd }: Environment): Promise<FleetLog | null> {
  const path = resolve(cwd, folder);
  const isFinished = await stat(join(path, FLEET_FILES.document)).catch(() => null);
  return isFinished ? null : readCheckedLog(path);
}

/** Did an instance fail, or not start, or start and not end? */
function isLeft({ ended, begun }: FleetLog, name: string): boolean {
  const row = ended.get(name);
  return row === undefined || begun.has(name) || isToRepeat(row);
}

/** Reads a fleet document: the file, or the `fleet.json` of a folder. */
export async function readFleetDocument(path: string, environment: Environment): Promise<FleetDocument> {
  const file = resolve(environment.cwd, path);
  const text = await readFile(file, 'utf8')
    .catch(() => readFile(resolve(file, FLEET_FILES.document), 'utf8'))
    .catch(async (cause: unknown) => {
      const log = await cutOffRun(path, environment);
      if (log) throw cutOff(path, log);
      const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
      throw badDocument(path, `there is no fleet document (${code})`);
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

function badDocument(file: string, message: string): ProblemError {
  return new ProblemError(
    problem('bad-file', `${quotedName(file)}: ${message}`, {
      where: { file },
      hint: 'a fleet run writes fleet.json into its folder',
    }),
  );
}

/** The hint for a run that did not end. */
function howToContinue(command: FleetCommand, folder: string): string {
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

function selectedNothing(): ProblemError {
  return usageError('no instance of the fleet was selected', {
    hint: 'loosen --only, --except, --where or --wave; fleet list prints what they select',
  });
}
