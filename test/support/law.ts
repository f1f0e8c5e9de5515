/**
 * How many inputs a law gets: so many for a quick answer, times `DOMO_ROLES_LAW_FACTOR`. `.ci/run` gives more, the
 * mutation run fewer, because it runs the same laws for each mutant.
 */
export function inputs(count: number): number {
  const factor = Number(process.env.DOMO_ROLES_LAW_FACTOR ?? '1');
  return Math.ceil(count * (factor > 0 ? factor : 1));
}
