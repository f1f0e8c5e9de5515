import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { ProblemError } from '../../problem/problem.js';
import { validateFleet } from '../../reconcile/fleet/validate-fleet.js';
import type { FleetValidation } from '../../reconcile/fleet/validate-fleet.js';
import { note } from '../deliver.js';
import type { Environment } from '../environment.js';
import { noteInputs } from '../ledger.js';
import { readCatalogue } from '../validation.js';
import { loadNoted, noteNothing, selectFleet } from './open-fleet.js';
import type { SelectionFlags } from './open-fleet.js';

/**
 * The problems of an inventory and of all selected manifests. If the inventory is invalid, those of the manifests that
 * it names without doubt.
 */
export async function checkFleet(
  flags: SelectionFlags & { catalogue?: string | undefined },
  environment: Environment,
): Promise<FleetValidation & { summary: string }> {
  const catalogue = await readCatalogue(flags.catalogue, environment);
  const {
    inventory: whole,
    partial,
    problems,
    sources,
    ...read
  } = await loadNoted(flags.inventory, environment);
  const invalid = { problems, sources, files: read.files.map(({ path }) => path), summary: '' };
  const inventory = whole ?? partial;
  if (inventory === null) return invalid;
  const entries = await (whole
    ? selected(whole, flags, environment)
    : selectedIfPossible(inventory, flags, environment));
  if (entries === null) return invalid;
  const { cwd } = environment;
  const found = await validateFleet(inventory, entries, { cwd, policy: flags.policy, catalogue });
  await noteInputs(environment, found.files);
  const count = `${entries.length} ${entries.length === 1 ? 'instance' : 'instances'}`;
  return { ...found, summary: `${inventory.file}: valid (${count})` };
}

async function selected(
  inventory: Inventory,
  flags: SelectionFlags,
  environment: Environment,
): Promise<readonly FleetEntry[]> {
  const print = (line: string): Promise<void> => note(environment, line);
  const fleet = await selectFleet(inventory, flags, { environment, print });
  await noteNothing(fleet, environment);
  return fleet.entries;
}

/**
 * The selected entries of a part of an inventory; null if the flags cannot select from it. Notes would be about the
 * missing entries too.
 */
async function selectedIfPossible(
  partial: Inventory,
  flags: SelectionFlags,
  environment: Environment,
): Promise<readonly FleetEntry[] | null> {
  try {
    return (await selectFleet(partial, flags, { environment, print: async () => {} })).entries;
  } catch (error) {
    if (error instanceof ProblemError) return null;
    throw error;
  }
}
