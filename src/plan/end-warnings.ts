import type { MemberEnds, UpcomingEnd } from '../desired/members/member-ends.js';
import { compareStates } from '../diff/compare.js';
import type { PersonId } from '../model/ids.js';
import { groupBy } from '../model/group.js';
import { placementOf } from '../model/placement.js';
import type { Policy } from '../model/policy.js';
import { byCodeUnit } from '../model/sort.js';
import type { State } from '../model/state.js';
import { warning } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import { endRefusals } from './guards/end-guards.js';
import { cohortsOf } from './order/cohorts.js';
import type { PlanBasis } from './plan-basis.js';
import { judgeRules, ruleInputOf } from './rules/judge.js';
import { grantShifts } from './review/grant-shifts.js';

/** The policy, person and time by which upcoming ends are checked. */
export interface EndOptions {
  policy: Policy;
  /** The acting person; null if unknown. */
  me: PersonId | null;
  /** ISO 8601, UTC. */
  now: string;
}

/**
 * Warns of guards that would refuse the upcoming ends of memberships, day by day, starting from this plan's end state.
 * Otherwise access would silently outlast its end on that day.
 */
export function endWarnings(
  basis: PlanBasis,
  { upcoming }: MemberEnds,
  { policy, me, now }: EndOptions,
): Problem[] {
  const { end, people, isProtected } = basis;
  let before = end;
  return daysOf(upcoming).flatMap(([day, ends]) => {
    const after = stateAfter(before, ends);
    const differences = compareStates(before, after);
    const cohorts = cohortsOf({ live: before, end: after }, differences, me);
    const rules = judgeRules(ruleInputOf({ ...basis, live: before, end: after }, { policy, now }), []);
    const guards = endRefusals({
      live: before,
      end: after,
      people,
      me,
      policy,
      cohorts,
      shifts: grantShifts(cohorts, () => 0),
      isProtected,
      moving: new Set(differences.flatMap((one) => (one.kind === 'placement' ? [one.person] : []))),
    });
    before = after;
    return [...guards, ...rules.refusals].map(({ code, message }) =>
      warning('end-would-be-refused', `the ends of ${day} would be refused (${code}): ${message}`, {
        hint: 'before that day, change the entries or the limit of the guard, or allow the ends with --allow',
      }),
    );
  });
}

/** Ends grouped by day, the earliest first. */
function daysOf(ends: readonly UpcomingEnd[]): [string, UpcomingEnd[]][] {
  return [...groupBy(ends, ({ day }) => day)].sort(([a], [b]) => byCodeUnit(a, b));
}

/** The state after these ends. A person who is in another role by then does not move. */
function stateAfter(state: State, ends: readonly UpcomingEnd[]): State {
  const { people } = state;
  const moved = new Map(people.moved);
  for (const { person, from, to } of ends)
    if (people.get(person) === from && state.roles.has(to)) moved.set(person, to);
  return { ...state, people: placementOf(people.read, moved) };
}
