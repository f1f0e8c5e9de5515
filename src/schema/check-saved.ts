import { check as checkDrift } from './generated/drift.js';
import { check as checkFleet } from './generated/fleet.js';
import { check as checkInstanceRoles } from './generated/instance-roles.js';
import { check as checkPlan } from './generated/plan.js';
import { reduceIssues, type SchemaIssue } from './schema.js';

const CHECKS = {
  plan: checkPlan,
  drift: checkDrift,
  fleet: checkFleet,
  'instance-roles': checkInstanceRoles,
} as const;

/** Compares a saved document with its schema: empty when it fits. The checkers were compiled with the program. */
export function checkSaved(kind: keyof typeof CHECKS, value: unknown): SchemaIssue[] {
  return reduceIssues(CHECKS[kind](value));
}
