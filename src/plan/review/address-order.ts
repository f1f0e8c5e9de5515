import { memoize } from '../../model/memoize.js';
import type { Person } from '../../model/person.js';
import type { Cohort } from '../order/cohorts.js';
import type { PlanPerson } from '../plan.js';

/** Sorts cohorts by the first address among their people, the order that `makeNamer` needs. */
export function sortByFirstAddress(cohorts: readonly Cohort[]): Cohort[] {
  return cohorts
    .map((cohort) => ({ cohort, first: firstOf(cohort.people) }))
    .sort((a, b) => compare(a.first, b.first))
    .map(({ cohort }) => cohort);
}

/**
 * Names the people of cohorts, sorted by address, up to a limit. The cohorts must be in the order of
 * `sortByFirstAddress`: once there are enough names, a cohort that begins after the last of them ends the
 * search. So a list of thousands is made from its first hundred; most people are in dozens of lists.
 */
export function makeNamer(): (cohorts: readonly Cohort[], limit: number) => PlanPerson[] {
  // Sorted once for each cohort: a grant that many people gain names the first few of each of its cohorts.
  const membersOf = memoize(({ people }: Cohort): readonly Person[] =>
    people.length === 1 ? people : [...people].sort(compare),
  );
  return (cohorts, limit) => {
    const kept: Person[] = [];
    let last: Person | undefined;
    for (const cohort of cohorts) {
      const list = membersOf(cohort);
      const first = list[0];
      if (first && last && compare(first, last) >= 0) break;
      for (const person of list) {
        if (last && compare(person, last) >= 0) break;
        kept.push(person);
      }
      if (kept.length < (last ? 2 * limit : limit)) continue;
      kept.sort(compare).splice(limit);
      last = kept.at(-1);
    }
    return kept
      .sort(compare)
      .slice(0, limit)
      .map(({ id, email }) => ({ id, email }));
  };
}

/** The person whose address sorts first. Throws a `TypeError` for an empty cohort, which is a bug. */
function firstOf(people: readonly Person[]): Person {
  let [first] = people;
  if (!first) throw new TypeError('a cohort without people');
  for (let index = 1; index < people.length; index += 1) {
    const person = people[index] as Person;
    if (compare(person, first) < 0) first = person;
  }
  return first;
}

function compare(a: Person, b: Person): number {
  const one = a.email ?? '';
  const other = b.email ?? '';
  return one < other ? -1 : one === other ? a.id - b.id : 1;
}
