import { parseAllowOf } from '../../fleet/allow-of.js';
import type { FleetCommand } from '../../fleet/document.js';
import { goesInWaves } from '../../fleet/exit.js';
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
import { takeFleetFolder } from './folder-lock.js';
import { headerOf } from './fleet-request.js';
import type { Access, FleetPlanningRequest } from './fleet-request.js';
import { refuseShardOfApply } from './shard-rules.js';

/** Options of a fleet run. All but the first six have defaults. */
export interface FleetRunOptions {
  command: FleetCommand;
  /** The inventory file, relative to `cwd`. */
  inventory: string;
  cwd: string;
  /** Absolute path of the folder of this run: empty, or from an earlier fleet run. */
  folder: string;
  /** Resolves the address and credential of an instance. */
  access: (entry: FleetEntry) => Access;
  runtime: Runtime;
  /** Default: all entries. */
  select?: SelectFlags;
  /** Default: the whole selection. */
  shard?: Shard;
  /** A policy file to apply to every manifest. */
  policy?: string;
  /** In the form of `--allow`: `NAME:CODE[=N]`. */
  allow?: readonly string[];
  reason?: string;
  /** Concurrent instances. Default 8. */
  atOnce?: number;
  instanceBudgetMs?: number;
  maxFailures?: number;
  requests?: RequestOptions;
}

/** The request for fleet commands, with `close` for its folder. */
export type FleetRun = FleetPlanningRequest & { close: () => Promise<void> };

/**
 * Reads an inventory, selects instances, and opens the folder of a run.
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
  if (goesInWaves(options.command)) refuseShardOfApply({ inventory, selection, allOrNothing: false });
  const allowOf = parseAllowOf(options.allow ?? [], names);
  const manifestOf = entryManifests(inventory, { cwd, policy });
  await refuseUnknownSharedRules(allowOf, { entries, manifestOf });
  const header = headerOf({ inventory, selection, runtime }, options.command);
  const folder = await takeFleetFolder(options.folder, header, {
    mode: options.command === 'dry-run' ? 'fresh' : 'either',
    runtime,
  });
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
