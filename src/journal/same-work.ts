import type { Plan } from '../plan/plan.js';
import { canonicalJson } from '../plan/digest.js';

/** What identifies a plan: its digest, and what it does from which state. */
export type PlanIdentity = Pick<Plan, 'digest' | 'instance' | 'changes' | 'fingerprints'>;

/**
 * Whether a run's plan makes the same changes from the same state as this plan. Its warnings, its refusals and what
 * the run allowed may differ: two runs of one manifest often differ in them.
 */
export function isSameWork(past: unknown, plan: PlanIdentity): boolean {
  if (typeof past !== 'object' || past === null) return false;
  const { changes, fingerprints } = past as Partial<Record<string, unknown>>;
  return workOf(changes, fingerprints) === workOf(plan.changes, plan.fingerprints);
}

/** The risk of a change may depend on the policy, and says nothing of what is sent. */
function workOf(changes: unknown, fingerprints: unknown): string | undefined {
  const list = Array.isArray(changes) ? (changes as unknown[]) : [];
  return canonicalJson([list.map((change) => ({ ...(change as object), risk: null })), fingerprints]);
}
