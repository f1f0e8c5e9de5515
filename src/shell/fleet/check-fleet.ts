import { InvalidManifest } from '../../reconcile/errors.js';
import { validateFleet } from '../../reconcile/fleet/validate-fleet.js';
import type { FleetValidation } from '../../reconcile/fleet/validate-fleet.js';
import type { Environment } from '../environment.js';
import { noteInputs } from '../ledger.js';
import { readCatalogue } from '../validation.js';
import { openFleet } from './open-fleet.js';
import type { SelectionFlags } from './open-fleet.js';

/** The problems of an invalid inventory; else its warnings and the problems of all selected manifests. */
export async function checkFleet(
  flags: SelectionFlags & { catalogue?: string | undefined },
  environment: Environment,
): Promise<FleetValidation & { summary: string }> {
  const catalogue = await readCatalogue(flags.catalogue, environment);
  try {
    const { inventory, entries } = await openFleet(flags, environment, { printWarnings: false });
    const found = await validateFleet(inventory, entries, {
      cwd: environment.cwd,
      policy: flags.policy,
      catalogue,
    });
    await noteInputs(environment, found.files);
    const count = `${entries.length} ${entries.length === 1 ? 'instance' : 'instances'}`;
    return { ...found, summary: `${inventory.file}: valid (${count})` };
  } catch (error) {
    if (!(error instanceof InvalidManifest)) throw error;
    const { problems, files, sources } = error;
    return { problems, files, sources, summary: '' };
  }
}
