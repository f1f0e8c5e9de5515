import { byCodeUnit } from '../../model/sort.js';
import { personAt } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import type { Cohort } from '../order/cohorts.js';
import type { PlanPerson } from '../plan.js';

type People = readonly Person[];

/** Flows in the order of the first of their people by address: whoever wants the first names need not look at all. */
export function sortByFirstAddress(flows: readonly Cohort[], people: People): Cohort[] {
  return flows
    .map((flow) => {
      let first = personOf(flow.people[0] ?? 0, people);
      for (const id of flow.people) {
        const person = personOf(id, people);
        if (compare(person, first) < 0) first = person;
      }
      return { flow, first };
    })
    .sort((a, b) => compare(a.first, b.first))
    .map(({ flow }) => flow);
}

/**
 * Names the people of flows, sorted by address, at most so many. The flows must come as `byFirstName` puts them:
 * once there are enough names, the first flow that begins after the last of them ends the looking. A list of
 * thousands is then made from its first hundred, and most people stand in dozens of lists.
 */
export function makeNamer(people: People): (flows: readonly Cohort[], most: number) => PlanPerson[] {
  const known = new Map<Cohort, readonly PlanPerson[]>();
  const of = (flow: Cohort): readonly PlanPerson[] => {
    const hit = known.get(flow);
    if (hit) return hit;
    const list = flow.people.map((id) => personOf(id, people)).sort(compare);
    known.set(flow, list);
    return list;
  };
  return (flows, most) => {
    const kept: PlanPerson[] = [];
    let last: PlanPerson | undefined;
    for (const flow of flows) {
      const [first] = of(flow);
      if (last && first && compare(first, last) >= 0) break;
      for (const person of of(flow)) if (!last || compare(person, last) < 0) kept.push(person);
      if (kept.length < (last ? 2 * most : most)) continue;
      kept.sort(compare).splice(most);
      last = kept.at(-1);
    }
    return kept.sort(compare).slice(0, most);
  };
}

function personOf(id: number, people: People): PlanPerson {
  return { id, email: personAt(people, id)?.email ?? null };
}

function compare(a: PlanPerson, b: PlanPerson): number {
  return byCodeUnit(a.email ?? '', b.email ?? '') || a.id - b.id;
}
