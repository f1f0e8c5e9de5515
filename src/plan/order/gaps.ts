import { accountText } from '../../model/person.js';
import type { Grant } from '../../model/grant.js';
import { grantList } from '../../model/grant.js';
import { byCodeUnit } from '../../model/sort.js';
import { quotedName } from '../../model/quoted-name.js';
import { roleAt } from '../../model/state.js';
import type { State } from '../../model/state.js';
import { warning } from '../../problem/problem.js';
import type { Problem } from '../../problem/problem.js';
import type { Cohort } from './cohorts.js';
import type { AccessGap } from './checkers.js';

/** A warning for each gap: the people, the grants that they lack during the apply, and why no other order avoids it. */
export function gapWarnings(gaps: readonly AccessGap[], states: { live: State; end: State }): Problem[] {
  return gapsByMove(gaps, states).map(gapWarning);
}

/** The gaps of all people with the same role before and the same role after. */
interface MoveGaps {
  where: string;
  people: Set<string>;
  grants: Set<Grant>;
}

function gapsByMove(gaps: readonly AccessGap[], { live, end }: { live: State; end: State }): MoveGaps[] {
  const moves = new Map<string, MoveGaps>();
  for (const { cohort, grants } of gaps) {
    const key = JSON.stringify([cohort.from, cohort.to]);
    const where = whereText(cohort, { live, end });
    const move = moves.get(key) ?? { where, people: new Set<string>(), grants: new Set<Grant>() };
    for (const person of cohort.people) move.people.add(accountText(person));
    for (const grant of grants) move.grants.add(grant);
    moves.set(key, move);
  }
  return [...moves.values()];
}

/** The role that people stay in, by its end-state name; or their move. Names may be swapped, so ids decide. */
function whereText({ from, to }: Cohort, { live, end }: { live: State; end: State }): string {
  const target = quotedName(roleAt(end, to).name);
  if (from === to) return `in ${target}`;
  const origin = roleAt(live, from).name;
  const renamed = end.roles.get(from)?.name ?? origin;
  const becomes = renamed === origin ? '' : ` (renamed to ${quotedName(renamed)})`;
  return `moving from ${quotedName(origin)}${becomes} to ${target}`;
}

function gapWarning({ where, people, grants }: MoveGaps): Problem {
  const names = [...people].sort(byCodeUnit);
  const who = names.length > 3 ? `${names.length} people` : names.join(', ');
  const lack = names.length > 1 ? 'lack' : 'lacks';
  return warning('split-gap', `${who} ${where} ${lack} ${grantList(grants).join(', ')} during the apply`, {
    hint: 'in any other order someone would hold, during the apply, what they have neither before nor after it',
  });
}
