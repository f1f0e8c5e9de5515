import { print } from '../../shell/deliver.js';
import { mayColour } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';
import { EXIT, exitOfProblems } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import type { ValidateFormat } from '../../shell/formats.js';
import { checkFleet } from '../../shell/fleet/check-fleet.js';
import type { SelectionFlags } from '../../shell/fleet/open-fleet.js';
import { problemsOutput } from '../../shell/validation.js';

/** `fleet validate`: every problem of all manifests, each once, without a network. */
export async function validate(
  flags: SelectionFlags & { format: ValidateFormat; catalogue?: string | undefined },
  environment: Environment,
): Promise<Exit> {
  const found = await checkFleet(flags, environment);
  const { format } = flags;
  const text = problemsOutput(found, format, {
    environment,
    colour: mayColour(environment.stdout, environment.env),
  });
  const isValid = found.problems.every(({ severity }) => severity !== 'error');
  await print(environment, format === 'text' && isValid ? `${text}${found.summary}\n` : text);
  return isValid ? EXIT.done : exitOfProblems(found.problems);
}
