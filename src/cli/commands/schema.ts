import { SCHEMA_NAMES, isSchemaName, schemaText } from '../../schema/index.js';
import { suggest } from '../../model/suggest.js';
import { usageError } from '../../problem/problem.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { print } from '../../shell/deliver.js';
import type { Environment } from '../../shell/environment.js';

/** `schema`: prints a JSON Schema. */
export async function schema(flags: { name: string }, environment: Environment): Promise<Exit> {
  if (!isSchemaName(flags.name)) {
    const close = suggest(flags.name, SCHEMA_NAMES);
    throw usageError(`unknown schema ${JSON.stringify(flags.name)}`, {
      hint: close ? `did you mean "${close}"?` : `valid names: ${SCHEMA_NAMES.join(', ')}`,
    });
  }
  await print(environment, schemaText(flags.name));
  return EXIT.done;
}
