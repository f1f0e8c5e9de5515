import { InvalidManifest } from '../../reconcile/errors.js';
import { validateFleet } from '../../reconcile/fleet/validate-fleet.js';
import type { FleetValidation } from '../../reconcile/fleet/validate-fleet.js';
import { print } from '../../shell/deliver.js';
import { mayColour } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';
import { EXIT, exitOfProblems } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import type { ValidateFormat } from '../../shell/formats.js';
import { openFleet } from '../../shell/fleet/open-fleet.js';
import type { SelectionFlags } from '../../shell/fleet/open-fleet.js';
import { problemsOutput } from '../../shell/validation.js';
import { noteInputs } from '../../shell/ledger.js';

/** `fleet validate`: every problem of all manifests, each once, without a network. */
export async function validate(
  flags: SelectionFlags & { policy?: string | undefined; format: ValidateFormat },
  world: Environment,
): Promise<Exit> {
  const found = await checkFleet(flags, world);
  const { format } = flags;
  const text = problemsOutput(found, format, { world, colour: mayColour(world.stdout, world.env) });
  const isValid = found.problems.every(({ severity }) => severity !== 'error');
  await print(world, format === 'text' && isValid ? `${text}${found.summary}\n` : text);
  return isValid ? EXIT.done : exitOfProblems(found.problems);
}

/** The problems of the inventory; where it is right, its warnings and the problems of all selected manifests. */
async function checkFleet(
  flags: SelectionFlags & { policy?: string | undefined },
  world: Environment,
): Promise<FleetValidation & { summary: string }> {
  try {
    const { inventory, entries } = await openFleet(flags, world, { printWarnings: false });
    const found = await validateFleet(inventory, entries, { cwd: world.cwd, policy: flags.policy });
    await noteInputs(world, found.files);
    const count = `${entries.length} ${entries.length === 1 ? 'instance' : 'instances'}`;
    return { ...found, summary: `${inventory.file}: valid (${count})` };
  } catch (error) {
    if (!(error instanceof InvalidManifest)) throw error;
    const { problems, files, sources } = error;
    return { problems, files, sources, summary: '' };
  }
}
