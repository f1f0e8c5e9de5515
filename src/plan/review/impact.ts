import type { Catalogue, Grant } from '../../model/grant.js';
import { byCodeUnit } from '../../model/sort.js';
import { grantBits, writeNumbers } from '../../model/grant-bits.js';
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
  const gains = grants.map(noCohorts);
  const loses = grants.map(noCohorts);
  const numbers = new Uint32Array(grants.length);
  const add = (sides: readonly Side[], count: number, cohort: Cohort): void => {
    for (let index = 0; index < count; index += 1) {
      const number = numbers[index] as number;
      const side = sides[number] as Side;
      side.people += cohort.people.length;
      if (side.cohorts.length < (limits[number] as number)) side.cohorts.push(cohort);
    }
  };
  for (const cohort of cohorts) {
    const before = roleAt(live, cohort.from).grants;
    const after = roleAt(end, cohort.to).grants;
    if (before === after) continue;
    const had = bits(before);
    const has = bits(after);
    add(gains, writeNumbers(numbers, has, had), cohort);
    add(loses, writeNumbers(numbers, had, has), cohort);
  }
  return shiftsOf(grants, { gains, loses });
}

/** The cohorts that gain, or lose, one grant. */
interface Side {
  cohorts: Cohort[];
  people: number;
}

function noCohorts(): Side {
  return { cohorts: [], people: 0 };
}

/** The grants that anyone gains or loses. */
function shiftsOf(
  grants: readonly Grant[],
  { gains, loses }: { gains: readonly Side[]; loses: readonly Side[] },
): Map<Grant, GrantShift> {
  const shifts = new Map<Grant, GrantShift>();
  for (const [number, grant] of grants.entries()) {
    const gain = gains[number] as Side;
    const lose = loses[number] as Side;
    if (gain.people + lose.people === 0) continue;
    const counts = { gainCount: gain.people, loseCount: lose.people };
    shifts.set(grant, { gains: gain.cohorts, loses: lose.cohorts, ...counts });
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
