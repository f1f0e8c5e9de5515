import type { Drift } from '../drift/drift.js';
import type { Plan } from '../plan/plan.js';

/** What the renderers take: a plan, or the same diff read the other way round. */
export type PlanDocument = Plan | Drift;
