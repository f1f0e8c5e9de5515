import { parseAllowOf } from '../../fleet/allow-of.js';
import type { FleetCommand } from '../../fleet/document.js';
import { makeSelection } from '../../fleet/shard.js';
import type { Shard } from '../../fleet/shard.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import { REST_WAVE } from '../../inventory/inventory.js';
import { loadInventory } from '../../inventory/load-inventory.js';
import { selectEntries } from '../../inventory/select.js';
import type { SelectFlags } from '../../inventory/select.js';
import { InvalidManifest } from '../errors.js';
import type { RequestOptions } from '../connect.js';
import { timeOf } from '../runtime.js';
import type { Runtime } from '../runtime.js';
import { refuseUnknownSharedRules } from './allowed-rules.js';
import { entryManifests } from './entry-manifest.js';
import { openFleetFolder } from './fleet-folder.js';
import { headerOf } from './fleet-request.js';
import type { Access, FleetPlanningRequest } from './fleet-request.js';
import { refuseShardOfApply } from './shard-rules.js';

/** What a run over the instances of an inventory needs. Everything but the first six has a default. */
export interface FleetRunOptions {
  command: FleetCommand;
  /** The inventory's file, relative to `cwd`. */
  inventory: string;
  cwd: string;
  /** Absolute path of the folder of this run: empty, or one of its own. */
  folder: string;
  /** Where an instance is and the credential for it, or why there is none. */
  access: (entry: FleetEntry) => Access;
  runtime: Runtime;
  /** Left out, all entries. */
  select?: SelectFlags;
  /** Left out, all that is selected. */
  shard?: Shard;
  /** A policy file that is laid over every manifest. */
  policy?: string;
  /** As `--allow`: `NAME:CODE[=N]`. */
  allow?: readonly string[];
  reason?: string;
  /** Instances at once; 8 unless given. */
  atOnce?: number;
  instanceBudgetMs?: number;
  maxFailures?: number;
  requests?: RequestOptions;
}

/** What the verbs over many instances take, and the way to close its folder. */
export type FleetRun = FleetPlanningRequest & { close: () => Promise<void> };

/**
 * Reads an inventory, selects, and opens the folder of a run.
 *
 * @throws InvalidManifest with every problem of the inventory.
 */
export async function openFleetRun(options: FleetRunOptions): Promise<FleetRun> {
  const { cwd, runtime, select = {}, policy, access, reason } = options;
  const { inventory, problems, files, sources } = await loadInventory(options.inventory, {
    cwd,
    now: timeOf(runtime),
  });
  if (!inventory) throw new InvalidManifest(problems, { files: files.map(({ path }) => path), sources });
  const waves = [...inventory.waves.map(({ name }) => name), REST_WAVE];
  const entries = selectEntries(inventory.entries, select, { waves });
  const names = entries.map(({ name }) => name);
  const selection = makeSelection(flagsOf(select), names, options.shard ?? null);
  const own = new Set(selection.names);
  if (options.command === 'apply') refuseShardOfApply({ inventory, selection }, false);
  const allowOf = parseAllowOf(options.allow ?? [], names);
  const manifestOf = entryManifests(inventory, { cwd, policy });
  await refuseUnknownSharedRules(allowOf, { entries, manifestOf });
  const header = headerOf({ inventory, selection, runtime }, options.command);
  const folder = await openFleetFolder(options.folder, header);
  return {
    ...{ inventory, selection, runtime, access, folder, allowOf, reason },
    entries: entries.filter(({ name }) => own.has(name)),
    manifestOf,
    requests: options.requests ?? {},
    atOnce: options.atOnce ?? 8,
    instanceBudgetMs: options.instanceBudgetMs ?? null,
    maxFailures: options.maxFailures ?? null,
    roots: [options.folder, cwd],
    close: () => folder.close(),
  };
}

function flagsOf(select: SelectFlags): Record<string, readonly string[]> {
  const given = Object.entries(select) as [string, readonly string[] | undefined][];
  return Object.fromEntries(given.flatMap(([flag, value]) => (value === undefined ? [] : [[flag, value]])));
}
