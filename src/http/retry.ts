/** What decides the wait before the next try. Times are milliseconds. */
export interface RetryCase {
  /** Tries so far, from 1. */
  attempt: number;
  /** The `Retry-After` header, if the server sent one. */
  retryAfter: string | null;
  /** Epoch milliseconds. */
  now: number;
  /** From 0 to 1. */
  random: number;
}

const FIRST_WAIT = 300;
const LONGEST_WAIT = 20_000;

/**
 * How long to wait before the next try, in milliseconds: what the server asks for, else twice as long
 * each time, at random between half of it and all, so that many clients do not come back at once.
 */
export function retryDelay(retry: RetryCase): number {
  const asked = parseRetryAfter(retry.retryAfter, retry.now);
  if (asked !== null) return asked;
  const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(retry.attempt - 1, 20));
  return Math.round(longest * (0.5 + retry.random / 2));
}

/** `Retry-After` in milliseconds from now: whole seconds or an HTTP date, never negative; null where it makes no sense. */
export function parseRetryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // Date.parse takes many things for dates, `-5` and `1.5` among them; a date of HTTP begins with its weekday.
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
