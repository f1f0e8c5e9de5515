import { isUntil, isUntilForm } from '../../model/until.js';
import { problem } from '../../problem/problem.js';
import { named, type Rule } from './rule.js';

/** Accepted drift ends on a day, or at a time, that exists. */
export const daysAreReal: Rule = {
  rule: 'until is a day of the calendar, or a time on one',
  check: (draft) =>
    draft.policy.acceptedDrift.flatMap(({ until }) => {
      // The schema reports a text of another form.
      if (!until || !isUntilForm(until.value) || isUntil(until.value)) return [];
      const what = until.value.includes(':') ? 'time on a calendar date' : 'calendar date';
      return [problem('bad-date', `${named(until.value)} is not a ${what}`, { where: until.at })];
    }),
};
