import { check } from './generated/inventory.js';
import { reduceIssues, type SchemaIssue } from './schema.js';

/** Compares a value with the schema of an inventory: empty when it fits. */
export function checkInventorySchema(value: unknown): SchemaIssue[] {
  return reduceIssues(check(value));
}
