import { isUntil, isUntilForm } from '../../model/until.js';
import { problem } from '../../problem/problem.js';
import { named, type Rule } from './rule.js';

/** Accepted drift and memberships end on a day, or at a time, that exists. */
export const daysAreReal: Rule = {
  rule: 'until is a day of the calendar, or a time on one',
  check: ({ policy, roles }) => {
    const ofMembers = [...roles.values()].flatMap(({ members }) =>
      (members?.users ?? []).map(({ until, untilAt }) => ({ until, at: untilAt })),
    );
    const ofDrift = policy.acceptedDrift.map(({ until }) => ({
      until: until?.value ?? null,
      at: until?.at ?? null,
    }));
    return [...ofMembers, ...ofDrift].flatMap(({ until, at }) => {
      // The schema reports a text of another form.
      if (until === null || !isUntilForm(until) || isUntil(until)) return [];
      const what = until.includes(':') ? 'time on a calendar date' : 'calendar date';
      return [problem('bad-date', `${named(until)} is not a ${what}`, { where: at })];
    });
  },
};
