import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { schemaText, type SchemaName } from '../../src/schema/index.js';

const ajv = new Ajv2020({ allErrors: true, strict: false, ownProperties: true });
formats.default(ajv);

/** Validates a document against a published schema. Returns one line per error. */
export function checkSchema(name: SchemaName, value: unknown): string[] {
  const check =
    ajv.getSchema(name) ?? ajv.addSchema(JSON.parse(schemaText(name)) as object, name).getSchema(name);
  if (!check) throw new Error(`no schema ${name}`);
  if (check(value) === true) return [];
  return (check.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? error.keyword}`);
}
