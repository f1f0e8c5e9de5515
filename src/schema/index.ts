import type { SchemaName } from './generated/names.js';
import { TEXTS } from './generated/texts.js';

export type { SchemaName } from './generated/names.js';
/** The names of all published schemas, sorted: file names up to the first dot. */
export { SCHEMA_NAMES } from './generated/names.js';

/** The published schema as JSON text, indented by two spaces, with a line end. */
export function schemaText(name: SchemaName): string {
  return `${JSON.stringify(JSON.parse(TEXTS[name]), null, 2)}\n`;
}
