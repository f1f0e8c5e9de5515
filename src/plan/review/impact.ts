import type { Catalogue, Grant } from '../../model/grant.js';
import { byCodeUnit } from '../../model/sort.js';
import { grantSet } from '../../model/grant.js';
import { memoize } from '../../model/memoize.js';
import type { Cohort } from '../order/cohorts.js';
import type { GrantShift } from './grant-shifts.js';
import type { Impact, PlanPerson } from '../plan.js';
import type { PersonId } from '../../model/ids.js';
import type { Person } from '../../model/person.js';

/** The effect of a move: the protected grants gained, and whether any grant is lost. */
export interface MoveShift {
  gained: readonly Grant[];
  loses: boolean;
}

/** The effect of most moves, one object for all. */
const ONLY_LOSES: MoveShift = { gained: [], loses: true };

/** The effects of moves, keyed by the first person of each cohort. Only moves that gain a protected grant or lose any. */
export function moveShifts({
  cohorts,
  isProtected,
}: {
  cohorts: readonly Cohort[];
  isProtected: ReadonlySet<Grant>;
}): ReadonlyMap<PersonId, MoveShift> {
  const guarded = memoize((list: readonly Grant[]) => list.filter((grant) => isProtected.has(grant)));
  const found = new Map<PersonId, MoveShift>();
  for (const { from, to, before, after, people } of cohorts) {
    if (from === to) continue;
    const has = grantSet(after);
    const loses = before.some((grant) => !has.has(grant));
    const gained = guarded(after).filter((grant) => !grantSet(before).has(grant));
    const first = people[0];
    if (first && gained.length > 0) found.set(first.id, { gained, loses });
    else if (first && loses) found.set(first.id, ONLY_LOSES);
  }
  return found;
}

/** Builds the report: protected grants first, then by name. */
export function impactOf(
  shifts: ReadonlyMap<Grant, GrantShift>,
  { catalogue, isProtected }: { catalogue: Catalogue; isProtected: ReadonlySet<Grant> },
): Impact[] {
  const titles = new Map(catalogue.map((entry) => [entry.grant, entry.title]));
  return [...shifts]
    .map(([grant, { gains, loses, gainCount, loseCount }]): Impact => ({
      grant,
      title: titles.get(grant) ?? null,
      protected: isProtected.has(grant),
      gains: gains.map(planPerson),
      loses: loses.map(planPerson),
      gainCount,
      loseCount,
    }))
    .sort((a, b) => Number(b.protected) - Number(a.protected) || byCodeUnit(a.grant, b.grant));
}

function planPerson({ id, email }: Person): PlanPerson {
  return { id, email };
}
