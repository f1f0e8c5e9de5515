import { byCodeUnit } from '../../model/sort.js';
import { personAt } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import type { Cohort } from '../order/cohorts.js';
import type { PlanPerson } from '../plan.js';
import type { PersonId } from '../../model/ids.js';

type People = readonly Person[];

/** Sorts cohorts by the first address among their people, the order that `makeNamer` needs. */
export function sortByFirstAddress(cohorts: readonly Cohort[], people: People): Cohort[] {
  return cohorts
    .map((cohort) => ({ cohort, first: firstOf(cohort, people) }))
    .sort((a, b) => compare(a.first, b.first))
    .map(({ cohort }) => cohort);
}

/**
 * Names the people of cohorts, sorted by address, up to a limit. The cohorts must be in the order of
 * `sortByFirstAddress`: once there are enough names, a cohort that begins after the last of them ends the
 * search. So a list of thousands is made from its first hundred; most people are in dozens of lists.
 */
export function makeNamer(people: People): (cohorts: readonly Cohort[], limit: number) => PlanPerson[] {
  const known = new Map<Cohort, readonly PlanPerson[]>();
  const namesOf = (cohort: Cohort): readonly PlanPerson[] => {
    const hit = known.get(cohort);
    if (hit) return hit;
    const list = cohort.people.map((id) => personOf(id, people)).sort(compare);
    known.set(cohort, list);
    return list;
  };
  return (cohorts, limit) => {
    const kept: PlanPerson[] = [];
    let last: PlanPerson | undefined;
    for (const cohort of cohorts) {
      const [first] = namesOf(cohort);
      if (last && first && compare(first, last) >= 0) break;
      for (const person of namesOf(cohort)) if (!last || compare(person, last) < 0) kept.push(person);
      if (kept.length < (last ? 2 * limit : limit)) continue;
      kept.sort(compare).splice(limit);
      last = kept.at(-1);
    }
    return kept.sort(compare).slice(0, limit);
  };
}

/** The person whose address sorts first. Throws a `TypeError` for an empty cohort, which is a bug. */
function firstOf(cohort: Cohort, people: People): PlanPerson {
  let first: Pick<Person, 'id' | 'email'> | null = null;
  for (const id of cohort.people) {
    const person = personAt(people, id) ?? { id, email: null };
    if (first === null || compare(person, first) < 0) first = person;
  }
  if (first === null) throw new TypeError('a cohort without people');
  return first;
}

function personOf(id: PersonId, people: People): PlanPerson {
  return { id, email: personAt(people, id)?.email ?? null };
}

function compare(a: Pick<Person, 'id' | 'email'>, b: Pick<Person, 'id' | 'email'>): number {
  return byCodeUnit(a.email ?? '', b.email ?? '') || a.id - b.id;
}
