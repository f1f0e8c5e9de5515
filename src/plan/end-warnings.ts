import type { MemberEnds, UpcomingEnd } from '../desired/member-ends.js';
import { compareStates } from '../diff/compare.js';
import type { PersonId } from '../model/ids.js';
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
import { grantShifts } from './review/impact.js';

/** What the coming ends are judged by. */
export interface EndOptions {
  policy: Policy;
  /** The acting person; null where it is not known. */
  me: PersonId | null;
  /** ISO 8601, UTC. */
  now: string;
}

/**
 * The guards that would refuse the coming ends, day after day, from the state that this plan ends in: whoever reads it
 * has time to prevent that access lasts because nothing may end it.
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
      shifts: grantShifts(before, after, cohorts),
      isProtected,
      moving: new Set(differences.flatMap((one) => (one.kind === 'placement' ? [one.person] : []))),
    });
    before = after;
    return [...guards, ...rules.refusals].map(({ code, message }) =>
      warning('end-would-be-refused', `the ends of ${day} would be refused (${code}): ${message}`, {
        hint: 'change the entries or what the guard asks for before that day, or end them with --allow',
      }),
    );
  });
}

/** Ends by their day, the first day first. */
function daysOf(ends: readonly UpcomingEnd[]): [string, UpcomingEnd[]][] {
  const days = new Map<string, UpcomingEnd[]>();
  for (const one of ends) days.set(one.day, [...(days.get(one.day) ?? []), one]);
  return [...days].sort(([a], [b]) => byCodeUnit(a, b));
}

/** The state after ends. A person who is in another role by then is moved by none. */
function stateAfter(state: State, ends: readonly UpcomingEnd[]): State {
  const { people } = state;
  const moved = new Map(people.moved);
  for (const { person, from, to } of ends)
    if (people.get(person) === from && state.roles.has(to)) moved.set(person, to);
  return { ...state, people: placementOf(people.read, moved) };
}
