import { problem } from '../problem/problem.js';
import type { RouteContext, RouteErrorClass } from './errors.js';

/** An id as callers have it: a number, or the same as text, as `getDefaultRole` and many clients give it. */
export type RoleId = number | string;

/** Id of a person; in the same two forms. */
export type UserId = number | string;

/** Whose mistake a wrong id is. */
interface Raising {
  raises: RouteErrorClass;
  context: RouteContext;
}

/** The id as a number. Raises the route's error for all that is no whole number above zero. */
export function roleIdIn(id: RoleId, what: string, { raises, context }: Raising): number {
  const value = typeof id === 'string' && /^[1-9]\d{0,15}$/u.test(id) ? Number(id) : id;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  const shown = typeof id === 'string' ? JSON.stringify(id.slice(0, 40)) : String(id);
  const message = `${shown} is not a ${what}; nothing was sent`;
  const hint = 'an id is a whole number above zero, or the same as text';
  throw new raises({ ...context, status: null, message, sent: false }, [problem('usage', message, { hint })]);
}
