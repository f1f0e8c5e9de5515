import { problem } from '../../problem/problem.js';
import { named, type Rule } from './rule.js';

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/u;

/** Is this text a day of the calendar, `YYYY-MM-DD`? */
export function isDay(text: string): boolean {
  const [, year, month, day] = (DAY.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (days[month - 1] ?? 0);
}

/** Accepted drift ends on a day that exists. */
export const daysAreReal: Rule = {
  rule: 'until is a day of the calendar',
  check: (draft) =>
    draft.policy.acceptedDrift.flatMap(({ until }) => {
      // What does not even look like a day has been told by the schema.
      if (!until || !DAY.test(until.value) || isDay(until.value)) return [];
      return [problem('bad-date', `${named(until.value)} is no day of the calendar`, { where: until.at })];
    }),
};
