import type { Catalogue, Grant } from '../../model/grant.js';
import { byCodeUnit } from '../../model/sort.js';
import { grantSet } from '../../model/grant.js';
import type { Person } from '../../model/person.js';
import { roleAt } from '../../model/state.js';
import type { State } from '../../model/state.js';
import type { Cohort } from '../order/cohorts.js';
import { makeNamer } from './impact-names.js';
import type { Impact } from '../plan.js';

/** Who gains and who loses a grant, by flows: what holds for one of a flow holds for all. Nobody is cut off. */
export interface GrantShift {
  gains: Cohort[];
  loses: Cohort[];
  /** People, not flows. */
  gainCount: number;
  loseCount: number;
}

/** For each grant, who gains and who loses it, over what each person can do before and after; flows as given. */
export function grantShifts(
  live: State,
  end: State,
  flows: readonly Cohort[],
): ReadonlyMap<Grant, GrantShift> {
  const shifts = new Map<Grant, GrantShift>();
  const shift = (grant: Grant): GrantShift => {
    const known = shifts.get(grant);
    if (known) return known;
    const made: GrantShift = { gains: [], loses: [], gainCount: 0, loseCount: 0 };
    shifts.set(grant, made);
    return made;
  };
  for (const flow of flows) {
    const before = roleAt(live, flow.from).grants;
    const after = roleAt(end, flow.to).grants;
    if (before === after) continue;
    const had = grantSet(before);
    const has = grantSet(after);
    for (const grant of after) {
      if (had.has(grant)) continue;
      const found = shift(grant);
      found.gains.push(flow);
      found.gainCount += flow.people.length;
    }
    for (const grant of before) {
      if (has.has(grant)) continue;
      const found = shift(grant);
      found.loses.push(flow);
      found.loseCount += flow.people.length;
    }
  }
  return shifts;
}

/** What moving means for people: the protected grants that they gain, and whether they lose any. */
export interface MoveShift {
  gained: readonly Grant[];
  loses: boolean;
}

/** By the first person of every flow that moves and gains a protected grant or loses one. */
export function moveShifts(
  shifts: ReadonlyMap<Grant, GrantShift>,
  isProtected: ReadonlySet<Grant>,
): ReadonlyMap<number, MoveShift> {
  const found = new Map<number, { gained: Grant[]; loses: boolean }>();
  const of = ({ people: [first = 0] }: Cohort): { gained: Grant[]; loses: boolean } => {
    const known = found.get(first) ?? { gained: [], loses: false };
    found.set(first, known);
    return known;
  };
  for (const [grant, { gains, loses }] of shifts) {
    if (isProtected.has(grant))
      for (const flow of gains) if (flow.from !== flow.to) of(flow).gained.push(grant);
    for (const flow of loses) if (flow.from !== flow.to) of(flow).loses = true;
  }
  return found;
}

/** How an impact report is made. */
export interface ImpactOptions {
  catalogue: Catalogue;
  people: readonly Person[];
  isProtected: ReadonlySet<Grant>;
  /** How many names a list may hold; the counts tell the rest. Lists of protected grants hold everybody. */
  limit: number;
}

/** Shifts as a report: protected grants first, then by name. Their flows must come as `byFirstName` puts them. */
export function impactOf(
  shifts: ReadonlyMap<Grant, GrantShift>,
  { catalogue, people, isProtected, limit }: ImpactOptions,
): Impact[] {
  const titles = new Map(catalogue.map((entry) => [entry.grant, entry.title]));
  const named = makeNamer(people);
  return [...shifts]
    .map(([grant, { gains, loses, gainCount, loseCount }]): Impact => {
      const guarded = isProtected.has(grant);
      const most = guarded ? Infinity : limit;
      return {
        grant,
        title: titles.get(grant) ?? null,
        protected: guarded,
        gains: named(gains, most),
        loses: named(loses, most),
        gainCount,
        loseCount,
      };
    })
    .sort((a, b) => Number(b.protected) - Number(a.protected) || byCodeUnit(a.grant, b.grant));
}
