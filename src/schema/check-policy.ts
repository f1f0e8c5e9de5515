import { check } from './generated/policy.js';
import { reduceIssues, type SchemaIssue } from './schema.js';

/** Compares a value with the schema of a policy file: empty when it fits. */
export function checkPolicySchema(value: unknown): SchemaIssue[] {
  return reduceIssues(check(value));
}
