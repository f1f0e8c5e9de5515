import { schemaText, type SchemaName } from '../../schema/index.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { print } from '../../shell/deliver.js';
import type { Environment } from '../../shell/environment.js';

/** `schema`: prints a JSON Schema. */
export async function schema({ name }: { name: SchemaName }, environment: Environment): Promise<Exit> {
  await print(environment, schemaText(name));
  return EXIT.done;
}
