import type { FleetEntry } from '../../inventory/inventory.js';
import { csvText } from '../../render/csv/csv.js';
import { styleOf } from '../../render/text/style.js';
import { table } from '../../render/text/tables.js';
import { print } from '../../shell/deliver.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { mayColour } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';
import type { ListFormat } from '../../shell/fleet/formats.js';
import { openFleet } from '../../shell/fleet/open-fleet.js';
import type { OpenFleet, SelectionFlags } from '../../shell/fleet/open-fleet.js';
import { json } from '../../shell/output.js';

/** `fleet list`: what a selection chooses. */
export async function list(
  flags: SelectionFlags & { format: ListFormat },
  world: Environment,
): Promise<Exit> {
  const fleet = await openFleet(flags, world);
  await print(world, listText(fleet, flags.format, mayColour(world.stdout, world.env)));
  return EXIT.done;
}

const HEAD = ['instance', 'wave', 'labels', 'manifest', 'suspended'];

function listText(
  { inventory, entries, selection, disappeared = [] }: OpenFleet,
  format: ListFormat,
  colour: boolean,
): string {
  switch (format) {
    case 'names':
      return entries.map(({ name }) => `${name}\n`).join('');
    case 'csv':
      return csvText(HEAD, entries.map(cells));
    case 'text':
      return table(HEAD, entries.map(cells), styleOf(colour));
    case 'json':
      return json({
        formatVersion: 1,
        kind: 'answer',
        question: 'fleet list',
        answer: { fleet: inventory.name, selection, instances: entries.map(entryDocument), disappeared },
      });
  }
}

function cells({ name, wave, labels, manifest, suspended }: FleetEntry): string[] {
  const pairs = [...labels].sort(([a], [b]) => (a < b ? -1 : 1)).map(([label, value]) => `${label}=${value}`);
  return [name, wave, pairs.join(' '), manifest.value, suspended?.reason ?? ''];
}

function entryDocument({ name, wave, labels, manifest, suspended, overlay }: FleetEntry): unknown {
  return {
    ...{ instance: name, wave, labels: Object.fromEntries(labels), manifest: manifest.value },
    ...{ overlay: overlay !== null, suspended },
  };
}
