import type { Catalogue, Grant } from '../../model/grant.js';
import { byCodeUnit } from '../../model/sort.js';
import { grantSet } from '../../model/grant.js';
import { oncePer } from '../../model/once.js';
import type { Person } from '../../model/person.js';
import { roleAt } from '../../model/state.js';
import type { State } from '../../model/state.js';
import type { Cohort } from '../order/cohorts.js';
import { grantBits } from './grant-bits.js';
import { makeNamer } from './impact-names.js';
import type { Impact } from '../plan.js';
import type { PersonId } from '../../model/ids.js';

/** The cohorts that gain and lose a grant, without a limit. */
export interface GrantShift {
  gains: Cohort[];
  loses: Cohort[];
  /** Counts of people, not of cohorts. */
  gainCount: number;
  loseCount: number;
}

/** The cohorts that gain and lose each grant, by effective access before and after. Keeps the order of cohorts. */
export function grantShifts(
  live: State,
  end: State,
  cohorts: readonly Cohort[],
): ReadonlyMap<Grant, GrantShift> {
  const shifts = new Map<Grant, GrantShift>();
  const shift = (grant: Grant): GrantShift => {
    const known = shifts.get(grant);
    if (known) return known;
    const made: GrantShift = { gains: [], loses: [], gainCount: 0, loseCount: 0 };
    shifts.set(grant, made);
    return made;
  };
  const listsOf = ({ from, to }: Cohort) => [roleAt(live, from).grants, roleAt(end, to).grants] as const;
  const bits = grantBits(new Set(cohorts.flatMap(listsOf)));
  for (const cohort of cohorts) {
    const [before, after] = listsOf(cohort);
    if (before === after) continue;
    bits.eachMissing(after, before, (grant) => {
      const found = shift(grant);
      found.gains.push(cohort);
      found.gainCount += cohort.people.length;
    });
    bits.eachMissing(before, after, (grant) => {
      const found = shift(grant);
      found.loses.push(cohort);
      found.loseCount += cohort.people.length;
    });
  }
  return shifts;
}

/** The effect of a move: the protected grants gained, and whether any grant is lost. */
export interface MoveShift {
  gained: readonly Grant[];
  loses: boolean;
}

/** The effects of moves, keyed by the first person of each cohort. Only moves that gain a protected grant or lose any. */
export function moveShifts({
  live,
  end,
  cohorts,
  isProtected,
}: {
  live: State;
  end: State;
  cohorts: readonly Cohort[];
  isProtected: ReadonlySet<Grant>;
}): ReadonlyMap<PersonId, MoveShift> {
  const guarded = oncePer((list: readonly Grant[]) => list.filter((grant) => isProtected.has(grant)));
  const found = new Map<PersonId, MoveShift>();
  for (const { from, to, people } of cohorts) {
    if (from === to) continue;
    const before = roleAt(live, from).grants;
    const after = roleAt(end, to).grants;
    const had = grantSet(before);
    const has = grantSet(after);
    const gained = guarded(after).filter((grant) => !had.has(grant));
    const loses = before.some((grant) => !has.has(grant));
    if (gained.length > 0 || loses) found.set(people[0] ?? 0, { gained, loses });
  }
  return found;
}

/** Options of an impact report. */
export interface ImpactOptions {
  catalogue: Catalogue;
  people: readonly Person[];
  isProtected: ReadonlySet<Grant>;
  /** The most names in a list; the counts include all people. Lists of protected grants are complete. */
  limit: number;
}

/** Builds the report: protected grants first, then by name. Cohorts must be sorted by `sortByFirstAddress`. */
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
