import { without } from '../model/closure.js';
import type { Catalogue, Grant } from '../model/grant.js';
import { byCodeUnit } from '../model/grant.js';
import type { Person } from '../model/person.js';
import { roleAt } from '../model/state.js';
import type { State } from '../model/state.js';
import type { Flow } from './flow.js';
import type { Impact, PlanPerson } from './plan.js';

/** A grant that some people gain or lose. Everybody is in `gains` or `loses`, nobody is cut off. */
export interface GrantShift {
  gains: number[];
  loses: number[];
}

/** For each grant, who gains and who loses it, over what each person can do before and after. */
export function grantShifts(live: State, end: State, flows: readonly Flow[]): ReadonlyMap<Grant, GrantShift> {
  const shifts = new Map<Grant, GrantShift>();
  const shift = (grant: Grant): GrantShift => {
    const found = shifts.get(grant) ?? { gains: [], loses: [] };
    shifts.set(grant, found);
    return found;
  };
  for (const flow of flows) {
    const before = roleAt(live, flow.from).grants;
    const after = roleAt(end, flow.to).grants;
    if (before === after) continue;
    for (const grant of without(after, before)) shift(grant).gains.push(...flow.people);
    for (const grant of without(before, after)) shift(grant).loses.push(...flow.people);
  }
  return shifts;
}

/** How an impact report is made. */
export interface ImpactOptions {
  catalogue: Catalogue;
  people: ReadonlyMap<number, Person>;
  isProtected: ReadonlySet<Grant>;
  /** How many names a list may hold; the counts tell the rest. Lists of protected grants hold everybody. */
  limit: number;
}

/** Shifts as a report: protected grants first, then by name. */
export function impactOf(
  shifts: ReadonlyMap<Grant, GrantShift>,
  { catalogue, people, isProtected, limit }: ImpactOptions,
): Impact[] {
  const titles = new Map(catalogue.map((entry) => [entry.grant, entry.title]));
  return [...shifts]
    .map(([grant, { gains, loses }]): Impact => {
      const guarded = isProtected.has(grant);
      const most = guarded ? Infinity : limit;
      return {
        grant,
        title: titles.get(grant) ?? null,
        protected: guarded,
        gains: named(gains, people, most),
        loses: named(loses, people, most),
        gainCount: gains.length,
        loseCount: loses.length,
      };
    })
    .sort((a, b) => Number(b.protected) - Number(a.protected) || byCodeUnit(a.grant, b.grant));
}

function named(ids: readonly number[], people: ReadonlyMap<number, Person>, most: number): PlanPerson[] {
  const all = ids.map((id): PlanPerson => ({ id, email: people.get(id)?.email ?? null }));
  all.sort((a, b) => byCodeUnit(a.email ?? '', b.email ?? '') || a.id - b.id);
  return all.slice(0, most);
}
