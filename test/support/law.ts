/** The share of inputs and steps that a local run tries. `.ci/run` tries thirty and ten times as many. */
const LOCAL_INPUTS = 0.1;
const LOCAL_STEPS = 0.3;

/** The number of inputs of a law: `count` times `DOMO_ROLES_LAW_FACTOR`. */
export function inputs(count: number): number {
  return Math.ceil(count * factor(LOCAL_INPUTS));
}

/**
 * The step from case to case if a law goes through all moments of a run: about three times `step` in a local run, and 1
 * with a `DOMO_ROLES_LAW_FACTOR` of `step`.
 */
export function stride(step: number): number {
  return Math.max(1, Math.round(step / factor(LOCAL_STEPS)));
}

/** Whether there were inputs of every kind that a law counts. A local run has too few inputs to require rare kinds. */
export function sawEvery(...counts: readonly number[]): boolean {
  return factor(LOCAL_INPUTS) < 1 || counts.every((count) => count > 0);
}

function factor(local: number): number {
  const given = Number(process.env.DOMO_ROLES_LAW_FACTOR);
  return given > 0 ? given : local;
}
