import type { Catalogue, Grant } from '../../model/grant.js';
import { byCodeUnit } from '../../model/sort.js';
import { grantBits, numbersIn } from '../../model/grant-bits.js';
import { grantSet } from '../../model/grant.js';
import { memoize } from '../../model/memoize.js';
import { roleAt } from '../../model/state.js';
import type { State } from '../../model/state.js';
import type { Cohort } from '../order/cohorts.js';
import { makeNamer } from './impact-names.js';
import type { Impact } from '../plan.js';
import type { PersonId } from '../../model/ids.js';

/** The cohorts that gain and lose a grant: all of them, or as many as requested. */
export interface GrantShift {
  gains: Cohort[];
  loses: Cohort[];
  /** Counts of all people, not of cohorts. */
  gainCount: number;
  loseCount: number;
}

/**
 * The cohorts that gain and lose each grant, by effective access before and after. Keeps the order of cohorts, and at
 * most `most` of each grant: a report that names a hundred people needs no more than the first hundred cohorts.
 */
export function grantShifts(
  { live, end }: { live: State; end: State },
  cohorts: readonly Cohort[],
  most: (grant: Grant) => number = () => Infinity,
): ReadonlyMap<Grant, GrantShift> {
  const lists = new Set<readonly Grant[]>();
  for (const { from, to } of cohorts) lists.add(roleAt(live, from).grants).add(roleAt(end, to).grants);
  const { grants, bitsOf } = grantBits([...lists].flat());
  // As many pairs of lists are compared as people move: tens of thousands, over a few lists.
  const bits = memoize(bitsOf);
  const limits = grants.map(most);
  const shifts = new Map<Grant, GrantShift>();
  const byNumber: GrantShift[] = [];
  const shiftOf = (number: number): GrantShift => {
    const known = byNumber[number];
    if (known) return known;
    const made: GrantShift = { gains: [], loses: [], gainCount: 0, loseCount: 0 };
    shifts.set(grants[number] as Grant, (byNumber[number] = made));
    return made;
  };
  const gain = (number: number, cohort: Cohort): void => {
    const shift = shiftOf(number);
    shift.gainCount += cohort.people.length;
    if (shift.gains.length < (limits[number] as number)) shift.gains.push(cohort);
  };
  const lose = (number: number, cohort: Cohort): void => {
    const shift = shiftOf(number);
    shift.loseCount += cohort.people.length;
    if (shift.loses.length < (limits[number] as number)) shift.loses.push(cohort);
  };
  for (const cohort of cohorts) {
    const before = roleAt(live, cohort.from).grants;
    const after = roleAt(end, cohort.to).grants;
    if (before === after) continue;
    for (const number of numbersIn(bits(after), bits(before))) gain(number, cohort);
    for (const number of numbersIn(bits(before), bits(after))) lose(number, cohort);
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
  const guarded = memoize((list: readonly Grant[]) => list.filter((grant) => isProtected.has(grant)));
  const found = new Map<PersonId, MoveShift>();
  for (const { from, to, people } of cohorts) {
    if (from === to) continue;
    const before = roleAt(live, from).grants;
    const after = roleAt(end, to).grants;
    const had = grantSet(before);
    const has = grantSet(after);
    const gained = guarded(after).filter((grant) => !had.has(grant));
    const loses = before.some((grant) => !has.has(grant));
    const first = people[0];
    if (first && (gained.length > 0 || loses)) found.set(first.id, { gained, loses });
  }
  return found;
}

/** Options of an impact report. */
interface ImpactOptions {
  catalogue: Catalogue;
  isProtected: ReadonlySet<Grant>;
  /** The most names in a list; the counts include all people. Lists of protected grants are complete. */
  limit: number;
}

/** Builds the report: protected grants first, then by name. Cohorts must be sorted by `sortByFirstAddress`. */
export function impactOf(
  shifts: ReadonlyMap<Grant, GrantShift>,
  { catalogue, isProtected, limit }: ImpactOptions,
): Impact[] {
  const titles = new Map(catalogue.map((entry) => [entry.grant, entry.title]));
  const named = makeNamer();
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
