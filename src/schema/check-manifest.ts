import { check } from './generated/manifest.js';
import { reduceIssues, type SchemaIssue } from './schema.js';

/** Compares a value with the manifest's schema, as `checkSchema` does, without loading any other schema. */
export function checkManifestSchema(value: unknown): SchemaIssue[] {
  return reduceIssues(check(value));
}
