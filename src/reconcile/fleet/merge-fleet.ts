import { isAbsolute, resolve, sep } from 'node:path';
import pLimit from 'p-limit';
import type { FleetTry } from '../../fleet/agree.js';
import type { FleetDocument } from '../../fleet/document.js';
import { mergeFleets } from '../../fleet/merge.js';
import { wholeSelection } from '../../fleet/shard.js';
import type { RowSubject } from '../../fleet/rows.js';
import { REST_WAVE } from '../../inventory/inventory.js';
import type { Inventory } from '../../inventory/inventory.js';
import { loadInventory } from '../../inventory/load-inventory.js';
import { realPlaceOf } from '../../manifest/files/paths.js';
import { quotedName } from '../../model/quoted-name.js';
import { shortenedList } from '../../model/shortened-list.js';
import { checkList } from '../../problem/given.js';
import { ProblemError, usageError } from '../../problem/problem.js';
import { timeOf } from '../runtime.js';
import type { Runtime } from '../runtime.js';
import { copyInstances } from './copy-instances.js';
import { documentsOf, withoutDocuments } from './finish-fleet.js';
import { takeFleetFolder } from './folder-lock.js';
import { LOG_FORMAT } from './fleet-log.js';
import type { FleetRunHeader } from './fleet-log.js';
import { differingManifests } from './differing-manifests.js';
import { findRun, tryOf } from './read-try.js';
import type { FoundRun } from './read-try.js';

/** Options of a merge. */
export interface MergeRequest {
  /** In any order. */
  folders: readonly string[];
  /** The directory that folders are relative to. */
  cwd: string;
  /** Absolute path of the folder for the merged run: empty, or from a fleet run. */
  out: string;
  runtime: Runtime;
  /** Called for the folder of a run that was killed before it wrote anything: its instances are missing. */
  onEmpty?: ((folder: string) => void | Promise<void>) | undefined;
  /** Takes what is worth knowing of the merged run, one line each. */
  onWarning?: ((line: string) => void | Promise<void>) | undefined;
  /** Takes the line that documents of instances are in none of the folders, so that the merged run is not whole. Default: `onWarning`. */
  onLost?: ((line: string) => void | Promise<void>) | undefined;
}

/**
 * Merges the folders of shards into one, as if a single run had written it; `apply`, `report` and `--resume` accept it.
 *
 * @throws ProblemError if the folders are not shards of one run.
 */
export async function mergeFleet(request: MergeRequest): Promise<FleetDocument> {
  const { cwd, out, runtime } = request;
  checkList('folders', request.folders);
  const runs = await runsIn(request);
  await refuseOutIn(out, runs);
  const inventory = await inventoryOf(runs, { cwd, runtime });
  const subjectOf = subjectsOf(inventory, runs);
  const tries = new Map<FleetTry, FoundRun>();
  for (const run of runs) tries.set(await tryOf(run, subjectOf), run);
  const madeAt = timeOf(runtime);
  const { document, triesOf } = mergeFleets([...tries.keys()], {
    ...{ madeAt, subjectOf, waves: inventory?.waves ?? [] },
  });
  const { command, fleet, selection, madeBy } = document;
  const header: FleetRunHeader = {
    ...{ event: 'run', formatVersion: LOG_FORMAT, command, fleet, inventory: document.inventory, selection },
    ...{ madeBy, at: madeAt },
    ...optionsOf(runs),
  };
  const folder = await takeFleetFolder(out, header, { mode: 'fresh', runtime });
  try {
    const pathsOf = ([name, found]: [string, readonly FleetTry[]]): [string, string[]] => [
      name,
      found.flatMap((one) => {
        const run = tries.get(one);
        return run?.ownsFiles ? [run.path] : [];
      }),
    ];
    await warnOfManifests(new Map([...triesOf].map(pathsOf)), request);
    await copyInstances(new Map([...triesOf].map(pathsOf)), out);
    const missing = await folder.missingDocuments(document.rows);
    const { onLost = request.onWarning } = request;
    if (missing.size > 0) await onLost?.(`${documentsOf(missing)} are not in the folders of the shards`);
    const merged = { ...document, rows: withoutDocuments(document.rows, missing) };
    await folder.endAll(merged.rows, madeAt);
    await folder.finish(merged);
    return merged;
  } finally {
    await folder.close();
  }
}

/** What `--resume` reads from the folder: the flags of the shards, and the digest of their plans if they share them. */
function optionsOf(runs: readonly FoundRun[]): Pick<FleetRunHeader, 'options' | 'policy' | 'plans'> {
  const { options, policy } = runs.find(({ log }) => log?.header.options !== undefined)?.log?.header ?? {};
  const [plans, ...others] = new Set(runs.map(({ log }) => log?.header.plans));
  return {
    ...(options === undefined ? {} : { options }),
    ...(policy === undefined ? {} : { policy }),
    ...(plans === undefined || others.length > 0 ? {} : { plans }),
  };
}

/** A shard that ran again after a manifest was corrected is no mistake, and two commits in one run may be one. */
async function warnOfManifests(
  foldersOf: ReadonlyMap<string, readonly string[]>,
  { onWarning }: MergeRequest,
): Promise<void> {
  const last = [...foldersOf].flatMap(([name, folders]) =>
    folders.slice(-1).map((path) => [name, path] as const),
  );
  const files = await differingManifests(new Map(last));
  if (files.length === 0) return;
  const names = shortenedList(files.map(quotedName), FILES_SHOWN);
  await onWarning?.(`the shards read different versions of ${names}: run all of them from one commit`);
}

const FILES_SHOWN = 5;

/** Folders that are read together. */
const FOLDERS_AT_ONCE = 16;

/** Reads the folders; one that is named twice is read once. */
async function runsIn({ folders, cwd, onEmpty }: MergeRequest): Promise<FoundRun[]> {
  const byPath = new Map<string, string>();
  for (const folder of folders) {
    const path = await realPlaceOf(resolve(cwd, folder));
    byPath.set(path, byPath.get(path) ?? folder);
  }
  const window = pLimit(FOLDERS_AT_ONCE);
  const found = await Promise.all(
    [...byPath].map(([path, folder]) => window(async () => ({ folder, run: await findRun(folder, path) }))),
  );
  for (const { folder, run } of found) if (!run) await onEmpty?.(folder);
  return found.flatMap(({ run }) => run ?? []);
}

/** Rejects an output folder that overlaps with an input: it is cleared first. */
async function refuseOutIn(out: string, runs: readonly FoundRun[]): Promise<void> {
  const target = `${await realPlaceOf(out)}${sep}`;
  const run = runs.find(
    ({ path }) => target.startsWith(`${path}${sep}`) || `${path}${sep}`.startsWith(target),
  );
  if (!run) return;
  throw usageError(`--out and ${quotedName(run.folder)} overlap: one contains the other`, {
    what: '--out',
    hint: 'use another folder',
  });
}

/** The inventory of the runs, if it still exists unchanged: it describes missing instances. */
async function inventoryOf(
  runs: readonly FoundRun[],
  { cwd, runtime }: { cwd: string; runtime: Runtime },
): Promise<Inventory | null> {
  const facts = factsOf(runs[0])?.inventory;
  if (isComplete(runs)) return null;
  const file: unknown = facts?.file;
  if (typeof file !== 'string' || isAbsolute(file) || file.split('/').includes('..')) return null;
  const found = await loadInventory(file, { cwd, now: timeOf(runtime) }).catch((error: unknown) => {
    if (error instanceof ProblemError) return null;
    throw error;
  });
  return found?.inventory?.digest === facts?.digest ? (found?.inventory ?? null) : null;
}

/** Does every instance have a row? If so, the inventory is not needed. */
function isComplete(runs: readonly FoundRun[]): boolean {
  const rows = new Set(runs.flatMap(({ document }) => document?.rows.map(({ instance }) => instance) ?? []));
  return runs.every(
    ({ document }) => document && wholeSelection(document.selection).every((name) => rows.has(name)),
  );
}

/** Labels and waves of instances without a row. */
function subjectsOf(inventory: Inventory | null, runs: readonly FoundRun[]): (name: string) => RowSubject {
  const entries = new Map(inventory?.entries.map((entry) => [entry.name, entry]));
  const flag = factsOf(runs[0])?.selection.flags.wave;
  const [only = REST_WAVE, ...more] = Array.isArray(flag) ? (flag as string[]) : [];
  const wave = more.length === 0 ? only : REST_WAVE;
  return (name) => entries.get(name) ?? { name, labels: new Map(), wave };
}

function factsOf(run: FoundRun | undefined): Pick<FleetDocument, 'inventory' | 'selection'> | undefined {
  return run?.document ?? run?.log?.header;
}
