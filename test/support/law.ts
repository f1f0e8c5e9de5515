/** The share of inputs and steps in a local run. `.ci/run` uses thirty times the inputs and ten times the steps. */
const LOCAL_INPUTS = 0.1;
const LOCAL_STEPS = 0.2;

/** The number of inputs of a law: `count` times `DOMO_ROLES_LAW_FACTOR`. */
export function inputs(count: number): number {
  return Math.ceil(count * factor(LOCAL_INPUTS));
}

/**
 * The step between the cases of a law that covers all moments of a run: five times `step` in a local run, and
 * 1 with a `DOMO_ROLES_LAW_FACTOR` of `step`.
 */
export function stride(step: number): number {
  return Math.max(1, Math.round(step / factor(LOCAL_STEPS)));
}

/**
 * Did the inputs include every kind that a law counts? Always true in a local run, which has too few inputs for rare
 * kinds.
 */
export function sawEvery(...counts: readonly number[]): boolean {
  return factor(LOCAL_INPUTS) < 1 || counts.every((count) => count > 0);
}

function factor(local: number): number {
  const given = Number(process.env.DOMO_ROLES_LAW_FACTOR);
  return given > 0 ? given : local;
}
