import { accountText } from '../../model/person.js';
import type { Grant } from '../../model/grant.js';
import { grantList } from '../../model/grant.js';
import { byCodeUnit } from '../../model/sort.js';
import { quotedName } from '../../model/names.js';
import { roleAt } from '../../model/state.js';
import type { State } from '../../model/state.js';
import { warning } from '../../problem/problem.js';
import type { Problem } from '../../problem/problem.js';
import type { AccessGap } from './checkers.js';

/** A warning for each gap: the people, the grants that they lack during the apply, and why no other order avoids it. */
export function gapWarnings(gaps: readonly AccessGap[], states: { live: State; end: State }): Problem[] {
  return gapsByMove(gaps, states).map(gapWarning);
}

/** The gaps of all people with the same role before and the same role after. */
interface MoveGaps {
  from: string;
  to: string;
  people: Set<string>;
  grants: Set<Grant>;
}

function gapsByMove(gaps: readonly AccessGap[], { live, end }: { live: State; end: State }): MoveGaps[] {
  const moves = new Map<string, MoveGaps>();
  for (const { cohort, grants } of gaps) {
    const from = roleAt(live, cohort.from).name;
    const to = roleAt(end, cohort.to).name;
    const key = JSON.stringify([from, to]);
    const move = moves.get(key) ?? { from, to, people: new Set<string>(), grants: new Set<Grant>() };
    for (const person of cohort.people) move.people.add(accountText(person));
    for (const grant of grants) move.grants.add(grant);
    moves.set(key, move);
  }
  return [...moves.values()];
}

function gapWarning({ from, to, people, grants }: MoveGaps): Problem {
  const names = [...people].sort(byCodeUnit);
  const who = names.length > 3 ? `${names.length} people` : names.join(', ');
  const where =
    from === to ? `in ${quotedName(from)}` : `moving from ${quotedName(from)} to ${quotedName(to)}`;
  const lack = names.length > 1 ? 'lack' : 'lacks';
  return warning('split-gap', `${who} ${where} ${lack} ${grantList(grants).join(', ')} during the apply`, {
    hint: 'in any other order someone would hold, during the apply, what they have neither before nor after it',
  });
}
