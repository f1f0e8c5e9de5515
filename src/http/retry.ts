/** The input of the delay before the next try. Times are in milliseconds. */
interface RetryCase {
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
 * The delay before the next try, in milliseconds: the server's `Retry-After`, else exponential backoff with random
 * jitter between half and all of it, so that many clients do not retry at the same moment.
 */
export function retryDelay(retry: RetryCase): number {
  const requested = parseRetryAfter(retry.retryAfter, retry.now);
  if (requested !== null) return requested;
  const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(retry.attempt - 1, 20));
  return Math.round(longest * (0.5 + retry.random / 2));
}

/** `Retry-After` in milliseconds from `now`: whole seconds or an HTTP date, never negative; null for anything else. */
export function parseRetryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // Date.parse also accepts texts such as `-5` and `1.5`; an HTTP date begins with a weekday.
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
