import type { Impact } from '../../plan/plan.js';

/** The largest group that shows titles; larger ones show only names. */
const WITH_TITLES = 3;

/** Grants that the same people gain and lose: one move often changes dozens of grants. */
export interface ImpactGroup {
  grants: readonly Impact[];
  /** Show titles? */
  titled: boolean;
  /** Any entry of the group: all have the same people and protection. */
  any: Impact;
}

/** Groups equal impact entries, in the order of the first of each group; leaves out entries without people. */
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
