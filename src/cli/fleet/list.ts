import { matrixOf, shardCount, shardsOf } from '../../fleet/matrix.js';
import { badShard } from '../../fleet/shard.js';
import type { Shard } from '../../fleet/shard.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import { byCodeUnit } from '../../model/sort.js';
import { styleOf } from '../../render/text/style.js';
import { table } from '../../render/text/tables.js';
import { numberOf } from '../../shell/flag-numbers.js';
import { print } from '../../shell/deliver.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { mayColour } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';
import type { ListFormat } from '../../shell/fleet/formats.js';
import { noteNothing, openFleet } from '../../shell/fleet/open-fleet.js';
import type { OpenFleet, SelectionFlags } from '../../shell/fleet/open-fleet.js';
import { jsonText } from '../../model/json-text.js';
import { refuseUnused } from '../../shell/unused-flags.js';

/** Default of `--per-shard`: instances per job. */
const PER_SHARD = 25;

/** `fleet list`: lists the selected instances. */
export async function list(
  flags: SelectionFlags & { format: ListFormat; perShard?: number | undefined },
  environment: Environment,
): Promise<Exit> {
  const perShard = numberOf('per-shard', flags.perShard);
  if (flags.shard !== undefined && (perShard !== null || flags.format === 'matrix'))
    throw badShard('--shard selects one part, which cannot be split again', 'leave out --shard');
  const { format } = flags;
  refuseUnusedFlags(flags);
  const fleet = await openFleet(flags, environment);
  await noteNothing(fleet, environment);
  const colour = mayColour(environment.stdout, environment.env);
  await print(environment, await listText({ ...fleet, perShard }, format, colour));
  return EXIT.done;
}

/** Raises `usage` for flags that do not change what is listed. */
function refuseUnusedFlags(
  flags: SelectionFlags & { format: ListFormat; perShard?: number | undefined },
): void {
  if (flags.changedSince === undefined)
    refuseUnused(flags, ['policy'], (flag) => ({
      message: `${flag} needs --changed-since: a list of instances reads no manifest`,
      hint: `leave out ${flag}, or add --changed-since REV`,
    }));
  if (flags.format === 'names')
    refuseUnused(flags, ['perShard'], (flag) => ({
      message: `${flag} cannot be combined with --format names, which shows no shard`,
      hint: `leave out ${flag}, or use --format text`,
    }));
}

const HEAD = ['instance', 'wave', 'labels', 'manifest', 'suspended'];

async function listText(
  fleet: OpenFleet & { perShard: number | null },
  format: ListFormat,
  colour: boolean,
): Promise<string> {
  const { inventory, entries, selection, disappeared = [], perShard } = fleet;
  const shards = shardsIn(fleet);
  const isSplit = shards.size > 0;
  const head = isSplit ? ['shard', ...HEAD] : HEAD;
  const rows = entries.map((entry) => [
    ...(isSplit ? [shardText(shards.get(entry.name))] : []),
    ...cells(entry),
  ]);
  switch (format) {
    case 'names':
      return entries.map(({ name }) => `${name}\n`).join('');
    case 'matrix':
      return `${JSON.stringify(matrixOf(entries, perShard ?? PER_SHARD))}\n`;
    case 'csv':
      return (await import('../../render/csv/csv.js')).csvText(head, rows);
    case 'text':
      return table(head, rows, styleOf(colour));
    case 'json': {
      const instances = entries.map((entry) => entryDocument(entry, shards.get(entry.name)));
      return jsonText({
        formatVersion: 1,
        kind: 'answer',
        question: 'fleet list',
        answer: { fleet: inventory.name, selection, instances, disappeared },
      });
    }
  }
}

/** The shard of each instance; empty if the selection is not split. */
function shardsIn({
  selection,
  entries,
  perShard,
}: OpenFleet & { perShard: number | null }): ReadonlyMap<string, Shard> {
  const names = entries.map(({ name }) => name);
  const { shard } = selection;
  if (shard !== null) return new Map(names.map((name) => [name, shard]));
  return perShard === null ? new Map() : shardsOf(names, shardCount(names.length, perShard));
}

function shardText(shard: Shard | undefined): string {
  return shard ? `${shard.index}/${shard.count}` : '';
}

function cells({ name, wave, labels, manifest, suspended }: FleetEntry): string[] {
  return [name, wave, labelsText(labels), manifest.value, suspended?.reason ?? ''];
}

/** `region=eu tier=production`, sorted. */
export function labelsText(labels: FleetEntry['labels']): string {
  const pairs = [...labels].sort(([a], [b]) => byCodeUnit(a, b));
  return pairs.map(([label, value]) => `${label}=${value}`).join(' ');
}

function entryDocument(
  { name, wave, labels, manifest, suspended, overlay }: FleetEntry,
  shard: Shard | undefined,
): unknown {
  return {
    ...{ instance: name, wave, labels: Object.fromEntries(labels), manifest: manifest.value },
    ...{ overlay: overlay !== null, suspended, shard: shard ? shardText(shard) : null },
  };
}
