/**
 * How many inputs a law gets: so many times `DOMO_ROLES_LAW_FACTOR`, and a quarter of them for a quick answer. `.ci/run`
 * gives more, the mutation run fewer, because it runs the same laws for each mutant.
 */
export function inputs(count: number): number {
  return Math.ceil(count * factor(0.25));
}

/**
 * The step from case to case where a law goes through all moments of a run: twice `step` for a quick answer, and with
 * a `DOMO_ROLES_LAW_FACTOR` of `step` every one.
 */
export function stride(step: number): number {
  return Math.max(1, Math.round(step / factor(0.5)));
}

/**
 * Were there inputs of every kind that a law counts? Only asked where all of its inputs are tried: the few of a quick
 * answer may miss a rare kind.
 */
export function sawEvery(...counts: readonly number[]): boolean {
  return factor(0.25) < 1 || counts.every((count) => count > 0);
}

function factor(otherwise: number): number {
  const given = Number(process.env.DOMO_ROLES_LAW_FACTOR);
  return given > 0 ? given : otherwise;
}
