import type { Refusal } from '../model/refusal.js';
import type { Problem } from '../problem/problem.js';

/** What is found while a manifest is laid over live state; collected, never thrown one by one. */
export interface Findings {
  /** The manifest names what the instance does not have: exit 3. */
  problems: Problem[];
  refusals: Refusal[];
  warnings: Problem[];
}

/** An empty collection. */
export function noFindings(): Findings {
  return { problems: [], refusals: [], warnings: [] };
}
