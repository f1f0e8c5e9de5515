import { check } from './generated/manifest.js';
import { reduceIssues, type SchemaIssue } from './schema.js';

/**
 * Compares a value with the manifest's schema: empty when it fits. Every issue is listed, not just the first. The
 * checker was compiled with the program, and is set up when it is first used.
 */
export function checkManifestSchema(value: unknown): SchemaIssue[] {
  return reduceIssues(check(value));
}
