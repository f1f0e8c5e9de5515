import { check as checkDrift } from './generated/drift.js';
import { check as checkPlan } from './generated/plan.js';
import { reduceIssues, type SchemaIssue } from './schema.js';

/** Compares a saved document with its schema: empty when it fits. The checkers were compiled with the program. */
export function checkSaved(kind: 'plan' | 'drift', value: unknown): SchemaIssue[] {
  return reduceIssues((kind === 'plan' ? checkPlan : checkDrift)(value));
}
