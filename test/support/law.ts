/**
 * How many inputs a law gets: so many for a quick answer, and more where `DOMO_ROLES_LAW_FACTOR` says so, as `.ci/run`
 * does.
 */
export function inputs(count: number): number {
  const factor = Number(process.env.DOMO_ROLES_LAW_FACTOR ?? '1');
  return Math.ceil(count * (factor >= 1 ? factor : 1));
}
