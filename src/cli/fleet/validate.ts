import { validateFleet } from '../../reconcile/fleet/validate-fleet.js';
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
  const { inventory, entries } = await openFleet(flags, world);
  const found = await validateFleet(inventory, entries, { cwd: world.cwd, policy: flags.policy });
  await noteInputs(world, found.files);
  const { format } = flags;
  const colour = mayColour(world.stdout, world.env);
  const text = problemsOutput(found, format, { world, colour });
  const count = `${entries.length} ${entries.length === 1 ? 'instance' : 'instances'}`;
  const isValid = found.problems.every(({ severity }) => severity !== 'error');
  await print(world, format === 'text' && isValid ? `${text}${inventory.file}: valid (${count})\n` : text);
  return isValid ? EXIT.done : exitOfProblems(found.problems);
}
