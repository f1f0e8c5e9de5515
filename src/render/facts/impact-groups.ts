import type { Impact } from '../../plan/plan.js';

/** Number of grants shown with their titles; a larger group shows only names. */
const WITH_TITLES = 3;

/** Grants that the same people gain and the same people lose: a person who moves loses and gains dozens at once. */
export interface ImpactGroup {
  grants: readonly Impact[];
  /** Are they few enough for a title each? */
  titled: boolean;
  /** One for all: whether they are protected, who gains and who loses. */
  any: Impact;
}

/** Impact with like entries together, in the order of the first of each; what changes for no one is left out. */
export function impactGroups(impact: readonly Impact[]): ImpactGroup[] {
  const groups = new Map<string, { grants: Impact[]; any: Impact }>();
  for (const entry of impact) {
    const { gains, loses, gainCount, loseCount } = entry;
    if (gainCount + loseCount === 0) continue;
    const who = [gains, loses].map((people) => people.map(({ id }) => id));
    const key = JSON.stringify([entry.protected, gainCount, loseCount, who]);
    const known = groups.get(key);
    if (known) known.grants.push(entry);
    else groups.set(key, { grants: [entry], any: entry });
  }
  return [...groups.values()].map((group) => ({ ...group, titled: group.grants.length <= WITH_TITLES }));
}
