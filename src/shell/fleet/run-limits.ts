import { numberOf } from '../flag-numbers.js';

/** Flags that limit a run. */
export interface RunLimitFlags {
  atOnce?: number | undefined;
  /** Seconds. */
  instanceBudget?: number | undefined;
  maxFailures?: number | undefined;
}

/** The limits of a run from its flags. Raises `usage` for a number out of range. */
export function runLimits(flags: RunLimitFlags) {
  const budget = numberOf('instance-budget', flags.instanceBudget);
  return {
    atOnce: numberOf('at-once', flags.atOnce) ?? 8,
    instanceBudgetMs: budget === null ? null : budget * 1000,
    maxFailures: numberOf('max-failures', flags.maxFailures),
  };
}
