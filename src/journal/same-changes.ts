import type { Plan } from '../plan/plan.js';
import { canonicalJson } from '../plan/digest.js';

/** What identifies a plan: its digest, its changes and the state that it starts from. */
export type PlanIdentity = Pick<Plan, 'digest' | 'instance' | 'changes' | 'fingerprints'>;

/**
 * Does a run's plan make the same changes from the same state as this plan? Warnings, refusals and allowed guards may
 * differ between two runs of one manifest.
 */
export function makesSameChanges(past: unknown, plan: PlanIdentity): boolean {
  if (typeof past !== 'object' || past === null) return false;
  const { changes, fingerprints } = past as Partial<Record<string, unknown>>;
  return workOf(changes, fingerprints) === workOf(plan.changes, plan.fingerprints);
}

/** Ignores the risk of a change, which depends on the policy and does not affect the requests. */
function workOf(changes: unknown, fingerprints: unknown): string | undefined {
  const list = Array.isArray(changes) ? (changes as unknown[]) : [];
  return canonicalJson([list.map((change) => ({ ...(change as object), risk: null })), fingerprints]);
}
