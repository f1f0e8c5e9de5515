import { digestOf } from './digest.js';
import type { Plan } from './plan.js';

/** Adds the digest to a plan. It covers everything but `madeAt` and `takenAt`: equal plans have equal digests. */
export function sealPlan(plan: Omit<Plan, 'digest'>): Plan {
  return { ...plan, digest: planDigest(plan) };
}

/** The digest of a plan's content. */
export function planDigest(plan: Omit<Plan, 'digest'>): string {
  return digestOf({ ...plan, madeAt: null, takenAt: undefined, digest: null });
}
