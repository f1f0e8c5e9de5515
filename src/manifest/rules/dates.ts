import { shownName } from '../../model/quoted-name.js';
import { isUntil, isUntilForm } from '../../model/until.js';
import { problem, type Problem } from '../../problem/problem.js';
import type { DraftPolicy } from '../draft/draft.js';
import type { Place } from '../yaml/yaml-values.js';
import type { Rule } from './rule.js';

/** Accepted drift and memberships end on a date that exists. */
export const datesExist: Rule = {
  rule: 'until is a day of the calendar, or a time on one',
  check: ({ policy, roles }) => {
    const ofMembers = [...roles.values()].flatMap(({ members }) =>
      (members?.layers ?? [])
        .flatMap(({ users }) => users ?? [])
        .flatMap(({ until, untilAt }) => unrealDay(until, untilAt)),
    );
    return [...ofMembers, ...impossibleDriftDates(policy)];
  },
};

/** Reports ends of accepted drift on dates that do not exist. */
export function impossibleDriftDates({ acceptedDrift }: DraftPolicy): Problem[] {
  return acceptedDrift.flatMap(({ until }) => unrealDay(until?.value ?? null, until?.at ?? null));
}

function unrealDay(until: string | null, at: Place | null): Problem[] {
  // The schema reports other formats.
  if (until === null || !isUntilForm(until) || isUntil(until)) return [];
  const what = until.includes(':') ? 'time on a calendar date' : 'calendar date';
  return [problem('bad-date', `${shownName(until)} is not a ${what}`, { where: at })];
}
