import type { Grant } from '../../model/grant.js';
import { byCodeUnit } from '../../model/sort.js';
import { personAt } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import { roleAt } from '../../model/state.js';
import type { State } from '../../model/state.js';
import { warning } from '../../problem/problem.js';
import type { Problem } from '../../problem/problem.js';
import type { AccessGap } from './simulate.js';

/** Says of every gap who goes without what for a moment, and why that cannot be helped. */
export function gapWarnings(
  gaps: readonly AccessGap[],
  { live, end, people }: { live: State; end: State; people: readonly Person[] },
): Problem[] {
  const told = new Map<string, { names: string[]; grants: Set<Grant>; from: string; to: string }>();
  for (const { cohort: flow, grants } of gaps) {
    const from = roleAt(live, flow.from).name;
    const to = roleAt(end, flow.to).name;
    const entry = told.get(`${from}\n${to}`) ?? { names: [], grants: new Set<Grant>(), from, to };
    entry.names = [
      ...new Set([...entry.names, ...flow.people.map((id) => personAt(people, id)?.email ?? `id ${id}`)]),
    ];
    for (const grant of grants) entry.grants.add(grant);
    told.set(`${from}\n${to}`, entry);
  }
  return [...told.values()].map(({ names, grants, from, to }) => {
    const who = names.length > 3 ? `${names.length} people` : names.sort(byCodeUnit).join(', ');
    const where = from === to ? `in "${to}"` : `on the way from "${from}" to "${to}"`;
    return warning(
      'split-gap',
      `${who} ${where} ${names.length > 1 ? 'go' : 'goes'} for a moment without ${[...grants].sort(byCodeUnit).join(', ')}`,
      {
        hint: 'any other order would for a moment give somebody more than they had or will have',
      },
    );
  });
}
