/** A day, or a time with a zone (RFC 3339). */
const FORM = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:Z|[+-](\d{2}):(\d{2})))?$/iu;

/** Days of each month, without leap years. */
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Does this text have the form of a day or of a time with a zone? */
export function isUntilForm(text: string): boolean {
  return FORM.test(text);
}

/** Is it a day of the calendar, `YYYY-MM-DD`, or a time with a zone on such a day? */
export function isUntil(text: string): boolean {
  const parts = FORM.exec(text)
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  if (!parts) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] =
    parts;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const last = month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
  const isTime = hour < 24 && minute < 60 && second < 60 && zoneHour < 24 && zoneMinute < 60;
  return day >= 1 && day <= last && isTime;
}

const DAY = 86_400_000;

/** When `until` ends, in epoch milliseconds. A day lasts to its end, UTC; a time ends at that moment. */
export function endOf(until: string): number {
  const start = Date.parse(until.toUpperCase());
  return until.includes(':') ? start : start + DAY;
}

/** Has `until` passed at `now`? */
export function hasPassed(until: string, now: string): boolean {
  return Date.parse(now) >= endOf(until);
}

/** The day, UTC, on which `until` ends, as `YYYY-MM-DD`. */
export function dayOf(until: string): string {
  const end = endOf(until);
  return new Date(until.includes(':') ? end : end - DAY).toISOString().slice(0, 10);
}

/** How many days from the day of `now`, UTC, to the day on which `until` ends. */
export function daysUntil(until: string, now: string): number {
  return (Date.parse(dayOf(until)) - Math.floor(Date.parse(now) / DAY) * DAY) / DAY;
}
