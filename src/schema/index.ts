import { TEXTS, type SchemaName } from './generated/texts.js';

export type { SchemaName } from './generated/texts.js';

/** The names of all published schemas, sorted: file names up to the first dot. */
export const SCHEMA_NAMES: readonly SchemaName[] = (Object.keys(TEXTS) as SchemaName[]).sort();

/** Is this the name of a published schema? */
export function isSchemaName(name: string): name is SchemaName {
  return Object.hasOwn(TEXTS, name);
}

/** The published schema as JSON text, indented by two spaces, with a line end. */
export function schemaText(name: SchemaName): string {
  return `${JSON.stringify(JSON.parse(TEXTS[name]), null, 2)}\n`;
}
