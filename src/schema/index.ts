import { SCHEMAS, type SchemaName } from './generated/index.js';
import { reduceIssues, type SchemaIssue } from './schema.js';

export type { SchemaName } from './generated/index.js';
export type { SchemaIssue } from './schema.js';

/** The names of all published schemas, sorted: file names up to the first dot. */
export const SCHEMA_NAMES: readonly SchemaName[] = (Object.keys(SCHEMAS) as SchemaName[]).sort();

/** Is this the name of a published schema? */
export function isSchemaName(name: string): name is SchemaName {
  return Object.hasOwn(SCHEMAS, name);
}

/**
 * Compares a value with a schema: empty when it fits. Every issue is told, not just the first. The checker
 * was compiled when the program was built, and is set up when it is first used.
 */
export function checkSchema(name: SchemaName, value: unknown): SchemaIssue[] {
  return reduceIssues(SCHEMAS[name].check(value));
}

/** The published schema as JSON text, indented by two blanks, with a line end. */
export function schemaText(name: SchemaName): string {
  return SCHEMAS[name].text;
}
