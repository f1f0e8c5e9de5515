import { SCHEMA_NAMES, isSchemaName, schemaText } from '../../schema/index.js';
import { suggest } from '../../manifest/suggest.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { EXIT } from '../exit.js';
import type { Exit } from '../exit.js';
import { print } from '../deliver.js';
import type { Environment } from '../world.js';

/** `schema`: prints a JSON Schema. */
export async function schema(flags: { name: string }, world: Environment): Promise<Exit> {
  if (!isSchemaName(flags.name)) {
    const close = suggest(flags.name, SCHEMA_NAMES);
    throw new ProblemError(
      problem('usage', `there is no schema ${JSON.stringify(flags.name)}`, {
        hint: close ? `did you mean "${close}"?` : `there are ${SCHEMA_NAMES.join(', ')}`,
      }),
    );
  }
  await print(world, schemaText(flags.name));
  return EXIT.done;
}
