import type { Exit } from '../../shell/exit.js';
import type { ResultFormat } from '../../shell/formats.js';
import { EXIT } from '../../shell/exit.js';
import { printResult } from '../../shell/deliver.js';
import { mayColour } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';
import { readInventory } from '../../shell/fleet/open-fleet.js';
import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { didYouMean } from '../../model/suggest.js';
import { quotedName } from '../../model/quoted-name.js';
import { usageError, type ProblemError } from '../../problem/problem.js';
import { entryManifests } from '../../reconcile/fleet/entry-manifest.js';
import { effectiveManifest } from '../../access/effective-manifest.js';
import { oneLine } from '../../render/format/one-line.js';
import { effectiveText } from '../../render/text/effective.js';
import { styleOf } from '../../render/text/style.js';
import { labelsText } from './list.js';

/** `fleet show`: the effective manifest of one instance, each value with the file and line it came from. */
export async function show(
  flags: { name: string; inventory: string; policy?: string | undefined; format: ResultFormat },
  environment: Environment,
): Promise<Exit> {
  const inventory = await readInventory(flags.inventory, environment);
  const entry = inventory.entries.find(({ name }) => name === flags.name);
  if (!entry) throw unknownName(flags.name, inventory);
  const manifest = await entryManifests(inventory, { cwd: environment.cwd, policy: flags.policy })(entry);
  const values = effectiveManifest(manifest.loaded);
  const document = {
    formatVersion: 1,
    kind: 'answer',
    question: 'fleet show',
    answer: {
      ...{ instance: entry.name, wave: entry.wave, labels: Object.fromEntries(entry.labels) },
      ...{ manifest: entry.manifest.value, suspended: entry.suspended, values },
    },
  };
  const style = styleOf(mayColour(environment.stdout, environment.env));
  const text = (): string => `${entryText(entry)}\n\n${effectiveText(values, style)}`;
  await printResult(environment, flags.format, { text, document });
  return EXIT.done;
}

/** `acme · wave production · region=eu tier=production · base.yaml`: what the inventory says of the instance. */
function entryText({ name, wave, labels, manifest, suspended }: FleetEntry): string {
  const until = suspended?.until === null ? '' : ` until ${suspended?.until}`;
  return [
    ...[name, `wave ${oneLine(wave)}`, labelsText(labels), oneLine(manifest.value)],
    suspended ? `suspended${until}: ${oneLine(suspended.reason)}` : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function unknownName(name: string, { entries }: Inventory): ProblemError {
  const names = entries.map((entry) => entry.name);
  const hint = didYouMean(name, names) ?? 'fleet list prints the names';
  return usageError(`the fleet has no instance ${quotedName(name)}`, { hint });
}
