import { print } from '../../shell/deliver.js';
import { mayColour } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';
import { EXIT, exitOfProblems } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import type { ValidateFormat } from '../../shell/formats.js';
import { checkManifest, validationText } from '../../shell/validation.js';

interface ValidateFlags {
  manifest: readonly string[];
  catalogue?: string | undefined;
  policy?: string | undefined;
  format: ValidateFormat;
}

/** `validate`: every problem of a manifest at once, without a network. */
export async function validate(flags: ValidateFlags, environment: Environment): Promise<Exit> {
  const found = await checkManifest(flags, environment);
  const colour = mayColour(environment.stdout, environment.env);
  await print(environment, validationText(found, flags.format, { environment, colour }));
  return found.manifest ? EXIT.done : exitOfProblems(found.problems);
}
